import { resources, type WatchEvent } from '@scalelab/kube';
import type { ClusterApi } from './cluster-api';
import type { Deployment } from './objects';

/** Every number of replicas that the Deployments of a namespace are given, in order, from now on. */
export class ReplicaHistory {
  private readonly seen = new Map<string, number[]>();
  private readonly stopped = new AbortController();
  private readonly ended: Promise<void>;

  private constructor(events: AsyncIterable<WatchEvent<Deployment>>) {
    this.ended = this.follow(events);
  }

  static async start(api: ClusterApi, namespace: string): Promise<ReplicaHistory> {
    const { items, resourceVersion } = await api.client.list<Deployment>(resources.Deployment, { namespace });
    const stopped = new AbortController();
    const { signal } = stopped;
    const history = new ReplicaHistory(
      api.client.watch<Deployment>(resources.Deployment, { namespace, resourceVersion, signal }),
    );
    history.stopped.signal.addEventListener('abort', () => stopped.abort());
    for (const deployment of items) history.note(deployment);
    return history;
  }

  /** @returns the numbers of each Deployment, each once for as long as it held */
  async stop(): Promise<Readonly<Record<string, readonly number[]>>> {
    this.stopped.abort();
    await this.ended;
    return Object.fromEntries(this.seen);
  }

  private async follow(events: AsyncIterable<WatchEvent<Deployment>>): Promise<void> {
    for await (const event of events) {
      if (event.type === 'ERROR') throw new Error(`the watch broke off: ${event.status.message}`);
      if (event.type !== 'BOOKMARK') this.note(event.object);
    }
  }

  private note({ metadata, spec }: Deployment): void {
    const numbers = this.seen.get(metadata.name) ?? [];
    if (numbers.at(-1) !== spec.replicas) numbers.push(spec.replicas);
    this.seen.set(metadata.name, numbers);
  }
}

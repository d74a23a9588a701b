import { resources, type WatchEvent } from '@scalelab/kube';
import type { ClusterApi } from './cluster-api';
import type { Deployment } from './objects';

/** Every number of replicas that the Deployments of a namespace are given, in order. */
export class ReplicaHistory {
  private readonly seen = new Map<string, number[]>();

  /** @returns the numbers that each Deployment was given while `work` went on, each once for as long as it held */
  static async during(
    api: ClusterApi,
    namespace: string,
    work: () => Promise<void>,
  ): Promise<Readonly<Record<string, readonly number[]>>> {
    const { items, resourceVersion } = await api.client.list<Deployment>(resources.Deployment, { namespace });
    const stopped = new AbortController();
    const { signal } = stopped;
    const history = new ReplicaHistory();
    for (const deployment of items) history.note(deployment);
    const followed = history.follow(
      api.client.watch<Deployment>(resources.Deployment, { namespace, resourceVersion, signal }),
    );
    // Told below; not to be taken for unhandled until then.
    followed.catch(() => undefined);
    try {
      await work();
    } finally {
      stopped.abort();
      await followed;
    }
    return Object.fromEntries(history.seen);
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

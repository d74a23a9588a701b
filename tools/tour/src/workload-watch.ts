import { Informer, type KubeClient, type KubeObject, resources, type Scheduler } from '@scalelab/kube';
import type { Observation } from './evidence';

interface Deployment extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** Watches every Deployment through the API and keeps what it saw: the tour's own eyes, independent of the lab's recording. */
export class WorkloadWatch {
  private readonly informer: Informer<Deployment>;
  private readonly seen = new Map<string, Observation[]>();
  private readonly waiting = new Set<() => void>();

  constructor(
    client: KubeClient,
    scheduler: Scheduler,
    private readonly seconds: () => number,
  ) {
    this.informer = new Informer<Deployment>({ client, type: resources.Deployment, scheduler });
    const note = (object: Deployment) => this.note(object);
    this.informer.on({ added: note, updated: note });
  }

  /** Watches until the signal aborts. Resolves when everything present has been seen. */
  async start(signal: AbortSignal): Promise<void> {
    this.informer.start(signal);
    await this.informer.synced();
  }

  observations(namespace: string, name: string): readonly Observation[] {
    return this.seen.get(`${namespace}/${name}`) ?? [];
  }

  latest(namespace: string, name: string): Observation | undefined {
    return this.observations(namespace, name).at(-1);
  }

  /** Resolves to true once every Deployment has as many ready pods as it wants, to false when the time is over. */
  async settled(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const holds = () =>
      this.seen.size > 0 &&
      [...this.seen.values()].every((list) => list.at(-1)?.ready === list.at(-1)?.replicas);
    return this.wait(holds, timeoutMs, signal);
  }

  /** Resolves to true once the condition holds, to false when `timeoutMs` is over or the signal aborts. */
  async until(
    namespace: string,
    name: string,
    holds: (now: Observation) => boolean,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const now = () => this.latest(namespace, name);
    return this.wait(() => now() !== undefined && holds(now() as Observation), timeoutMs, signal);
  }

  private async wait(holds: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const done = Promise.withResolvers<boolean>();
    const look = () => {
      if (holds()) done.resolve(true);
    };
    const end = () => done.resolve(false);
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    this.waiting.add(look);
    look();
    if (signal.aborted) end();
    try {
      return await done.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      this.waiting.delete(look);
    }
  }

  private note(object: Deployment): void {
    const { namespace = '', name } = object.metadata;
    const key = `${namespace}/${name}`;
    const list = this.seen.get(key) ?? [];
    this.seen.set(key, list);
    const now = {
      t: this.seconds(),
      replicas: object.spec?.replicas ?? 1,
      ready: object.status?.readyReplicas ?? 0,
    };
    const last = list.at(-1);
    if (!last || last.replicas !== now.replicas || last.ready !== now.ready) list.push(now);
    for (const look of this.waiting) look();
  }
}

import { Informer } from './informer';
import type { KubeClient, KubeObject, ResourceType } from './port';
import { groupResource } from './resources';
import type { Scheduler } from './scheduler';

export interface InformerSetOptions {
  readonly client: KubeClient;
  readonly scheduler: Scheduler;
  readonly onError?: (type: ResourceType, error: unknown) => void;
}

/** One informer a type, shared by all controllers of a process. */
export class InformerSet {
  private readonly informers = new Map<string, Informer>();
  private signal: AbortSignal | undefined;

  constructor(private readonly options: InformerSetOptions) {}

  /** The informer of a type in all namespaces; made, and when the set runs started, at the first call. */
  of<T extends KubeObject = KubeObject>(type: ResourceType): Informer<T> {
    const key = groupResource(type);
    let informer = this.informers.get(key);
    if (informer === undefined) {
      const { client, scheduler, onError } = this.options;
      informer = new Informer({
        client,
        scheduler,
        type,
        ...(onError === undefined ? {} : { onError: (error: unknown) => onError(type, error) }),
      });
      this.informers.set(key, informer);
      if (this.signal !== undefined) informer.start(this.signal);
    }
    // The objects of one type have one shape; the set only files them under their type.
    return informer as unknown as Informer<T>;
  }

  start(signal: AbortSignal): void {
    this.signal = signal;
    for (const informer of this.informers.values()) informer.start(signal);
  }

  /** Resolves when every informer asked for so far has its first list. */
  async synced(): Promise<void> {
    await Promise.all([...this.informers.values()].map((informer) => informer.synced()));
  }
}

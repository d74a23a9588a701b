import {
  apiTime,
  isNotFound,
  resources,
  type CancelWake,
  type KubeClient,
  type KubeObject,
  type Scheduler,
} from '@scalelab/kube';

export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly scheduler: Scheduler;
  /** Events are deleted after this, ms, counted from their last repetition. Default one hour, as Kubernetes does. */
  readonly keepMs?: number;
  /** Told of an event that could not be written; events are best effort. */
  readonly onError?: (error: unknown) => void;
}

/** Who speaks: `deployment-controller`, `horizontal-pod-autoscaler`, ... */
export type EventSource = string;

interface Written {
  readonly namespace: string;
  readonly name: string;
  count: number;
  expiry: CancelWake;
}

/** Writes v1 Events about objects. The same words about the same object raise a count instead of making another event. */
export class EventRecorder {
  private readonly written = new Map<string, Written>();
  /** Writes in their order, one after the other: a repetition must find what it repeats. */
  private last: Promise<void> = Promise.resolve();
  private sequence = 0;

  constructor(private readonly options: EventRecorderOptions) {}

  record(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    source: EventSource,
  ): void {
    const now = this.options.scheduler.now();
    this.last = this.last
      .then(() => this.write(about, type, reason, message, source, now))
      .catch((error: unknown) => this.options.onError?.(error));
  }

  /** Resolves when everything recorded so far is written. */
  flushed(): Promise<void> {
    return this.last;
  }

  stop(): void {
    for (const { expiry } of this.written.values()) expiry();
  }

  private async write(
    about: KubeObject,
    type: string,
    reason: string,
    message: string,
    source: EventSource,
    nowMs: number,
  ): Promise<void> {
    const key = [about.metadata.uid, type, reason, message, source].join('\n');
    const known = this.written.get(key);
    const time = apiTime(nowMs);
    if (known !== undefined) {
      known.count++;
      known.expiry();
      known.expiry = this.expire(key, known, nowMs);
      try {
        const repeated = { count: known.count, lastTimestamp: time };
        await this.options.client.patch(resources.Event, known.namespace, known.name, repeated);
        return;
      } catch (error) {
        if (!isNotFound(error)) throw error;
        this.forget(key);
      }
    }
    const namespace = about.metadata.namespace ?? 'default';
    const name = `${about.metadata.name}.${nowMs.toString(16)}${(this.sequence++).toString(16).padStart(4, '0')}`;
    const entry: Written = { namespace, name, count: 1, expiry: () => undefined };
    await this.options.client.create(resources.Event, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name: about.metadata.name,
        ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
        uid: about.metadata.uid,
        resourceVersion: about.metadata.resourceVersion,
      },
      type,
      reason,
      message,
      source: { component: source },
      reportingComponent: source,
      reportingInstance: '',
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    });
    entry.expiry = this.expire(key, entry, nowMs);
    this.written.set(key, entry);
  }

  private expire(key: string, { namespace, name }: Written, nowMs: number): CancelWake {
    return this.options.scheduler.wakeAt(nowMs + (this.options.keepMs ?? 3_600_000), () => {
      this.forget(key);
      this.options.client.delete(resources.Event, namespace, name).catch((error: unknown) => {
        if (!isNotFound(error)) this.options.onError?.(error);
      });
    });
  }

  private forget(key: string): void {
    this.written.get(key)?.expiry();
    this.written.delete(key);
  }
}

import { randomBytes } from 'node:crypto';
import { resources, type KubeClient, type Scheduler } from '@scalelab/kube';
import type { Pod } from '@scalelab/manifests';
import { timestamp } from './timestamp';

interface Known {
  readonly name: string;
  count: number;
}

/** Tells of one pod's life as `v1` Events; the same thing said again raises the count of the first. */
export class PodEvents {
  private readonly known = new Map<string, Known>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: KubeClient,
    private readonly scheduler: Scheduler,
    private readonly nodeName: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  normal(pod: Pod, reason: string, message: string, container?: string): void {
    this.tell('Normal', pod, reason, message, container);
  }

  warning(pod: Pod, reason: string, message: string, container?: string): void {
    this.tell('Warning', pod, reason, message, container);
  }

  /** Resolves when everything told so far is written or given up. */
  settled(): Promise<unknown> {
    return this.last;
  }

  private tell(type: string, pod: Pod, reason: string, message: string, container?: string): void {
    // One after the other, so that a repeat finds the first.
    this.last = this.last.then(() => this.write(type, pod, reason, message, container)).catch(this.onError);
  }

  private async write(
    type: string,
    pod: Pod,
    reason: string,
    message: string,
    container = '',
  ): Promise<void> {
    const namespace = pod.metadata.namespace ?? 'default';
    const key = [reason, container, message].join('\0');
    const now = timestamp(this.scheduler.now());
    const known = this.known.get(key);
    if (known) {
      known.count += 1;
      await this.client.patch(resources.Event, namespace, known.name, {
        count: known.count,
        lastTimestamp: now,
      });
      return;
    }
    const name = `${pod.metadata.name}.${randomBytes(8).toString('hex')}`;
    this.known.set(key, { name, count: 1 });
    await this.client.create(resources.Event, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace,
        name: pod.metadata.name,
        uid: pod.metadata.uid,
        ...(container === '' ? {} : { fieldPath: `spec.containers{${container}}` }),
      },
      type,
      reason,
      message,
      source: { component: 'kubelet', host: this.nodeName },
      reportingComponent: 'kubelet',
      reportingInstance: this.nodeName,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  }
}

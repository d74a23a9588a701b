import {
  apiTime,
  isNotFound,
  resources,
  type InformerSet,
  type KubeClient,
  type Scheduler,
} from '@scalelab/kube';
import type { Pod } from '@scalelab/manifests';

export interface FakeKubeletOptions {
  /** From binding to ready, ms. Default 1,000. */
  readonly readyAfterMs?: number;
  /** From the request to stop to the end of the process, ms. Default 500. */
  readonly stopAfterMs?: number;
  /** Pods of these names or name prefixes never become ready. */
  readonly neverReady?: (pod: Pod) => boolean;
}

/** Plays the node: binds pods, marks them ready, and takes stopped ones away. All on the scheduler's time. */
export class FakeKubelet {
  readonly started: string[] = [];

  constructor(
    private readonly client: KubeClient,
    informers: InformerSet,
    private readonly scheduler: Scheduler,
    private readonly options: FakeKubeletOptions = {},
  ) {
    informers.of<Pod>(resources.Pod).on({
      added: (pod) => this.start(pod),
      updated: (pod, old) => {
        if (pod.metadata.deletionTimestamp !== undefined && old.metadata.deletionTimestamp === undefined)
          this.stop(pod);
      },
    });
  }

  /** Ends the process: what a container's exit makes of a pod that is never restarted. */
  async finish(name: string, namespace: string, phase: 'Succeeded' | 'Failed'): Promise<void> {
    await this.setStatus(name, namespace, { phase, conditions: [this.ready('False')] });
  }

  async setReady(name: string, namespace: string, ready: boolean): Promise<void> {
    await this.setStatus(name, namespace, {
      phase: 'Running',
      conditions: [this.ready(ready ? 'True' : 'False')],
    });
  }

  private start(pod: Pod): void {
    const { name, namespace = '' } = pod.metadata;
    this.started.push(name);
    void this.run(async () => {
      await this.client.patch(resources.Pod, namespace, name, { spec: { nodeName: 'lab' } });
    });
    this.later(this.options.readyAfterMs ?? 1000, async () => {
      const current = await this.client.get<Pod>(resources.Pod, namespace, name);
      if (current.metadata.uid !== pod.metadata.uid || current.metadata.deletionTimestamp !== undefined)
        return;
      const ready = !(this.options.neverReady?.(pod) ?? false);
      await this.setStatus(name, namespace, {
        phase: 'Running',
        podIP: `127.1.0.${this.started.indexOf(name) + 1}`,
        startTime: apiTime(this.scheduler.now()),
        conditions: [this.ready(ready ? 'True' : 'False')],
      });
    });
  }

  private stop(pod: Pod): void {
    const { name, namespace = '', uid = '' } = pod.metadata;
    this.later(this.options.stopAfterMs ?? 500, () =>
      this.client.delete(resources.Pod, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } }),
    );
  }

  private ready(status: string) {
    return { type: 'Ready', status, lastTransitionTime: apiTime(this.scheduler.now()) };
  }

  private setStatus(name: string, namespace: string, status: Pod['status']): Promise<unknown> {
    return this.client.patch(resources.Pod, namespace, name, { status }, { subresource: 'status' });
  }

  private later(ms: number, act: () => Promise<void>): void {
    this.scheduler.wakeAt(this.scheduler.now() + ms, () => void this.run(act));
  }

  private async run(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

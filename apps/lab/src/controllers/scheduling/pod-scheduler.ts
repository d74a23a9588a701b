import { apiTime, objectKey, resources, type Informer, type WorkQueue } from '@scalelab/kube';
import type { Node, Pod } from '@scalelab/manifests';
import { conditionOf } from '../condition';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { placePod } from './placement';

const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Binds pods to nodes that have room for their requests; the others stay Pending with the reason, and are tried again when room appears. */
export class PodScheduler implements Controller {
  readonly name = 'default-scheduler';
  readonly queue: WorkQueue;
  private readonly pods: Informer<Pod>;
  private readonly nodes: Informer<Node>;
  private readonly waiting = new Set<string>();

  constructor(private readonly context: ControllerContext) {
    // One at a time: each placement must see what the one before has taken.
    this.queue = controllerQueue(context, this.name, 1);
    this.pods = context.informers.of<Pod>(resources.Pod);
    this.nodes = context.informers.of<Node>(resources.Node);
    this.pods.addIndex('node', (pod) => (isFinished(pod) ? [] : [pod.spec.nodeName ?? '']));
    this.pods.on({
      added: (pod) => this.consider(pod),
      updated: (pod, old) => {
        this.consider(pod);
        if (isFinished(pod) && !isFinished(old)) this.retryWaiting();
      },
      deleted: (pod) => {
        this.waiting.delete(objectKey(pod));
        if (pod.spec.nodeName) this.retryWaiting();
      },
    });
    const retry = (): void => this.retryWaiting();
    this.nodes.on({ added: retry, updated: retry });
  }

  async reconcile(key: string): Promise<void> {
    const pod = this.pods.getByKey(key);
    if (pod === undefined || !this.isMine(pod)) {
      this.waiting.delete(key);
      return;
    }
    const placement = placePod(pod, this.nodes.list(), (node) => this.pods.byIndex('node', node));
    if ('node' in placement) await this.bind(key, pod, placement.node);
    else await this.refuse(key, pod, placement.unschedulable);
  }

  private isMine(pod: Pod): boolean {
    const scheduler = pod.spec.schedulerName ?? this.name;
    return (
      !pod.spec.nodeName &&
      pod.metadata.deletionTimestamp === undefined &&
      scheduler === this.name &&
      !isFinished(pod)
    );
  }

  private consider(pod: Pod): void {
    // A waiting pod is not looked at again for a change of its own status, only when room may have appeared.
    if (this.isMine(pod) && !this.waiting.has(objectKey(pod))) this.queue.add(objectKey(pod));
  }

  private retryWaiting(): void {
    for (const key of this.waiting) this.queue.add(key);
  }

  private async bind(key: string, pod: Pod, nodeName: string): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    await this.setScheduled(pod, { type: 'PodScheduled', status: 'True' });
    const patch = { metadata: { uid }, spec: { nodeName } };
    this.pods.observe(await this.context.client.patch<Pod>(resources.Pod, namespace, name, patch));
    this.waiting.delete(key);
    const message = `Successfully assigned ${key} to ${nodeName}`;
    this.context.events.record(pod, 'Normal', 'Scheduled', message, this.name);
  }

  private async refuse(key: string, pod: Pod, message: string): Promise<void> {
    this.waiting.add(key);
    await this.setScheduled(pod, { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message });
    this.context.events.record(pod, 'Warning', 'FailedScheduling', message, this.name);
  }

  private async setScheduled(
    pod: Pod,
    wanted: {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    },
  ): Promise<void> {
    const present = conditionOf(pod.status?.conditions, 'PodScheduled');
    if (present?.status === wanted.status && present.message === wanted.message) return;
    const lastTransitionTime =
      present?.status === wanted.status ? present.lastTransitionTime : apiTime(this.context.scheduler.now());
    const { namespace, name, uid } = pod.metadata;
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
    const status = { conditions: [...others, { ...wanted, lastTransitionTime }] };
    const patch = { metadata: { uid }, status };
    const options = { subresource: 'status' } as const;
    this.pods.observe(await this.context.client.patch<Pod>(resources.Pod, namespace, name, patch, options));
  }
}

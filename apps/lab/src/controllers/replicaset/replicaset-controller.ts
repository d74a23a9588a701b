import {
  sameJson,
  isNotFound,
  KubeApiError,
  labelSelectorMatcher,
  objectKey,
  resources,
  keyOf,
  type Informer,
  type WorkQueue,
} from '@scalelab/kube';
import type { Pod, ReplicaSet } from '@scalelab/manifests';
import { claimed } from '../claims';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { byController, controllerIndex, controllerOf } from '../owner';
import { availableAtMs, isActivePod } from '../pod-state';
import { podFromTemplate } from '../pod-template';
import { podsToDelete } from './deletion-order';
import { replicaSetStatus, type ReplicaFailure } from './replicaset-status';

/** Pods asked for in one go at most, as in Kubernetes. */
const burst = 500;

/** Keeps as many pods as each ReplicaSet wants. */
export class ReplicaSetController implements Controller {
  readonly name = 'replicaset-controller';
  readonly queue: WorkQueue;
  private readonly replicaSets: Informer<ReplicaSet>;
  private readonly pods: Informer<Pod>;
  /** Pods whose deletion was asked for but has not been seen yet; they must not be counted or chosen again. */
  private readonly goingAway = new Set<string>();

  constructor(private readonly context: ControllerContext) {
    this.queue = controllerQueue(context, this.name, 4);
    this.replicaSets = context.informers.of<ReplicaSet>(resources.ReplicaSet);
    this.pods = context.informers.of<Pod>(resources.Pod);
    this.pods.addIndex(controllerIndex, byController);
    this.replicaSets.on({
      added: (replicaSet) => this.queue.add(objectKey(replicaSet)),
      updated: (replicaSet) => this.queue.add(objectKey(replicaSet)),
    });
    this.pods.on({
      added: (pod) => this.podChanged(pod),
      updated: (pod, old) => {
        if (pod.metadata.deletionTimestamp !== undefined) this.goingAway.delete(pod.metadata.uid ?? '');
        this.podChanged(old);
        this.podChanged(pod);
      },
      deleted: (pod) => {
        this.goingAway.delete(pod.metadata.uid ?? '');
        this.podChanged(pod);
      },
    });
  }

  async reconcile(key: string): Promise<void> {
    const replicaSet = this.replicaSets.getByKey(key);
    if (replicaSet === undefined) return;
    const pods = await claimed(this.context.client, this.pods, replicaSet, replicaSet.spec.selector);
    const active = pods.filter((pod) => isActivePod(pod) && !this.goingAway.has(pod.metadata.uid ?? ''));
    const failure =
      replicaSet.metadata.deletionTimestamp === undefined ? await this.manage(replicaSet, active) : undefined;
    await this.writeStatus(key, replicaSet, active, failure);
    this.wakeWhenAvailable(key, replicaSet, active);
    if (failure !== undefined) throw failure.cause;
  }

  private podChanged(pod: Pod): void {
    const owner = controllerOf(pod);
    if (owner !== undefined) {
      if (owner.kind === 'ReplicaSet') this.queue.add(keyOf(pod.metadata.namespace, owner.name));
      return;
    }
    if (pod.metadata.deletionTimestamp !== undefined) return;
    for (const replicaSet of this.replicaSets.list(pod.metadata.namespace)) {
      if (labelSelectorMatcher(replicaSet.spec.selector)(pod.metadata.labels))
        this.queue.add(objectKey(replicaSet));
    }
  }

  private async manage(
    replicaSet: ReplicaSet,
    active: readonly Pod[],
  ): Promise<(ReplicaFailure & { readonly cause: unknown }) | undefined> {
    const missing = (replicaSet.spec.replicas ?? 1) - active.length;
    try {
      for (let i = 0; i < Math.min(missing, burst); i++) await this.createPod(replicaSet);
    } catch (cause) {
      return this.failed(replicaSet, 'FailedCreate', 'Error creating', cause);
    }
    try {
      const surplus = podsToDelete(active, Math.min(-missing, burst), this.context.scheduler.now());
      for (const pod of surplus) await this.deletePod(replicaSet, pod);
    } catch (cause) {
      return this.failed(replicaSet, 'FailedDelete', 'Error deleting', cause);
    }
    return undefined;
  }

  private async createPod(replicaSet: ReplicaSet): Promise<void> {
    const template = replicaSet.spec.template ?? {};
    const wanted = podFromTemplate(template, replicaSet, { generate: `${replicaSet.metadata.name}-` });
    const pod = await this.context.client.create<Pod>(resources.Pod, wanted);
    this.pods.observe(pod);
    this.tell(replicaSet, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }

  private async deletePod(replicaSet: ReplicaSet, pod: Pod): Promise<void> {
    const { namespace, name, uid = '' } = pod.metadata;
    this.goingAway.add(uid);
    try {
      await this.context.client.delete(resources.Pod, namespace, name, { preconditions: { uid } });
    } catch (error) {
      this.goingAway.delete(uid);
      if (!isNotFound(error)) throw error;
      return;
    }
    this.tell(replicaSet, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  }

  private failed(
    replicaSet: ReplicaSet,
    reason: ReplicaFailure['reason'],
    what: string,
    cause: unknown,
  ): ReplicaFailure & { readonly cause: unknown } {
    const message = cause instanceof KubeApiError ? cause.message : String(cause);
    this.tell(replicaSet, 'Warning', reason, `${what}: ${message}`);
    return { reason, message, cause };
  }

  private tell(replicaSet: ReplicaSet, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.events.record(replicaSet, type, reason, message, this.name);
  }

  private async writeStatus(
    key: string,
    replicaSet: ReplicaSet,
    active: readonly Pod[],
    failure: ReplicaFailure | undefined,
  ): Promise<void> {
    const reported = failure === undefined ? undefined : { reason: failure.reason, message: failure.message };
    const status = replicaSetStatus(replicaSet, active, reported, this.context.scheduler.now());
    if (sameJson(status, replicaSet.status)) return;
    const current = this.replicaSets.getByKey(key) ?? replicaSet;
    const written = await this.context.client.updateStatus<ReplicaSet>(resources.ReplicaSet, {
      ...current,
      status,
    });
    this.replicaSets.observe(written);
  }

  private wakeWhenAvailable(key: string, replicaSet: ReplicaSet, active: readonly Pod[]): void {
    const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
    if (minReadySeconds === 0) return;
    const now = this.context.scheduler.now();
    const due = active.map((pod) => availableAtMs(pod, minReadySeconds) ?? 0).filter((atMs) => atMs > now);
    if (due.length > 0) this.queue.addAt(key, Math.min(...due));
  }
}

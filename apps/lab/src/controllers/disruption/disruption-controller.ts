import {
  keyOf,
  labelSelectorMatcher,
  objectKey,
  resources,
  sameJson,
  type Informer,
  type WorkQueue,
} from '@scalelab/kube';
import type { Pod, PodDisruptionBudget, ReplicaSet } from '@scalelab/manifests';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { resolveIntOrPercent } from '../deployment/rolling-update';
import { controllerOf } from '../owner';
import { isActivePod, isReadyPod } from '../pod-state';

/** Says in the status of each PodDisruptionBudget how many pods may go. */
export class DisruptionController implements Controller {
  readonly name = 'disruption-controller';
  readonly queue: WorkQueue;
  private readonly budgets: Informer<PodDisruptionBudget>;
  private readonly pods: Informer<Pod>;
  private readonly replicaSets: Informer<ReplicaSet>;

  constructor(private readonly context: ControllerContext) {
    this.queue = controllerQueue(context, this.name);
    this.budgets = context.informers.of<PodDisruptionBudget>(resources.PodDisruptionBudget);
    this.pods = context.informers.of<Pod>(resources.Pod);
    this.replicaSets = context.informers.of<ReplicaSet>(resources.ReplicaSet);
    const enqueue = (budget: PodDisruptionBudget): void => this.queue.add(objectKey(budget));
    this.budgets.on({ added: enqueue, updated: enqueue });
    this.pods.on({
      added: (pod) => this.podChanged(pod),
      updated: (pod) => this.podChanged(pod),
      deleted: (pod) => this.podChanged(pod),
    });
  }

  async reconcile(key: string): Promise<void> {
    const budget = this.budgets.getByKey(key);
    if (budget === undefined || budget.metadata.deletionTimestamp !== undefined) return;
    const matches = labelSelectorMatcher(budget.spec?.selector);
    const pods = this.pods
      .list(budget.metadata.namespace)
      .filter((pod) => matches(pod.metadata.labels) && isActivePod(pod));
    const currentHealthy = pods.filter(isReadyPod).length;
    const { expectedPods, desiredHealthy } = this.expected(budget, pods);
    const disruptionsAllowed = Math.max(0, Math.min(currentHealthy - desiredHealthy, expectedPods));
    const status = {
      ...budget.status,
      currentHealthy,
      desiredHealthy,
      expectedPods,
      disruptionsAllowed,
      observedGeneration: budget.metadata.generation ?? 0,
    };
    if (sameJson(status, budget.status)) return;
    const written = { ...budget, status };
    this.budgets.observe(
      await this.context.client.updateStatus<PodDisruptionBudget>(resources.PodDisruptionBudget, written),
    );
  }

  private expected(
    { spec }: PodDisruptionBudget,
    pods: readonly Pod[],
  ): { readonly expectedPods: number; readonly desiredHealthy: number } {
    const { minAvailable, maxUnavailable } = spec ?? {};
    if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable };
    const expectedPods = this.wantedByOwners(pods);
    if (maxUnavailable !== undefined) {
      return {
        expectedPods,
        desiredHealthy: Math.max(0, expectedPods - resolveIntOrPercent(maxUnavailable, expectedPods, true)),
      };
    }
    return { expectedPods, desiredHealthy: resolveIntOrPercent(minAvailable ?? 1, expectedPods, true) };
  }

  /** Percentages are of what the pods' owners want, not of what happens to run. */
  private wantedByOwners(pods: readonly Pod[]): number {
    const owners = new Map<string, number>();
    let others = 0;
    for (const pod of pods) {
      const owner = controllerOf(pod);
      const replicaSet =
        owner?.kind === 'ReplicaSet' ? this.replicaSets.get(pod.metadata.namespace, owner.name) : undefined;
      if (owner === undefined || replicaSet === undefined) others++;
      else owners.set(owner.uid, replicaSet.spec.replicas ?? 1);
    }
    return [...owners.values()].reduce((total, count) => total + count, others);
  }

  private podChanged(pod: Pod): void {
    for (const budget of this.budgets.list(pod.metadata.namespace)) {
      if (labelSelectorMatcher(budget.spec?.selector)(pod.metadata.labels)) {
        this.queue.add(keyOf(budget.metadata.namespace, budget.metadata.name));
      }
    }
  }
}

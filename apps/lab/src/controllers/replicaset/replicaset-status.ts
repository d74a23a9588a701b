import { labelSelectorMatcher } from '@scalelab/kube';
import type { Pod, ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '@scalelab/manifests';
import { withCondition, withoutCondition } from '../condition';
import { isAvailablePod, isReadyPod } from '../pod-state';

/** A create or delete that was refused, for the ReplicaFailure condition. */
export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

/** The status that active pods give a ReplicaSet. */
export function replicaSetStatus(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  failure: ReplicaFailure | undefined,
  nowMs: number,
): ReplicaSetStatus {
  const templateLabels = replicaSet.spec.template?.metadata?.labels ?? {};
  const fullyLabeled = labelSelectorMatcher({ matchLabels: templateLabels });
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const present = replicaSet.status?.conditions;
  const conditions: readonly ReplicaSetCondition[] =
    failure === undefined
      ? withoutCondition(present, 'ReplicaFailure')
      : withFailure(present ?? [], failure, nowMs);
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) => fullyLabeled(pod.metadata.labels)).length,
    readyReplicas: pods.filter(isReadyPod).length,
    availableReplicas: pods.filter((pod) => isAvailablePod(pod, minReadySeconds, nowMs)).length,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

/** The first message stays: later ones name other pods, and a status that changes at each attempt would be the cause of the next. */
function withFailure(
  present: readonly ReplicaSetCondition[],
  failure: ReplicaFailure,
  nowMs: number,
): readonly ReplicaSetCondition[] {
  const known = present.some(({ type, reason }) => type === 'ReplicaFailure' && reason === failure.reason);
  return known
    ? present
    : withCondition(present, { type: 'ReplicaFailure', status: 'True', ...failure }, nowMs);
}

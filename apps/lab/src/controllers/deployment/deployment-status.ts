import { apiTime, timeMs } from '@scalelab/kube';
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '@scalelab/manifests';
import { conditionOf, withCondition, withoutCondition } from '../condition';
import { rolloutLimits, wantedReplicas } from './rolling-update';

/** spec.progressDeadlineSeconds when absent. */
const defaultDeadlineSeconds = 600;
const noDeadlineSeconds = 2 ** 31 - 1;

const sum = (
  sets: readonly ReplicaSet[],
  of: (status: NonNullable<ReplicaSet['status']>) => number | undefined,
): number => sets.reduce((total, { status }) => total + (status === undefined ? 0 : (of(status) ?? 0)), 0);

/** Everything in the status but Progressing, whose history matters. */
function counted(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const replicas = sum(owned, (status) => status.replicas);
  const availableReplicas = sum(owned, (status) => status.availableReplicas);
  const { collisionCount, conditions } = deployment.status ?? {};
  const enough = availableReplicas >= wantedReplicas(deployment) - rolloutLimits(deployment).maxUnavailable;
  const available: DeploymentCondition = enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
  const members = {
    replicas,
    updatedReplicas: fresh === undefined ? 0 : sum([fresh], (status) => status.replicas),
    readyReplicas: sum(owned, (status) => status.readyReplicas),
    availableReplicas,
    unavailableReplicas: Math.max(0, replicas - availableReplicas),
  };
  const shown = Object.entries(members).filter(([, count]) => count !== 0);
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...Object.fromEntries(shown),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: setCondition(conditions, available, nowMs),
  };
}

/** As the deployment controller does: an unchanged status and reason keep the whole old condition. */
function setCondition(
  conditions: readonly DeploymentCondition[] | undefined,
  wanted: DeploymentCondition,
  nowMs: number,
): readonly DeploymentCondition[] {
  const present = conditionOf(conditions, wanted.type);
  if (present?.status === wanted.status && present.reason === wanted.reason) return conditions ?? [];
  return withCondition(conditions, { ...wanted, lastUpdateTime: apiTime(nowMs) }, nowMs);
}

/** All wanted pods are of the present template and available, and no other is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function hasMoved(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** When a rollout that shows no progress counts as failed, epoch ms; undefined while nothing is waited for. */
export function progressDeadlineMs(deployment: Deployment, status: DeploymentStatus): number | undefined {
  const deadline = deployment.spec.progressDeadlineSeconds ?? defaultDeadlineSeconds;
  const progressing = conditionOf(status.conditions, 'Progressing');
  if (deadline === noDeadlineSeconds || deployment.spec.paused || progressing === undefined) return undefined;
  if (progressing.reason === 'NewReplicaSetAvailable' || progressing.status === 'False') return undefined;
  const since = timeMs(progressing.lastUpdateTime ?? progressing.lastTransitionTime);
  return Number.isNaN(since) ? undefined : since + deadline * 1000;
}

/** The status of a Deployment whose ReplicaSets stand as they do. */
export function deploymentStatus(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const before = deployment.status ?? {};
  const status = counted(deployment, owned, fresh, nowMs);
  const hasDeadline =
    (deployment.spec.progressDeadlineSeconds ?? defaultDeadlineSeconds) !== noDeadlineSeconds;
  const settled =
    status.replicas === status.updatedReplicas &&
    conditionOf(before.conditions, 'Progressing')?.reason === 'NewReplicaSetAvailable';
  const progressing =
    hasDeadline && !deployment.spec.paused && !settled
      ? progressOf(deployment, before, status, fresh, nowMs)
      : undefined;
  const conditions = hasDeadline
    ? progressing === undefined
      ? status.conditions
      : withProgress(status.conditions, progressing, nowMs)
    : withoutCondition(status.conditions, 'Progressing');
  const failure = owned
    .map((replicaSet) => conditionOf(replicaSet.status?.conditions, 'ReplicaFailure'))
    .find((condition) => condition?.status === 'True');
  return {
    ...status,
    conditions:
      failure === undefined
        ? withoutCondition(conditions, 'ReplicaFailure')
        : setCondition(conditions, { ...failure, type: 'ReplicaFailure' }, nowMs),
  };
}

/** Progress renews lastUpdateTime even where status and reason stay: the deadline counts from it. */
function withProgress(
  conditions: readonly DeploymentCondition[] | undefined,
  wanted: DeploymentCondition,
  nowMs: number,
): readonly DeploymentCondition[] {
  const renewed =
    wanted.reason === 'ReplicaSetUpdated' ? { ...wanted, lastUpdateTime: apiTime(nowMs) } : wanted;
  return renewed === wanted
    ? setCondition(conditions, wanted, nowMs)
    : withCondition(conditions, renewed, nowMs);
}

function progressOf(
  deployment: Deployment,
  before: DeploymentStatus,
  status: DeploymentStatus,
  fresh: ReplicaSet | undefined,
  nowMs: number,
): DeploymentCondition | undefined {
  const what =
    fresh === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${fresh.metadata.name}"`;
  const condition = (conditionStatus: string, reason: string, message: string): DeploymentCondition => ({
    type: 'Progressing',
    status: conditionStatus,
    reason,
    message,
  });
  if (isComplete(deployment, status)) {
    return condition('True', 'NewReplicaSetAvailable', `${what} has successfully progressed.`);
  }
  if (hasMoved(before, status)) return condition('True', 'ReplicaSetUpdated', `${what} is progressing.`);
  const deadlineMs = progressDeadlineMs(deployment, before);
  if (deadlineMs !== undefined && nowMs >= deadlineMs) {
    return condition('False', 'ProgressDeadlineExceeded', `${what} has timed out progressing.`);
  }
  return undefined;
}

/** The Progressing condition when a ReplicaSet is made or found for the template; present ones stay. */
export function withRolloutStarted(
  deployment: Deployment,
  fresh: ReplicaSet,
  created: boolean,
  nowMs: number,
): Deployment {
  if (!created && conditionOf(deployment.status?.conditions, 'Progressing') !== undefined) return deployment;
  const wanted: DeploymentCondition = {
    type: 'Progressing',
    status: 'True',
    reason: created ? 'NewReplicaSetCreated' : 'FoundNewReplicaSet',
    message: created
      ? `Created new replica set "${fresh.metadata.name}"`
      : `Found new replica set "${fresh.metadata.name}"`,
  };
  const conditions = setCondition(deployment.status?.conditions, wanted, nowMs);
  return { ...deployment, status: { ...deployment.status, conditions } };
}

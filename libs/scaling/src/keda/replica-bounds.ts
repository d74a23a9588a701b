import { type ScaledObjectSpec } from './scaled-object';

export const defaultMaxReplicas = 100;

/** minReplicas of the HPA: never below 1. */
export const hpaMinReplicas = (spec: ScaledObjectSpec): number =>
  spec.minReplicaCount !== undefined && spec.minReplicaCount > 0 ? spec.minReplicaCount : 1;

export const hpaMaxReplicas = (spec: ScaledObjectSpec): number => spec.maxReplicaCount ?? defaultMaxReplicas;

/** What is wrong with idle, min and max, undefined when nothing is. A given min of 0 counts as 1 here. */
export function replicaBoundsError(spec: ScaledObjectSpec): string | undefined {
  const min = spec.minReplicaCount === undefined ? 0 : hpaMinReplicas(spec);
  const max = hpaMaxReplicas(spec);
  if (min > max) return `MinReplicaCount=${min} must be less than MaxReplicaCount=${max}`;
  const idle = spec.idleReplicaCount;
  return idle !== undefined && idle >= min
    ? `IdleReplicaCount=${idle} must be less than MinReplicaCount=${min}`
    : undefined;
}

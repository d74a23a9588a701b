import { type TriggerManifest } from '../trigger/trigger';
import { type KedaCondition, type KedaObjectMeta } from './scaled-object';

export interface ScalingStrategy {
  /** default, custom, accurate or eager; anything else is default. */
  readonly strategy?: string;
  readonly customScalingQueueLengthDeduction?: number;
  readonly customScalingRunningJobPercentage?: string;
  /** Pod conditions that must all be true before a Job stops counting as pending. Default: its pod runs or has succeeded. */
  readonly pendingPodConditions?: readonly string[];
  /** max (default), min, avg or sum over several triggers. */
  readonly multipleScalersCalculation?: string;
}

export interface ScaledJobSpec {
  readonly jobTargetRef?: unknown;
  /** Seconds between checks. Default 30. */
  readonly pollingInterval?: number;
  /** Default 100. */
  readonly successfulJobsHistoryLimit?: number;
  /** Default 100. */
  readonly failedJobsHistoryLimit?: number;
  /** Old form of `rollout.strategy`. */
  readonly rolloutStrategy?: string;
  readonly rollout?: { readonly strategy?: string; readonly propagationPolicy?: string };
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
  readonly scalingStrategy?: ScalingStrategy;
  readonly triggers: readonly TriggerManifest[];
}

export interface ScaledJobStatus {
  readonly lastActiveTime?: string;
  readonly conditions?: readonly KedaCondition[];
  readonly triggersTypes?: string;
  readonly authenticationsTypes?: string;
  readonly externalMetricNames?: readonly string[];
  readonly triggersActivity?: Readonly<Record<string, { readonly isActive: boolean }>>;
}

export interface ScaledJob {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: KedaObjectMeta;
  readonly spec: ScaledJobSpec;
  readonly status?: ScaledJobStatus;
}

const defaultMax = 100;

/** min, but never above a given max. */
export function minJobs({ minReplicaCount: min, maxReplicaCount: max }: ScaledJobSpec): number {
  return min === undefined ? 0 : max === undefined ? min : Math.min(min, max);
}

/** Jobs beyond the minimum. A max is lessened by min, unless min is above it; without a max it is 100. */
export function maxJobs(spec: ScaledJobSpec): number {
  const { minReplicaCount: min, maxReplicaCount: max } = spec;
  if (max === undefined) return defaultMax;
  return min !== undefined && min > max ? max : max - minJobs(spec);
}

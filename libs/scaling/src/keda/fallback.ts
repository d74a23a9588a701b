import { GoTextError, parseInt64 } from '../go/text';
import { parseQuantity, toNumber } from '../quantity/quantity';
import { type ExternalMetricValue, type TriggerMetricTarget } from '../trigger/metric-spec';
import { truncateToInt64 } from '../trigger/milli';
import { withCondition } from './conditions';
import { type WorkloadFacts } from './loop-types';
import { compositeMetric, scalingModifiersOf, usesModifiers } from './scaling-modifiers';
import { isTargetReadable } from './scale-target';
import { type ScaledObject, type ScaledObjectStatus, type TriggerHealth } from './scaled-object';
import { type TriggerTrace } from './trace';

/** What one trigger answered for one metric. */
export type MetricAnswer = { readonly metrics: readonly ExternalMetricValue[] } | { readonly error: string };

export interface FallbackOutcome {
  readonly metrics: readonly ExternalMetricValue[];
  readonly fallbackActive: boolean;
  readonly error?: string;
  readonly status: ScaledObjectStatus;
  readonly trace?: NonNullable<TriggerTrace['fallback']>;
}

/** Whether the fallback counts: its numbers are not negative, and beside a formula the target is a whole number above 0. */
export function hasValidFallback(object: ScaledObject): boolean {
  const { fallback } = object.spec;
  if (!fallback) return false;
  if ((fallback.failureThreshold ?? 0) < 0 || (fallback.replicas ?? 0) < 0) return false;
  if (!usesModifiers(object)) return true;
  return isPositiveInteger(scalingModifiersOf(object).target ?? '');
}

function isPositiveInteger(text: string): boolean {
  try {
    return parseInt64(text) > 0n;
  } catch (error) {
    if (error instanceof GoTextError) return false;
    throw error;
  }
}

/**
 * Counts failures of a metric in status.health and serves the fallback's value once they exceed the threshold. Polls and
 * requests of the HPA both count.
 */
export function serveWithFallback(
  object: ScaledObject,
  before: ScaledObjectStatus,
  metricName: string,
  target: TriggerMetricTarget,
  answer: MetricAnswer,
  workload: WorkloadFacts,
): FallbackOutcome {
  const failed = 'error' in answer;
  const failures = failed ? (before.health?.[metricName]?.numberOfFailures ?? 0) + 1 : 0;
  const health: TriggerHealth = { numberOfFailures: failures, status: failed ? 'Failing' : 'Happy' };
  const status = hasValidFallback(object) ? withHealth(object, before, metricName, health) : before;
  if (!failed) return { metrics: answer.metrics, fallbackActive: false, status };
  const refused = { metrics: [], fallbackActive: false, error: answer.error, status };
  const { fallback } = object.spec;
  if (!fallback || !hasValidFallback(object)) return refused;
  const threshold = fallback.failureThreshold ?? 0;
  const trace = { failures, threshold, served: false };
  if (failures <= threshold || !canCountReplicas(object, status, workload)) return { ...refused, trace };
  const metric = fallbackMetric(object, metricName, target, workload);
  if (!metric) return { ...refused, error: 'error performing fallback', trace };
  return { metrics: [metric], fallbackActive: true, status, trace: { ...trace, served: true } };
}

/** The condition looks at the status before this failure, so it lags one request behind. */
function withHealth(
  object: ScaledObject,
  before: ScaledObjectStatus,
  metricName: string,
  health: TriggerHealth,
): ScaledObjectStatus {
  const threshold = object.spec.fallback?.failureThreshold ?? 0;
  const exists = Object.values(before.health ?? {}).some(
    (entry) => entry.status === 'Failing' && entry.numberOfFailures > threshold,
  );
  const conditions = exists
    ? withCondition(
        before.conditions,
        'Fallback',
        'True',
        'FallbackExists',
        'At least one trigger is falling back on this scaled object',
      )
    : withCondition(
        before.conditions,
        'Fallback',
        'False',
        'NoFallbackFound',
        'No fallbacks are active on this scaled object',
      );
  return {
    ...before,
    health: { ...before.health, [metricName]: health },
    ...(conditions ? { conditions } : {}),
  };
}

/** All behaviors but an explicit "static" read the current replicas first, even if they do not use them. */
function canCountReplicas(
  object: ScaledObject,
  status: ScaledObjectStatus,
  workload: WorkloadFacts,
): boolean {
  if (object.spec.fallback?.behavior === 'static') return true;
  return isTargetReadable(object, status.scaleTargetGVKR, workload);
}

function fallbackReplicas(object: ScaledObject, current: number): number {
  const { replicas = 0, behavior } = object.spec.fallback ?? {};
  switch (behavior) {
    case 'currentReplicas':
      return current;
    case 'currentReplicasIfHigher':
      return Math.max(current, replicas);
    case 'currentReplicasIfLower':
      return Math.min(current, replicas);
    default:
      return replicas;
  }
}

/** The value that makes the HPA want the fallback's replicas; undefined when a Value target meets no ready pod. */
function fallbackMetric(
  object: ScaledObject,
  metricName: string,
  target: TriggerMetricTarget,
  workload: WorkloadFacts,
): ExternalMetricValue | undefined {
  const modifiers = usesModifiers(object);
  let replicas = fallbackReplicas(object, workload.replicas);
  if ((modifiers ? scalingModifiersOf(object).metricType : target.type) === 'Value') {
    const ready = workload.readyPods ?? 0;
    if (workload.scaleError === 'get' || workload.exists === false || ready === 0) return undefined;
    replicas /= ready;
  }
  const perReplica = modifiers ? Number(scalingModifiersOf(object).target) : targetValue(target);
  return {
    name: modifiers ? compositeMetric : metricName,
    valueMilli: truncateToInt64(perReplica * 1000 * replicas),
  };
}

function targetValue(target: TriggerMetricTarget): number {
  const text =
    target.type === 'AverageValue' ? target.averageValue : target.type === 'Value' ? target.value : undefined;
  return text === undefined ? 0 : toNumber(parseQuantity(text, 'target'));
}

import { addInt64, maxInt64, type Int64 } from '../quantity/int64';
import { parseMilli } from '../quantity/milli';
import { toInt32, toInt64 } from './go-conversion';
import type { HpaInput } from './input';
import { MetricFailure, type Proposal } from './metric-result';
import type { HpaPlan, MetricPlan, ScaleTarget } from './plan';
import { readyPods } from './pod-groups';
import type { HpaProfile } from './profile';
import { podsOf } from './pod-samples';
import { isWithin } from './tolerance';

const two63 = 2 ** 63;
const maxInt32 = 2147483647;

export interface WholeProposal extends Proposal {
  /** What the status shows: the value itself, or its average per replica. */
  readonly shown: Int64;
}

/** The values that external.metrics.k8s.io has for a metric, in milli-units. */
export function externalValues(
  input: HpaInput,
  { name, selector, selectorError }: MetricPlan,
  { namespace }: ScaleTarget,
): readonly Int64[] | MetricFailure {
  if (selectorError !== undefined) return new MetricFailure(selectorError);
  const prefix = `unable to get external metric ${namespace}/${name}/${selector}: `;
  const failed = input.metricErrors?.[name];
  if (failed !== undefined)
    return new MetricFailure(`${prefix}unable to fetch metrics from external metrics API: ${failed}`);
  const values = input.externalMetrics?.[name];
  if (values === undefined || values.length === 0)
    return new MetricFailure(`${prefix}no metrics returned from external metrics API`);
  return values.map((text) => parseMilli(text, `external metric ${name}`));
}

/** The value that custom.metrics.k8s.io has for an object, in milli-units. */
export function objectValue(
  input: HpaInput,
  metric: MetricPlan,
  { namespace }: ScaleTarget,
): Int64 | MetricFailure {
  const { name, object } = metric;
  const failed =
    input.metricErrors?.[name] ??
    (input.objectMetrics?.[name] === undefined
      ? `the server could not find the metric ${name} for ${object?.kind} ${object?.name}`
      : undefined);
  // The order of the words is the controller's own.
  if (failed !== undefined)
    return new MetricFailure(
      `unable to get metric ${name}: ${object?.kind} on ${namespace} ${object?.name}/unable to fetch metrics from custom metrics API: ${failed}`,
    );
  return parseMilli(input.objectMetrics?.[name] as string, `object metric ${name}`);
}

/** Sum with a Value target: int64, wrapping, or ending at its maximum where the version guards it. */
export function valueSum(values: readonly Int64[], { valueOverflowGuard }: HpaProfile): Int64 {
  let sum: Int64 = 0;
  for (const value of values) {
    if (valueOverflowGuard && value > 0 && BigInt(sum) > maxInt64 - BigInt(value)) return maxInt64;
    sum = addInt64(sum, value);
  }
  return sum;
}

/** Sum with an AverageValue target: where guarded, a sum below zero is taken for an overflow: the largest int64. */
export function averageSum(values: readonly Int64[], { averageOverflowGuard }: HpaProfile): Int64 {
  let sum: Int64 = 0;
  for (const value of values) {
    sum = addInt64(sum, value);
    if (averageOverflowGuard && sum < 0) return maxInt64;
  }
  return sum;
}

/** A Value target: the ratio times the ready pods; without replicas the ratio itself. */
export function valueProposal(
  usage: Int64,
  { target }: MetricPlan,
  input: HpaInput,
  { tolerances, profile }: HpaPlan,
): WholeProposal | MetricFailure {
  const ratio = Number(usage) / Number(target);
  const found = { value: usage, shown: usage, ratio };
  if (input.specReplicas === 0)
    return { ...found, base: 0, outcome: 'computed', proposal: toInt32(Math.ceil(ratio)) };
  if (isWithin(tolerances, ratio))
    return { ...found, base: input.specReplicas, outcome: 'held', proposal: input.specReplicas };
  const pods = podsOf(input);
  if (pods.length === 0)
    return new MetricFailure(
      'unable to calculate ready pods: no pods returned by selector while calculating replica count',
    );
  const ready = readyPods(pods);
  const product = ratio * ready;
  const capped = profile.valueOverflowGuard && product > maxInt32;
  return {
    ...found,
    base: ready,
    outcome: 'computed',
    proposal: capped ? maxInt32 : toInt32(Math.ceil(product)),
  };
}

/** An AverageValue target of an object or external metric: usage over target, unless status replicas are about right. */
export function averageProposal(
  usage: Int64,
  { target, type }: MetricPlan,
  input: HpaInput,
  { tolerances, profile }: HpaPlan,
): WholeProposal {
  const { statusReplicas } = input;
  const total = Number(usage);
  const perPod = Number(target);
  const ratio = total / (perPod * statusReplicas);
  const guarded = type === 'External' && profile.averageOverflowGuard;
  const shown = guarded && total >= two63 ? maxInt64 : toInt64(Math.ceil(total / statusReplicas));
  const found = { value: usage, shown, ratio, base: statusReplicas };
  if (isWithin(tolerances, ratio)) return { ...found, outcome: 'held', proposal: statusReplicas };
  const count = Math.ceil(total / perPod);
  // Only external metrics are capped; an object's overflow goes through the processor's conversion.
  return {
    ...found,
    outcome: 'computed',
    proposal: guarded && count > maxInt32 ? maxInt32 : toInt32(count),
  };
}

import { addInt64, type Int64 } from '../quantity/int64';
import { parseMilli } from '../quantity/milli';
import type { HpaInput, HpaPod } from './input';
import { MetricFailure } from './metric-result';
import type { MetricPlan } from './plan';

/** One sample a pod, in the order of the pods and in milli-units; undefined where the pod has none. */
export type PodSamples = readonly (Int64 | undefined)[];

const noPods: readonly HpaPod[] = [];

export function podsOf(input: HpaInput): readonly HpaPod[] {
  return input.pods ?? noPods;
}

/** Usage of a resource, per pod or of one container, from the pod metrics API. */
export function resourceSamples(input: HpaInput, metric: MetricPlan): PodSamples | MetricFailure {
  const failed = input.metricErrors?.['resource'];
  if (failed !== undefined)
    return failure(metric.name, `unable to fetch metrics from resource metrics API: ${failed}`);
  const pods = podsOf(input);
  const samples = new Array<Int64 | undefined>(pods.length);
  let entries = 0;
  for (let i = 0; i < pods.length; i++) {
    const usage = (pods[i] as HpaPod).usage;
    if (usage === undefined) continue;
    entries++;
    samples[i] = metric.container === '' ? podUsage(usage, metric.name) : containerUsage(usage, metric);
  }
  return entries === 0 ? failure(metric.name, 'no metrics returned from resource metrics API') : samples;
}

function failure(resource: string, reason: string): MetricFailure {
  return new MetricFailure(`unable to get metrics for resource ${resource}: ${reason}`);
}

function containerUsage(
  usage: NonNullable<HpaPod['usage']>,
  { container, name }: MetricPlan,
): Int64 | undefined {
  const text = usage[container]?.[name];
  return text === undefined ? undefined : parseMilli(text, `usage of ${name}`);
}

/** The sum over the containers; one container without the resource leaves the pod without a sample. */
function podUsage(usage: NonNullable<HpaPod['usage']>, resource: string): Int64 | undefined {
  let sum: Int64 | undefined;
  for (const container in usage) {
    const text = usage[container]?.[resource];
    if (text === undefined) return undefined;
    const value = parseMilli(text, `usage of ${resource}`);
    sum = sum === undefined ? value : addInt64(sum, value);
  }
  return sum;
}

/** A metric of type Pods, from the custom metrics API. */
export function podMetricSamples(input: HpaInput, { name }: MetricPlan): PodSamples | MetricFailure {
  const failed = input.metricErrors?.[name];
  if (failed !== undefined)
    return new MetricFailure(
      `unable to get metric ${name}: unable to fetch metrics from custom metrics API: ${failed}`,
    );
  const pods = podsOf(input);
  const samples = new Array<Int64 | undefined>(pods.length);
  let entries = 0;
  for (let i = 0; i < pods.length; i++) {
    const text = (pods[i] as HpaPod).podMetrics?.[name];
    if (text === undefined) continue;
    entries++;
    samples[i] = parseMilli(text, `pod metric ${name}`);
  }
  return entries === 0
    ? new MetricFailure(`unable to get metric ${name}: no metrics returned from custom metrics API`)
    : samples;
}

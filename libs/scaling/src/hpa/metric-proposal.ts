import { formatMilli } from '../quantity/format';
import type { CurrentMetric } from './decision';
import type { ContainerResources, HpaInput } from './input';
import { MetricFailure, type MetricSuccess, type Proposal } from './metric-result';
import type { HpaPlan, MetricPlan } from './plan';
import { podMetricProposal, type PodMetricContext } from './pod-metric';
import { podMetricSamples, podsOf, resourceSamples } from './pod-samples';
import type { MetricTrace } from './trace';
import {
  averageProposal,
  externalValues,
  averageSum,
  objectValue,
  valueSum,
  valueProposal,
} from './whole-metric';

/** The count that one metric proposes, or why it has none, in the controller's words. */
export function metricProposal(
  metric: MetricPlan,
  plan: HpaPlan,
  input: HpaInput,
  podRequests: ContainerResources,
): MetricSuccess | MetricFailure {
  switch (metric.type) {
    case 'External':
      return externalProposal(metric, plan, input);
    case 'Object':
      return objectProposal(metric, plan, input);
    case 'Pods':
      return podsProposal(metric, plan, input, podRequests);
    case 'Resource':
    case 'ContainerResource':
      return resourceProposal(metric, plan, input, podRequests);
  }
}

function externalProposal(metric: MetricPlan, plan: HpaPlan, input: HpaInput): MetricSuccess | MetricFailure {
  const outer = `failed to get ${metric.name} external metric value: `;
  if (metric.kind === 'none')
    return fail(
      'invalid external metric source: neither a value target nor an average value target was set',
      outer,
    );
  const average = metric.kind === 'AverageValue';
  const inner = `${outer}failed to get ${average ? `${metric.name} external metric` : `external metric ${metric.name}`}: `;
  const values = externalValues(input, metric, plan.scaleTarget);
  if (values instanceof MetricFailure) return fail(values.detail, inner);
  const found = average
    ? averageProposal(averageSum(values, plan.profile), metric, input, plan)
    : valueProposal(valueSum(values, plan.profile), metric, input, plan);
  if (found instanceof MetricFailure) return fail(found.detail, inner);
  return success(metric, found, wholeStatus(metric, found.shown));
}

function objectProposal(metric: MetricPlan, plan: HpaPlan, input: HpaInput): MetricSuccess | MetricFailure {
  const outer = 'failed to get object metric value: ';
  if (metric.selectorError !== undefined) return fail(metric.selectorError, outer);
  if (metric.kind === 'none')
    return fail(
      'invalid object metric source: neither a value target nor an average value target was set',
      outer,
    );
  const average = metric.kind === 'AverageValue';
  const inner = average ? `${outer}failed to get ${metric.name} object metric: ` : outer;
  const usage = objectValue(input, metric, plan.scaleTarget);
  if (usage instanceof MetricFailure) return fail(usage.detail, inner);
  const found = average
    ? averageProposal(usage, metric, input, plan)
    : valueProposal(usage, metric, input, plan);
  if (found instanceof MetricFailure) return fail(found.detail, inner);
  return success(metric, found, wholeStatus(metric, found.shown));
}

function wholeStatus({ type, name, kind }: MetricPlan, shown: number | bigint): CurrentMetric {
  const text = formatMilli(shown);
  return kind === 'Value' ? { type, name, value: text } : { type, name, averageValue: text };
}

function podsProposal(
  metric: MetricPlan,
  plan: HpaPlan,
  input: HpaInput,
  podRequests: ContainerResources,
): MetricSuccess | MetricFailure {
  const outer = 'failed to get pods metric value: ';
  if (metric.selectorError !== undefined) return fail(metric.selectorError, outer);
  const samples = podMetricSamples(input, metric);
  if (samples instanceof MetricFailure) return fail(samples.detail, outer);
  const found = podMetricProposal(metric, samples, contextOf(plan, input, podRequests));
  if (found instanceof MetricFailure) return fail(found.detail, outer);
  return success(metric, found, {
    type: 'Pods',
    name: metric.name,
    averageValue: formatMilli(found.average),
  });
}

function resourceProposal(
  metric: MetricPlan,
  plan: HpaPlan,
  input: HpaInput,
  podRequests: ContainerResources,
): MetricSuccess | MetricFailure {
  const { name, container, type } = metric;
  const outer =
    type === 'Resource'
      ? `failed to get ${name} resource metric value: `
      : `failed to get ${container} container metric value: `;
  if (metric.kind === 'none')
    return fail(
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
      outer,
    );
  const samples = resourceSamples(input, metric);
  const found =
    samples instanceof MetricFailure
      ? samples
      : podMetricProposal(metric, samples, contextOf(plan, input, podRequests));
  if (found instanceof MetricFailure) {
    // Here the condition and the event carry the middle words too.
    const what = metric.kind === 'Utilization' ? 'utilization' : 'usage';
    return fail(`failed to get ${name} ${what}: ${found.detail}`, outer);
  }
  const format = name === 'memory' && plan.profile.binaryMemory ? 'BinarySI' : 'DecimalSI';
  return success(metric, found, {
    type,
    name,
    ...(type === 'ContainerResource' ? { container } : {}),
    averageValue: formatMilli(found.average, format),
    ...(metric.kind === 'Utilization' ? { averageUtilization: Number(found.value) } : {}),
  });
}

function contextOf(plan: HpaPlan, input: HpaInput, podRequests: ContainerResources): PodMetricContext {
  const { specReplicas } = input;
  return { pods: podsOf(input), specReplicas, plan, podRequests };
}

function fail(detail: string, prefix: string): MetricFailure {
  return new MetricFailure(detail, prefix + detail);
}

function success(metric: MetricPlan, found: Proposal, current: CurrentMetric): MetricSuccess {
  const { proposal, outcome, value, ratio, paddedRatio, base, pods } = found;
  return {
    proposal,
    current,
    trace: {
      ...traceHead(metric),
      value,
      ratio,
      ...(paddedRatio === undefined ? {} : { paddedRatio }),
      base,
      ...(pods === undefined ? {} : { pods }),
      outcome,
      proposal,
    },
  };
}

/** What a trace says of a metric before it is asked. */
export function traceHead({ index, type, kind, name, container, target }: MetricPlan) {
  return {
    index,
    type,
    target: kind,
    name,
    ...(container === '' ? {} : { container }),
    targetValue: target,
  } satisfies Partial<MetricTrace>;
}

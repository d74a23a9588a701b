import type { Int64 } from '../quantity/int64';
import { toInt32 } from './go-conversion';
import type { ContainerResources, HpaPod } from './input';
import { MetricFailure, type Proposal } from './metric-result';
import type { HpaPlan, MetricPlan } from './plan';
import { groupOf, PodGroup } from './pod-groups';
import { requestsOf } from './pod-requests';
import type { PodSamples } from './pod-samples';
import { isWithin } from './tolerance';
import { averageGauge, utilizationGauge, type UsageGauge } from './usage-gauge';

export interface PodMetricContext {
  readonly pods: readonly HpaPod[];
  readonly specReplicas: number;
  readonly plan: HpaPlan;
  readonly podRequests: ContainerResources;
}

/** A metric that is averaged over pods: Pods, Resource and ContainerResource. */
export function podMetricProposal(
  metric: MetricPlan,
  samples: PodSamples,
  context: PodMetricContext,
): (Proposal & { readonly average: Int64 }) | MetricFailure {
  const { pods, plan, specReplicas } = context;
  const { flags, tolerances } = plan;
  if (pods.length === 0)
    return new MetricFailure('no pods returned by selector while calculating replica count');
  const cpu = metric.type !== 'Pods' && metric.name === 'cpu';
  const groups = new Uint8Array(pods.length);
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  const values = new Array<Int64 | undefined>(pods.length);
  for (let i = 0; i < pods.length; i++) {
    const group = groupOf(pods[i] as HpaPod, samples[i] !== undefined, cpu, flags);
    groups[i] = group;
    counts[group]++;
    if (group === PodGroup.ready) values[i] = samples[i];
  }
  const [ready, unready, missing, ignored] = counts;
  if (ready === 0)
    return new MetricFailure('did not receive metrics for targeted pods (pods might be unready)');

  const gauge = gaugeOf(metric, context);
  if (gauge instanceof MetricFailure) return gauge;
  const usage = gauge.measure(values);
  if (usage === undefined) return new MetricFailure('no metrics returned matched known pods');
  const { ratio } = usage;
  const found = {
    value: usage.value,
    average: usage.average,
    ratio,
    pods: { ready, unready, missing, ignored },
  };
  const upWithUnready = unready > 0 && ratio > 1;
  if (!upWithUnready && missing === 0)
    return isWithin(tolerances, ratio)
      ? { ...found, base: ready, outcome: 'held', proposal: specReplicas }
      : { ...found, base: ready, outcome: 'computed', proposal: toInt32(Math.ceil(ratio * ready)) };

  let counted = ready;
  for (let i = 0; i < pods.length; i++) {
    if (groups[i] === PodGroup.missing && ratio !== 1) values[i] = ratio < 1 ? gauge.full(i) : 0;
    else if (groups[i] === PodGroup.unready && upWithUnready) values[i] = 0;
    else continue;
    counted++;
  }
  const paddedRatio = gauge.measure(values)?.ratio ?? ratio;
  const padded = { ...found, paddedRatio, base: counted };
  if (isWithin(tolerances, paddedRatio)) return { ...padded, outcome: 'held', proposal: specReplicas };
  const proposal = toInt32(Math.ceil(paddedRatio * counted));
  const reversed =
    (ratio < 1 && paddedRatio > 1) ||
    (ratio > 1 && paddedRatio < 1) ||
    (paddedRatio < 1 && proposal > specReplicas) ||
    (paddedRatio > 1 && proposal < specReplicas);
  return reversed
    ? { ...padded, outcome: 'reversed', proposal: specReplicas }
    : { ...padded, outcome: 'computed', proposal };
}

function gaugeOf(metric: MetricPlan, context: PodMetricContext): UsageGauge | MetricFailure {
  if (metric.kind !== 'Utilization') return averageGauge(metric.target);
  const requests = requestsOf(context.pods, metric, context.podRequests, context.plan.profile);
  return requests instanceof MetricFailure ? requests : utilizationGauge(Number(metric.target), requests);
}

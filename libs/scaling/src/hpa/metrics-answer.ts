import type { CurrentMetric, HpaEvent } from './decision';
import type { ContainerResources, HpaInput } from './input';
import { metricProposal, traceHead } from './metric-proposal';
import { MetricFailure } from './metric-result';
import { foundMessage, type HpaPlan, type MetricPlan } from './plan';
import type { MetricTrace } from './trace';

/** What all metrics together say. */
export interface MetricsAnswer {
  /** The highest proposal; absent: no decision can be made. */
  readonly proposal?: number;
  /** Index and name of the metric that proposed it. */
  readonly winner?: number;
  readonly label?: string;
  readonly statuses: readonly CurrentMetric[];
  readonly traces: readonly MetricTrace[];
  readonly events: readonly HpaEvent[];
  /** The ScalingActive condition. */
  readonly active: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string };
  /** Set where any metric failed, or the selector is missing. */
  readonly error?: string;
  /** The selector was refused, so no metric was asked. */
  readonly noSelector?: boolean;
}

const failedStatus: CurrentMetric = { type: '' };

/** Asks every metric and takes the maximum. A failed metric forbids scaling down; when all fail there is no decision. */
export function askMetrics(plan: HpaPlan, input: HpaInput, podRequests: ContainerResources): MetricsAnswer {
  if (input.selector === '') return missingSelector;
  if ((input.selectingHpas?.length ?? 0) > 1) return ambiguousSelector(plan, input);
  const statuses: CurrentMetric[] = [];
  const traces: MetricTrace[] = [];
  const events: HpaEvent[] = [];
  let failures = 0;
  let firstFailure: { reason: string; message: string; error: string } | undefined;
  let proposal = 0;
  let winner: MetricPlan | undefined;
  for (const metric of plan.metrics) {
    const found = metricProposal(metric, plan, input, podRequests);
    if (found instanceof MetricFailure) {
      failures++;
      const reason = `FailedGet${metric.type}Metric`;
      events.push({ type: 'Warning', reason, message: found.detail });
      statuses.push(failedStatus);
      traces.push({ ...traceHead(metric), outcome: 'failed', error: found.detail });
      firstFailure ??= { reason, message: found.detail, error: found.error };
      continue;
    }
    statuses.push(found.current);
    traces.push(found.trace);
    // A count of 0 gives way to any later one, even to one below zero.
    if (proposal === 0 || found.proposal > proposal) {
      proposal = found.proposal;
      winner = metric;
    }
  }
  const total = plan.metrics.length;
  const answer = { statuses, traces, events };
  const error =
    firstFailure === undefined
      ? {}
      : {
          error: `invalid metrics (${failures} invalid out of ${total}), first error is: ${firstFailure.error}`,
        };
  if (firstFailure !== undefined && (failures >= total || proposal < input.specReplicas)) {
    const message = `the HPA was unable to compute the replica count: ${firstFailure.message}`;
    return { ...answer, ...error, active: { status: 'False', reason: firstFailure.reason, message } };
  }
  const label = winner?.label ?? '';
  return {
    ...answer,
    ...error,
    proposal,
    label,
    ...(winner === undefined ? {} : { winner: winner.index }),
    active: {
      status: 'True',
      reason: 'ValidMetricFound',
      message: winner === undefined ? foundMessage : (plan.foundMessages[winner.index] ?? foundMessage),
    },
  };
}

function refusedSelector(event: string, error: string, reason: string, message: string): MetricsAnswer {
  return {
    statuses: [],
    traces: [],
    events: [{ type: 'Warning', reason: event, message: error }],
    active: { status: 'False', reason, message },
    error,
    noSelector: true,
  };
}

const missingSelector = refusedSelector(
  'SelectorRequired',
  'selector is required',
  'InvalidSelector',
  "the HPA target's scale is missing a selector",
);

function ambiguousSelector(
  { scaleTarget }: HpaPlan,
  { selector = '', selectingHpas = [] }: HpaInput,
): MetricsAnswer {
  const hpas = selectingHpas.map((name) => `{${name} ${scaleTarget.namespace}}`).join(' ');
  const error = `pods by selector ${selector} are controlled by multiple HPAs: [${hpas}]`;
  return refusedSelector('AmbiguousSelector', error, 'AmbiguousSelector', error);
}

import { policyText } from './limit-words';
import type { Unit } from './metric-words';
import { amountText } from './number-text';
import { hpaRuleAnchor, type HpaRule } from './rules';
import { sentenceOf } from './sentence';
import type { HpaTrace, LimitTrace, MetricTrace } from './trace';

/** One rule that took part in a decision. */
export interface HpaStep {
  readonly rule: HpaRule;
  /** What the rule was applied to: numbers, and amounts as people write them. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  /** The count after the rule, or what it found. */
  readonly result: string | number;
  /** Anchor of the rule in the documentation. */
  readonly docs: string;
}

export interface HpaExplanation {
  readonly steps: readonly HpaStep[];
  readonly sentence: string;
}

export interface ExplainOptions {
  /** Unit of the metrics' values, such as `messages`; or by metric name. Default none. */
  readonly unit?: Unit;
}

/** The path of a decision as steps, and one sentence. */
export function explainHpa(trace: HpaTrace, { unit }: ExplainOptions = {}): HpaExplanation {
  return { steps: stepsOf(trace), sentence: sentenceOf(trace, unit) };
}

function stepsOf(trace: HpaTrace): HpaStep[] {
  const { path, specReplicas, minReplicas, maxReplicas } = trace;
  switch (path) {
    case 'gone':
      return [step('forgotten', {}, 'memory dropped')];
    case 'noScale':
      return [step('scale-unreadable', { error: trace.error ?? '' }, 'undecided')];
    case 'noSelector':
      return trace.selectedBy === undefined
        ? [step('selector-missing', {}, specReplicas)]
        : [step('selector-ambiguous', { hpas: trace.selectedBy.join(', ') }, specReplicas)];
    case 'disabled':
      return [step('zero-replicas', { specReplicas, minReplicas }, 0)];
    case 'aboveMax':
      return [step('above-max', { specReplicas, maxReplicas }, maxReplicas), ...refusedStep(trace)];
    case 'belowMin':
      return [step('below-min', { specReplicas, minReplicas }, minReplicas), ...refusedStep(trace)];
    case 'noMetrics':
      return [...trace.metrics.flatMap((m) => metricSteps(m, trace)), blockedStep(trace)];
    case 'metrics':
      return [
        ...trace.metrics.flatMap((m) => metricSteps(m, trace)),
        ...highestStep(trace),
        ...stabilizationStep(trace),
        ...limitSteps(trace),
        ...refusedStep(trace),
      ];
  }
}

function step(rule: HpaRule, inputs: HpaStep['inputs'], result: HpaStep['result']): HpaStep {
  return { rule, inputs, result, docs: hpaRuleAnchor(rule) };
}

const metricRules: Readonly<Record<MetricTrace['target'], HpaRule>> = {
  AverageValue: 'average-value',
  Value: 'value',
  Utilization: 'utilization',
  none: 'metric-failed',
};

function metricSteps(metric: MetricTrace, trace: HpaTrace): HpaStep[] {
  const named = {
    metric: metric.name,
    type: metric.type,
    ...(metric.container === undefined ? {} : { container: metric.container }),
  };
  if (metric.outcome === 'failed') return [step('metric-failed', named, metric.error ?? '')];
  const { ratio = 0, paddedRatio, base = 0, pods, proposal = 0 } = metric;
  const percent = metric.target === 'Utilization';
  const amount = (milli: number | bigint) => (percent ? `${milli} %` : amountText(metric, milli));
  const whole = metric.type === 'External' || metric.type === 'Object';
  const rule = !whole && !percent ? 'pods-average' : metricRules[metric.target];
  const measured = step(
    rule,
    {
      ...named,
      value: amount(metric.value ?? 0),
      target: amount(metric.targetValue),
      [whole && metric.target === 'AverageValue' ? 'statusReplicas' : 'pods']: base,
      ratio,
    },
    metric.outcome === 'computed' ? proposal : `ratio ${ratio}`,
  );
  const filled =
    paddedRatio === undefined || pods === undefined
      ? []
      : [
          step(
            'missing-pods',
            { ...named, missing: pods.missing, unready: pods.unready, pods: base },
            `ratio ${paddedRatio}`,
          ),
        ];
  if (metric.outcome === 'computed') return [measured, ...filled];
  if (metric.outcome === 'reversed')
    return [
      measured,
      ...filled,
      step('direction-turned', { ...named, ratio, paddedRatio: paddedRatio ?? ratio }, proposal),
    ];
  const { down, up } = trace.tolerance;
  const from = paddedRatio ?? ratio;
  return [
    measured,
    ...filled,
    step('tolerance', { ...named, ratio: from, from: 1 - down, to: 1 + up }, proposal),
  ];
}

function highestStep({ metrics, proposal, winner }: HpaTrace): HpaStep[] {
  if (metrics.length < 2 || proposal === undefined) return [];
  const proposals = metrics.map((m) => `${m.name} ${m.proposal ?? 'failed'}`).join(', ');
  const deciding = metrics.find((m) => m.index === winner)?.name ?? '';
  return [step('highest-metric', { proposals, deciding }, proposal)];
}

function blockedStep({ metrics, specReplicas }: HpaTrace): HpaStep {
  const failed = metrics.filter((m) => m.outcome === 'failed').length;
  return step('failed-metric-blocks-down', { failed, metrics: metrics.length }, specReplicas);
}

function stabilizationStep({ stabilization, specReplicas, nowMs }: HpaTrace): HpaStep[] {
  if (stabilization === undefined) return [];
  const { path, from, to, windowSeconds, heldUntilMs } = stabilization;
  const rule = path === 'legacy' ? 'stabilization-default' : 'stabilization-behavior';
  const rest = heldUntilMs === undefined ? {} : { heldForSeconds: (heldUntilMs - nowMs) / 1000 };
  return [step(rule, { current: specReplicas, wanted: from, windowSeconds, ...rest }, to)];
}

function limitSteps(trace: HpaTrace): HpaStep[] {
  const { limit, specReplicas: current, minReplicas, maxReplicas } = trace;
  if (limit === undefined) return [];
  const { wanted, result, reason } = limit;
  const steps = wanted === current ? [] : rateSteps(limit, current);
  if (reason === 'TooManyReplicas') steps.push(step('max-replicas', { wanted, maxReplicas }, result));
  if (reason === 'TooFewReplicas') steps.push(step('min-replicas', { wanted, minReplicas }, result));
  return steps;
}

function rateSteps({ wanted, rate, policies, selectPolicy }: LimitTrace, current: number): HpaStep[] {
  if (rate === undefined) return [];
  const up = wanted > current;
  const allowed = up ? Math.min(wanted, rate) : Math.max(wanted, rate);
  if (policies === undefined) return up ? [step('default-cap', { current, wanted, cap: rate }, allowed)] : [];
  const direction = up ? 'scaleUp' : 'scaleDown';
  if (selectPolicy === 'Disabled') return [step('policy-disabled', { direction, wanted }, current)];
  const listed = policies.map((p) => `${policyText(p)}: ${p.periodStart} -> ${p.allows}`).join(', ');
  return [
    step(
      'policies',
      { direction, current, wanted, policies: listed, selectPolicy: selectPolicy ?? 'Max', limit: rate },
      allowed,
    ),
  ];
}

function refusedStep({ scaled, desired, specReplicas, error }: HpaTrace): HpaStep[] {
  return scaled || desired === specReplicas
    ? []
    : [step('update-refused', { desired, error: error ?? '' }, specReplicas)];
}

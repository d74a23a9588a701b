import { amountText, counted, percentText, quotientText } from './number-text';
import type { HpaTrace, MetricTrace } from './trace';

/** Unit of a metric's values, such as `messages`: one for all metrics, or by metric name. Default none. */
export type Unit = string | Readonly<Record<string, string>>;

/** How a metric came to its count, in words. `rounded`: say what the quotient was rounded to. */
export function metricWords(
  metric: MetricTrace,
  trace: HpaTrace,
  unit: Unit | undefined,
  rounded: boolean,
): string {
  if (metric.outcome === 'failed') return `${metric.name} failed: ${metric.error}`;
  const sums = metric.type === 'External' || metric.type === 'Object';
  if (sums)
    return metric.target === 'Value'
      ? valueWords(metric, trace, unit)
      : sumWords(metric, trace, unit, rounded);
  return podWords(metric, trace, unit);
}

function unitOf(metric: MetricTrace, unit: Unit | undefined): string {
  // Cores and bytes carry their own.
  if (metric.type === 'Resource' || metric.type === 'ContainerResource') return '';
  const text = typeof unit === 'string' ? unit : unit?.[metric.name];
  return text === undefined ? '' : ` ${text}`;
}

function sumWords(metric: MetricTrace, trace: HpaTrace, unit: Unit | undefined, rounded: boolean): string {
  const value = metric.value ?? 0;
  const sum = `${amountText(metric, value)}${unitOf(metric, unit)}`;
  const target = amountText(metric, metric.targetValue);
  const base = metric.base ?? 0;
  if (metric.outcome === 'held') {
    const kept = base === trace.specReplicas ? '' : `: the ${base} of status.replicas count`;
    return `${sum} on ${counted(base, 'replica')} is ${percentText(metric.ratio ?? 0)} of the target ${target} per replica, within the tolerance of ${toleranceText(metric, trace)}${kept}`;
  }
  const quotient = Number(value) / Number(metric.targetValue);
  return `${sum} / ${target} per replica = ${quotientText(quotient)}${rounded ? roundingWords(quotient, metric) : ''}`;
}

function valueWords(metric: MetricTrace, trace: HpaTrace, unit: Unit | undefined): string {
  const value = `${amountText(metric, metric.value ?? 0)}${unitOf(metric, unit)}`;
  const ratio = metric.ratio ?? 0;
  const head = `${value} / target ${amountText(metric, metric.targetValue)} = ${quotientText(ratio)}`;
  if (metric.outcome === 'held') return `${head}, within the tolerance of ${toleranceText(metric, trace)}`;
  return trace.specReplicas === 0
    ? `${head}${roundingWords(ratio, metric)}`
    : `${head}; ${productWords(ratio, 'ready pod', metric)}`;
}

function podWords(metric: MetricTrace, trace: HpaTrace, unit: Unit | undefined): string {
  const { pods, ratio = 0, paddedRatio } = metric;
  const name =
    metric.container === undefined ? metric.name : `${metric.name} of container ${metric.container}`;
  const level =
    metric.target === 'Utilization'
      ? `${name} at ${metric.value} % of the requests, target ${metric.targetValue} %`
      : `${name} averages ${amountText(metric, metric.value ?? 0)}${unitOf(metric, unit)} per pod, target ${amountText(metric, metric.targetValue)}`;
  const filled =
    paddedRatio === undefined || pods === undefined
      ? ''
      : `, ${fillWords(pods, ratio)} makes ${quotientText(paddedRatio)}`;
  const head = `${level}: ${quotientText(ratio)}${filled}`;
  if (metric.outcome === 'held') return `${head}, within the tolerance of ${toleranceText(metric, trace)}`;
  if (metric.outcome === 'reversed') return `${head}, which would turn the direction: the count is kept`;
  const noun = paddedRatio === undefined ? 'ready pod' : 'pod';
  return `${head}; ${productWords(paddedRatio ?? ratio, noun, metric)}`;
}

function fillWords({ missing, unready }: NonNullable<MetricTrace['pods']>, ratio: number): string {
  const up = ratio > 1;
  const parts = [
    ...(missing > 0 ? [`${counted(missing, 'pod')} without a sample as ${up ? 'idle' : 'full'}`] : []),
    ...(unready > 0 && up ? [`${counted(unready, 'unready pod')} as idle`] : []),
  ];
  return `counting ${parts.join(' and ')}`;
}

function productWords(ratio: number, noun: string, metric: MetricTrace): string {
  const pods = metric.base ?? 0;
  const product = ratio * pods;
  return `${quotientText(ratio)} x ${counted(pods, noun)} = ${quotientText(product)}${roundingWords(product, metric)}`;
}

/** How the exact number became the count. */
function roundingWords(exact: number, { proposal = 0 }: MetricTrace): string {
  if (proposal === exact) return '';
  if (proposal < 0) return ', which overflows 32 bits and counts as 0';
  return proposal < exact ? `, capped at ${proposal}` : `, rounded up to ${proposal}`;
}

function toleranceText(metric: MetricTrace, { tolerance }: HpaTrace): string {
  return percentText((metric.paddedRatio ?? metric.ratio ?? 0) < 1 ? tolerance.down : tolerance.up);
}

import { formatMilli } from '../quantity/format';
import { parseFloat64 } from '../go/text';
import { type TriggerMetricSpec } from '../trigger/metric-spec';
import { toMilli } from '../trigger/milli';
import { compositeMetric, scalingModifiersOf, usesModifiers } from './scaling-modifiers';
import { type ScaledObject, type ScaledObjectStatus } from './scaled-object';

/** Label that ties an external metric to its ScaledObject. */
export const ownerLabel = 'scaledobject.keda.sh/name';

export interface HpaMetrics {
  readonly metrics: readonly TriggerMetricSpec[];
  /** Names that go into the status. */
  readonly status: Pick<
    ScaledObjectStatus,
    'externalMetricNames' | 'resourceMetricNames' | 'compositeScalerName'
  >;
}

/** Metrics of the HPA from those of the triggers: sorted by type, and all external ones made one by a formula. */
export function hpaMetrics(
  object: ScaledObject,
  specs: readonly TriggerMetricSpec[],
): HpaMetrics | { readonly error: string } {
  const external: string[] = [];
  for (const { external: source } of specs) {
    if (!source) continue;
    if (external.includes(source.metric.name)) {
      const { name } = source.metric;
      return { error: `metricName ${name} defined multiple times in ScaledObject ${object.metadata.name}` };
    }
    external.push(source.metric.name);
  }
  const resources = specs.flatMap((spec) => spec.resource?.name ?? []);
  const status = {
    ...(external.length > 0 ? { externalMetricNames: external } : {}),
    ...(resources.length > 0 ? { resourceMetricNames: resources } : {}),
  };
  const selected = specs
    .map((spec) => withSelector(object, spec))
    .sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
  if (!usesModifiers(object)) return { metrics: selected, status };
  const { metricType = 'AverageValue', target = '' } = scalingModifiersOf(object);
  if (metricType === 'Utilization') {
    return {
      error:
        'error metric target type is Utilization, but it needs to be AverageValue or Value for external metrics',
    };
  }
  // NaN is taken as a target, and leaves the triggers' own metrics in place.
  if (!(parseFloat64(target) > 0)) return { metrics: selected, status };
  const composite = withSelector(
    object,
    compositeSpec(metricType, formatMilli(toMilli(parseFloat64(target)))),
  );
  return {
    metrics: [...selected.filter((spec) => spec.resource), composite],
    status: { ...status, compositeScalerName: compositeMetric },
  };
}

function compositeSpec(metricType: string, quantity: string): TriggerMetricSpec {
  const target =
    metricType === 'Value'
      ? { type: 'Value' as const, value: quantity }
      : { type: 'AverageValue' as const, averageValue: quantity };
  return { type: 'External', external: { metric: { name: compositeMetric }, target } };
}

function withSelector(object: ScaledObject, spec: TriggerMetricSpec): TriggerMetricSpec {
  if (!spec.external) return spec;
  const selector = { matchLabels: { [ownerLabel]: object.metadata.name } };
  return { ...spec, external: { ...spec.external, metric: { ...spec.external.metric, selector } } };
}

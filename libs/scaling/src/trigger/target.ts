import { formatMilli } from '../quantity/format';
import { type TriggerMetricSpec, type TriggerMetricTarget } from './metric-spec';
import { wrapInt64 } from '../quantity/int64';
import { type Milli } from './milli';
import { TriggerError } from './trigger-error';
import { type TriggerContext } from './trigger';

/** Metric type of an external trigger: AverageValue unless given; Utilization is for cpu and memory only. */
export function externalMetricType(context: TriggerContext, wrap = 'scaler metric type'): string {
  if (context.metricType === 'Utilization') {
    throw new TriggerError(
      'BadMetricType',
      `error getting ${wrap}: 'Utilization' metric type is unsupported for external metrics, allowed values are 'Value' or 'AverageValue'`,
    );
  }
  return context.metricType || 'AverageValue';
}

function target(type: string, milli: Milli): TriggerMetricTarget {
  const quantity = formatMilli(milli);
  return type === 'AverageValue'
    ? { type, averageValue: quantity }
    : { type: type as TriggerMetricTarget['type'], value: quantity };
}

/** Replaces what metric names may not hold, as KEDA does. */
export const normalizeName = (name: string): string => name.replace(/[/.:%()]/g, '-');

/** The external metric of a trigger; its name carries the trigger's index. */
export function externalSpec(
  context: TriggerContext,
  name: string,
  type: string,
  milli: Milli,
): TriggerMetricSpec {
  return {
    type: 'External',
    external: { metric: { name: `s${context.index ?? 0}-${name}` }, target: target(type, milli) },
  };
}

/** Target of an int64 parameter. */
export const wholeTarget = (value: bigint): Milli => wrapInt64(value * 1000n);

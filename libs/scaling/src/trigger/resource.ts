import { formatQuantity } from '../quantity/format';
import { parseQuantity } from '../quantity/quantity';
import { QuantityError } from '../quantity/quantity-error';
import { parseInt64 } from '../go/text';
import { MetadataReader } from './metadata-reader';
import { type TriggerMetricTarget } from './metric-spec';
import { TriggerError } from './trigger-error';
import { type TriggerMaths } from './trigger';

/** cpu and memory: a Resource metric that the HPA reads itself; the trigger is always active. */
export function resource(name: 'cpu' | 'memory'): TriggerMaths<null> {
  return {
    parse(metadata, context) {
      const reader = new MetadataReader(metadata, context);
      reader.deprecated(
        'type',
        name,
        "The 'type' setting is DEPRECATED and is removed in v2.18 - Use 'metricType' instead.",
      );
      const value = reader.text('value');
      const container = reader.text('containerName', { optional: true });
      const complaint = reader.error();
      if (complaint) throw new TriggerError('BadMetadata', `error parsing ${name} metadata: ${complaint}`);
      const target = readTarget(name, context.metricType ?? '', value);
      return {
        settings: null,
        metricSpecs: [
          container
            ? { type: 'ContainerResource', containerResource: { name, container, target } }
            : { type: 'Resource', resource: { name, target } },
        ],
      };
    },

    evaluate(_settings, state) {
      return { valueMilli: [], isActive: true, state, how: `${name} is read by the HPA` };
    },
  };
}

function readTarget(name: string, type: string, value: string): TriggerMetricTarget {
  if (type === 'AverageValue') return { type, averageValue: readQuantity(value) };
  if (type === 'Utilization') return { type, averageUtilization: readPercent(name, value) };
  throw new TriggerError(
    'BadMetricType',
    `error parsing ${name} metadata: unknown metric type: ${type}, allowed values are 'Utilization' or 'AverageValue'`,
  );
}

function readQuantity(value: string): string {
  try {
    return formatQuantity(parseQuantity(value, 'value'));
  } catch (cause) {
    // KEDA crashes on a text that is no quantity.
    if (cause instanceof QuantityError) throw new TriggerError('WouldPanic', cause.message, { cause });
    throw cause;
  }
}

function readPercent(name: string, value: string): number {
  try {
    return Number(parseInt64(value, 32));
  } catch (cause) {
    throw new TriggerError('BadMetadata', `error parsing ${name} metadata: ${(cause as Error).message}`, {
      cause,
    });
  }
}

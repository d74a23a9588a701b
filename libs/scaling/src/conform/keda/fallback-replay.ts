import { initialConditions } from '../../keda/conditions';
import { serveWithFallback } from '../../keda/fallback';
import { type KedaCondition, type ScaledObject, type ScaledObjectStatus } from '../../keda/scaled-object';
import { type TriggerMetricTarget } from '../../trigger/metric-spec';
import { toMilli } from '../../trigger/milli';
import { type KedaCase } from './case';
import { errorDifference, firstDifference, type KedaDifference } from './compare';
import { recordedConditions, recordedHealth } from './time-line';

interface FallbackInput {
  readonly scaledObject: ScaledObject;
  readonly targets: readonly {
    readonly metric: string;
    readonly type: 'AverageValue' | 'Value';
    readonly value: string;
  }[];
}
interface FallbackTick {
  readonly metric: string;
  readonly value?: number;
  readonly error?: string;
  readonly replicas: number;
  readonly readyPods?: number;
  readonly spec?: ScaledObject['spec'];
  readonly scaleGetFails?: boolean;
  readonly resultMilli: string | null;
  readonly resultMetric?: string;
  readonly resultError?: string;
  readonly fallbackActive: boolean;
  readonly health?: Readonly<Record<string, { readonly failures: number; readonly status: string }>>;
  readonly fallbackCondition?: KedaCondition;
}

/** A case of the family fallback: requests for a metric while its trigger fails and recovers. */
export function replayFallbackCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as FallbackInput;
  let object = input.scaledObject;
  let status: ScaledObjectStatus = { conditions: initialConditions };
  let condition: KedaCondition = { type: 'Fallback', status: 'Unknown', reason: '', message: '' };
  for (const [i, tick] of (recorded.ticks as readonly FallbackTick[]).entries()) {
    if (tick.spec) object = { ...object, spec: tick.spec };
    const given = input.targets.find(({ metric }) => metric === tick.metric);
    const target: TriggerMetricTarget =
      given?.type === 'Value'
        ? { type: 'Value', value: given.value }
        : { type: 'AverageValue', averageValue: given?.value ?? '0' };
    const answer =
      tick.error === undefined
        ? { metrics: [{ name: tick.metric, valueMilli: toMilli(tick.value ?? 0) }] }
        : { error: tick.error };
    const workload = {
      replicas: tick.replicas,
      readyPods: tick.readyPods ?? 0,
      ...(tick.scaleGetFails ? { scaleError: 'get' as const } : {}),
    };
    const outcome = serveWithFallback(object, status, tick.metric, target, answer, workload);
    ({ status } = outcome);
    condition = tick.fallbackCondition ?? condition;
    const [metric] = outcome.metrics;
    const got = recordedConditions(status.conditions).find(({ type }) => type === 'Fallback');
    const difference =
      firstDifference(
        `ticks[${i}].resultMilli`,
        tick.resultMilli,
        metric ? String(metric.valueMilli) : null,
      ) ??
      firstDifference(`ticks[${i}].resultMetric`, tick.resultMetric, metric?.name) ??
      errorDifference(`ticks[${i}].resultError`, tick.resultError, outcome.error) ??
      firstDifference(`ticks[${i}].fallbackActive`, tick.fallbackActive, outcome.fallbackActive) ??
      firstDifference(`ticks[${i}].health`, tick.health ?? {}, recordedHealth(status) ?? {}) ??
      firstDifference(`ticks[${i}].fallbackCondition`, condition, got);
    if (difference) return difference;
  }
  return undefined;
}

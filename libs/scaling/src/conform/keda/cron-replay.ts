import { parseInstant } from '../../keda/rfc3339';
import { evaluateTrigger, parseTrigger } from '../../trigger/registry';
import { type KedaCase } from './case';
import { errorDifference, firstDifference, type KedaDifference } from './compare';
import { type TriggerExpectation } from './trigger-replay';

interface CronInput {
  readonly metadata: Readonly<Record<string, string>>;
  readonly metricType?: string;
  readonly metric?: TriggerExpectation['metric'];
}
interface CronTick extends TriggerExpectation {
  readonly time: string;
}

/** A case of the family cron: the window at given instants. */
export function replayCronCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as CronInput;
  const expect = recorded.expect as TriggerExpectation | undefined;
  const parsed = parseTrigger(
    { type: 'cron', metadata: input.metadata, ...(input.metricType ? { metricType: input.metricType } : {}) },
    {},
  );
  if (!parsed.ok) return errorDifference('expect.rejected', expect?.rejected, parsed.message);
  if (expect?.rejected !== undefined) return errorDifference('expect.rejected', expect.rejected, undefined);
  const metric = firstDifference('input.metric', input.metric, parsed.metricSpecs[0]);
  if (metric) return metric;
  for (const [i, tick] of (recorded.ticks as readonly CronTick[]).entries()) {
    const result = evaluateTrigger(parsed, null, { kind: 'clock' }, parseInstant(tick.time));
    const difference = result.ok
      ? (errorDifference(`ticks[${i}].error`, tick.error, undefined) ??
        firstDifference(`ticks[${i}].valueMilli`, tick.valueMilli, String(result.metrics[0]?.valueMilli)) ??
        firstDifference(`ticks[${i}].isActive`, tick.isActive, result.isActive))
      : errorDifference(`ticks[${i}].error`, tick.error, result.message);
    if (difference) return difference;
  }
  return undefined;
}

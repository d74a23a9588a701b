import { formatInstant, parseInstant } from '../../keda/rfc3339';
import { type KedaEffect } from '../../keda/loop-types';
import { type KedaCondition, type ScaledObjectStatus } from '../../keda/scaled-object';

/** Zero of the recordings' clock: any whole second will do. */
const zeroMs = 1_700_000_000_000;

export const instantOf = (seconds: number): number => zeroMs + Math.round(seconds * 1e6) / 1000;
export const timestampOf = (seconds: number): string => formatInstant(instantOf(seconds));

/** Seconds of the recordings' clock; null when the time is unset. */
export const secondsOf = (timestamp: string | undefined): number | null =>
  timestamp === undefined ? null : (parseInstant(timestamp) - zeroMs) / 1000;

/** Conditions with absent words as empty ones, as recorded. */
export const recordedConditions = (
  conditions: readonly KedaCondition[] | undefined,
): readonly KedaCondition[] =>
  (conditions ?? []).map(({ type, status, reason = '', message = '' }) => ({
    type,
    status,
    reason,
    message,
  }));

export const recordedEvents = (effects: readonly KedaEffect[]): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'event' ? [`${effect.type} ${effect.reason} ${effect.message}`] : [],
  );

export const recordedActivity = (status: ScaledObjectStatus): Readonly<Record<string, boolean>> | undefined =>
  status.triggersActivity &&
  Object.fromEntries(Object.entries(status.triggersActivity).map(([name, { isActive }]) => [name, isActive]));

export const recordedHealth = (
  status: ScaledObjectStatus,
): Readonly<Record<string, { failures: number; status: string }>> | undefined =>
  status.health &&
  Object.fromEntries(
    Object.entries(status.health).map(([name, health]) => [
      name,
      { failures: health.numberOfFailures, status: health.status },
    ]),
  );

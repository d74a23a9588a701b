import { nextDue } from '../cron/next';
import { type CronSchedule, parseSchedule } from '../cron/schedule';
import { ScheduleError } from '../cron/schedule-error';
import { TimeZone } from '../cron/time-zone';
import { badAnswer, observed } from './answer';
import { MetadataReader } from './metadata-reader';
import { toMilli } from './milli';
import { externalMetricType, externalSpec, normalizeName, wholeTarget } from './target';
import { TriggerError } from './trigger-error';
import { type TriggerMaths } from './trigger';

export interface CronSettings {
  readonly start: CronSchedule;
  readonly end: CronSchedule;
  readonly timezone: string;
  readonly desiredReplicas: bigint;
}

/** cron: desiredReplicas with target 1 while the next end comes before the next start, else 0. */
export const cron: TriggerMaths<CronSettings> = {
  parse(metadata, context) {
    const type = externalMetricType(context);
    const reader = new MetadataReader(metadata, context);
    const start = reader.text('start');
    const end = reader.text('end');
    const timezone = reader.text('timezone');
    const desiredReplicas = reader.int64('desiredReplicas');
    const schedules = readSchedules(start, end, desiredReplicas);
    if (typeof schedules === 'string') reader.complain(schedules);
    const complaint = reader.error();
    if (complaint !== undefined || typeof schedules === 'string') {
      throw new TriggerError('BadMetadata', `error parsing cron metadata: ${complaint}`);
    }
    const name = `cron-${timezone}-${nameOf(start)}-${nameOf(end)}`;
    return {
      settings: { ...schedules, timezone, desiredReplicas },
      metricSpecs: [externalSpec(context, normalizeName(name), type, wholeTarget(1n))],
    };
  },

  evaluate(settings, state, observation, nowMs) {
    observed(observation, 'clock');
    const zone = TimeZone.load(settings.timezone);
    if (!zone) throw badAnswer(`unable to load timezone: unknown time zone ${settings.timezone}`);
    // A schedule that is never due again counts as due long ago.
    const start = nextDue(settings.start, nowMs, zone) ?? -Infinity;
    const end = nextDue(settings.end, nowMs, zone) ?? -Infinity;
    const isActive = start < end ? nowMs > start && nowMs < end : nowMs > start || nowMs < end;
    return {
      valueMilli: [isActive ? toMilli(Number(settings.desiredReplicas)) : 0],
      isActive,
      state,
      how: isActive ? `inside the window, ${settings.desiredReplicas} wanted` : 'outside the window',
    };
  },
};

/** Both schedules, or the first complaint about them. */
function readSchedules(
  start: string,
  end: string,
  desired: bigint,
): Pick<CronSettings, 'start' | 'end'> | string {
  const first = readSchedule(start, 'start');
  if (typeof first === 'string') return first;
  const second = readSchedule(end, 'end');
  if (typeof second === 'string') return second;
  if (start === end) return 'start and end can not have exactly same time input';
  if (desired === 0n) return 'no desiredReplicas specified';
  return { start: first, end: second };
}

function readSchedule(text: string, which: string): CronSchedule | string {
  try {
    return parseSchedule(text);
  } catch (error) {
    if (error instanceof ScheduleError) return `error parsing ${which} schedule: ${error.message}`;
    throw error;
  }
}

const nameOf = (expression: string): string =>
  expression.replaceAll(' ', '').replaceAll('*', 'x').replaceAll('/', 'Sl').replaceAll('?', 'Qm');

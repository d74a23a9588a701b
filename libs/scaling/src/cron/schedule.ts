import { parseDurationMs } from '../go/duration';
import { readField, type ScheduleField } from './field';
import { ScheduleError } from './schedule-error';
import { TimeZone } from './time-zone';

/** When something is due, to the minute; or every so many seconds (`@every`). */
export type CronSchedule =
  | {
      readonly kind: 'fields';
      readonly minute: ScheduleField;
      readonly hour: ScheduleField;
      readonly day: ScheduleField;
      readonly month: ScheduleField;
      readonly weekday: ScheduleField;
      /** A zone written into the expression (`TZ=...`), which beats the caller's. */
      readonly zone?: TimeZone;
    }
  | { readonly kind: 'every'; readonly everyMs: number };

export interface ScheduleOptions {
  /** Whether `@hourly`, `@daily`, `@every 5m` and the like are taken: a CronJob does, KEDA does not. Default false. */
  readonly descriptors?: boolean;
}

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const names = (words: readonly string[], first: number): Readonly<Record<string, number>> =>
  Object.fromEntries(words.map((word, i) => [word, i + first]));

const bounds = {
  minute: { min: 0, max: 59, names: {} },
  hour: { min: 0, max: 23, names: {} },
  day: { min: 1, max: 31, names: {} },
  month: { min: 1, max: 12, names: names(months, 1) },
  weekday: { min: 0, max: 6, names: names(weekdays, 0) },
};

/** Parses the five standard fields: minute, hour, day of month, month, day of week (0 = Sunday, no 7). Throws ScheduleError. */
export function parseSchedule(expression: string, options: ScheduleOptions = {}): CronSchedule {
  if (expression === '') throw new ScheduleError('empty spec string');
  const { rest, zone } = splitZone(expression);
  if (rest.startsWith('@')) {
    if (!options.descriptors) throw new ScheduleError(`parser does not accept descriptors: ${rest}`);
    return parseDescriptor(rest, zone);
  }
  const fields = rest.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) {
    throw new ScheduleError(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  return {
    kind: 'fields',
    minute: readField(minute, bounds.minute),
    hour: readField(hour, bounds.hour),
    day: readField(day, bounds.day),
    month: readField(month, bounds.month),
    weekday: readField(weekday, bounds.weekday),
    ...(zone ? { zone } : {}),
  };
}

function splitZone(expression: string): { rest: string; zone?: TimeZone } {
  const match = /^(?:TZ|CRON_TZ)=(\S*)(.*)$/s.exec(expression);
  if (!match) return { rest: expression };
  const [, name = '', rest = ''] = match;
  if (rest === '') throw new ScheduleError(`no fields after the time zone: ${expression}`);
  const zone = TimeZone.load(name);
  if (!zone) throw new ScheduleError(`provided bad location ${name}: unknown time zone ${name}`);
  return { rest: rest.trim(), zone };
}

function parseDescriptor(text: string, zone: TimeZone | undefined): CronSchedule {
  const fields = descriptors[text];
  if (fields) return { ...parseSchedule(fields), ...(zone ? { zone } : {}) };
  const every = /^@every (.*)$/s.exec(text)?.[1];
  if (every === undefined) throw new ScheduleError(`unrecognized descriptor: ${text}`);
  const ms = parseDurationMs(every);
  if (ms === undefined) {
    throw new ScheduleError(
      `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(every)}`,
    );
  }
  return { kind: 'every', everyMs: Math.max(1000, Math.trunc(ms / 1000) * 1000) };
}

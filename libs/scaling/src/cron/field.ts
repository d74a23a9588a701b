import { atoi } from '../go/text';
import { ScheduleError } from './schedule-error';

/** The values of one field, indexed by value, and whether it was written as "*" (or "?"). */
export interface ScheduleField {
  readonly has: readonly boolean[];
  readonly star: boolean;
}

export interface FieldBounds {
  readonly min: number;
  readonly max: number;
  readonly names: Readonly<Record<string, number>>;
}

/** Reads a comma-separated list of ranges. Throws ScheduleError. */
export function readField(text: string, bounds: FieldBounds): ScheduleField {
  const has = new Array<boolean>(bounds.max + 1).fill(false);
  let star = false;
  for (const range of text.split(',').filter((part) => part !== '')) {
    const { start, end, step, isStar } = readRange(range, bounds);
    for (let value = start; value <= end; value += step) has[value] = true;
    star ||= isStar;
  }
  return { has, star };
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly isStar: boolean;
}

/** "*", "?", "7", "mon-fri", "5/10" (5 to the end), "1-9/2". */
function readRange(text: string, bounds: FieldBounds): Range {
  const [span = '', stepText, ...moreSlashes] = text.split('/');
  const [low = '', high, ...moreHyphens] = span.split('-');
  const open = low === '*' || low === '?';
  if (!open && moreHyphens.length > 0) {
    readValue(low, bounds);
    throw new ScheduleError(`too many hyphens: ${text}`);
  }
  const start = open ? bounds.min : readValue(low, bounds);
  let end = open ? bounds.max : high === undefined ? start : readValue(high, bounds);
  if (moreSlashes.length > 0) throw new ScheduleError(`too many slashes: ${text}`);
  const step = stepText === undefined ? 1 : readNumber(stepText);
  // A single value with a step runs to the end of the field.
  if (stepText !== undefined && high === undefined) end = bounds.max;
  if (start < bounds.min)
    throw new ScheduleError(`beginning of range (${start}) below minimum (${bounds.min}): ${text}`);
  if (end > bounds.max)
    throw new ScheduleError(`end of range (${end}) above maximum (${bounds.max}): ${text}`);
  if (start > end)
    throw new ScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new ScheduleError(`step of range should be a positive number: ${text}`);
  return { start, end, step, isStar: open && step === 1 };
}

const readValue = (text: string, bounds: FieldBounds): number =>
  bounds.names[text.toLowerCase()] ?? readNumber(text);

function readNumber(text: string): number {
  let value: number;
  try {
    value = atoi(text);
  } catch (error) {
    throw new ScheduleError(`failed to parse int from ${text}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (value < 0) throw new ScheduleError(`negative number (${value}) not allowed: ${text}`);
  return value;
}

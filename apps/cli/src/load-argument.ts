import {
  durationSeconds,
  generateLoad,
  LoadError,
  namesGenerator,
  readLoad,
  type LoadTrace,
} from '@scalelab/simulation';
import type { Option } from './arguments';
import { badInput, usageError } from './command-error';
import { readText } from './input-file';

export const loadOption: Option = {
  type: 'string',
  multiple: true,
  value: 'TRACE',
  about: 'CSV, JSON, k6 or range-query export, or a generator; several: one a trigger',
};

/** @throws CommandError with file and line */
export function readLoadArgument(text: string, k6Metric: string | undefined): LoadTrace {
  const isGenerated = namesGenerator(text);
  try {
    return isGenerated ? generateLoad(text) : readLoad(readText(text), k6Metric);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    if (isGenerated || error.line === undefined)
      throw badInput(isGenerated ? `--load ${error.message}` : `${text}: ${error.message}`, error);
    throw badInput(`${text}:${error.line}: ${error.message}`, error);
  }
}

/** A duration option in seconds. @throws CommandError naming the option */
export function secondsOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  try {
    return durationSeconds(text, option);
  } catch (error) {
    if (error instanceof LoadError) throw usageError(error.message);
    throw error;
  }
}

/** The part of a trace between two of its seconds, which becomes second 0 on. */
export function cutLoad(load: LoadTrace, from: number, to: number): LoadTrace {
  const before = load.points.findLast(([t]) => t <= from);
  const inside = load.points.filter(([t]) => t > from && t < to);
  return {
    points: [
      ...(before ? [[0, before[1]] as const] : []),
      ...inside.map(([t, value]) => [t - from, value] as const),
    ],
    seconds: Math.max(0, to - from),
    ...(load.startedAtMs === undefined ? {} : { startedAtMs: load.startedAtMs + from * 1_000 }),
  };
}

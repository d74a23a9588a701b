import { parseInstant } from '@scalelab/scaling';
import { LoadError } from './load-error';
import type { LoadPoint, LoadTrace } from './load-trace';

interface RawPoint {
  readonly at: number;
  readonly value: number | null;
  /** The time is a moment of the calendar, in epoch seconds. */
  readonly absolute: boolean;
  readonly line?: number;
}

/** Times from this on are epoch seconds (from 2001), not seconds of a run. */
const firstEpochSecond = 1_000_000_000;

/**
 * Reads a load: CSV of `time,value`, JSON (`[[t, v], ...]`, `[{"t": , "value": }, ...]` or `{"points": ...}`), k6's JSON
 * lines, or the answer of Prometheus' range query. Times are seconds, epoch seconds or RFC 3339.
 *
 * @param k6Metric which metric of a k6 export counts; each of its points is one arrival. Default `http_reqs`.
 * @throws LoadError with the line
 */
export function readLoad(text: string, k6Metric = 'http_reqs'): LoadTrace {
  const trimmed = text.trimStart();
  if (trimmed === '') throw new LoadError('Empty', 'holds no points', 1);
  if (trimmed.startsWith('{') && /^\{[^\n]*"type"\s*:\s*"(Metric|Point)"/.test(trimmed))
    return traceOf(k6Points(text, k6Metric));
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) return traceOf(jsonPoints(text));
  return traceOf(csvPoints(text));
}

function traceOf(raw: readonly RawPoint[]): LoadTrace {
  const [first] = raw;
  if (first === undefined) throw new LoadError('Empty', 'holds no points', 1);
  const zero = first.absolute ? first.at : 0;
  const points: LoadPoint[] = [];
  let last = -Infinity;
  for (const { at, value, line } of raw) {
    if (at < last)
      throw new LoadError(
        'NotInOrder',
        `time ${at} comes after ${last}: the points are not in order of time`,
        line,
      );
    last = at;
    points.push([Math.round((at - zero) * 1_000) / 1_000, value]);
  }
  const seconds = points.at(-1)?.[0] ?? 0;
  return { points, seconds, ...(first.absolute ? { startedAtMs: Math.round(zero * 1_000) } : {}) };
}

function timeOf(value: unknown, line?: number): Pick<RawPoint, 'at' | 'absolute'> {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value)
        : Number.NaN;
  if (Number.isFinite(number)) return { at: number, absolute: number >= firstEpochSecond };
  if (typeof value === 'string') {
    const ms = /^\d{4}-\d\d-\d\dT/.test(value) ? parseInstant(value.trim()) : Number.NaN;
    if (Number.isFinite(ms)) return { at: ms / 1_000, absolute: true };
  }
  throw new LoadError(
    'BadValue',
    `time must be seconds or an RFC 3339 moment, got ${JSON.stringify(value) ?? 'nothing'}`,
    line,
  );
}

function valueOf(value: unknown, line?: number): number | null {
  if (value === null) return null;
  const text = typeof value === 'string' ? value.trim() : value;
  if (text === '' || text === 'null' || text === 'NaN') return null;
  const number = typeof text === 'number' || typeof text === 'string' ? Number(text) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new LoadError(
    'BadValue',
    `value must be a number, or null for a source that fails, got ${JSON.stringify(value) ?? 'nothing'}`,
    line,
  );
}

function csvPoints(text: string): RawPoint[] {
  const points: RawPoint[] = [];
  for (const [index, row] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    if (row.trim() === '' || row.startsWith('#')) continue;
    const [time = '', value, ...others] = row
      .split(/[,;\t]/)
      .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const heading = points.length === 0 && /^[A-Za-z_][\w .()/]*$/.test(time);
    if (heading) continue;
    if (value === undefined || others.length > 0)
      throw new LoadError(
        'BadValue',
        `must be two columns, time and value, got ${others.length + (value === undefined ? 1 : 2)}`,
        line,
      );
    points.push({ ...timeOf(time, line), value: valueOf(value, line), line });
  }
  return points;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string, line = 1): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
    throw new LoadError(
      'UnknownFormat',
      `is not JSON: ${message}`,
      line + text.slice(0, at).split('\n').length - 1,
    );
  }
}

function jsonPoints(text: string): RawPoint[] {
  const json = parseJson(text);
  const list = Array.isArray(json) ? json : isFields(json) ? (rangeValues(json) ?? json.points) : undefined;
  if (!Array.isArray(list))
    throw new LoadError(
      'UnknownFormat',
      'must be a list of points, {"points": [...]}, or the answer of a range query',
      1,
    );
  const lineOf = lineFinder(text);
  return list.map((item: unknown, index): RawPoint => {
    const line = lineOf(index);
    if (Array.isArray(item)) return { ...timeOf(item[0], line), value: valueOf(item[1], line), line };
    if (isFields(item))
      return {
        ...timeOf(item.t ?? item.time ?? item.timestamp, line),
        value: valueOf(item.value ?? item.v ?? null, line),
        line,
      };
    throw new LoadError(
      'BadValue',
      `point ${index + 1} must be [time, value] or a map with t and value`,
      line,
    );
  });
}

/** Points of a text with one a line lie on their own lines; others count as on the first. */
function lineFinder(text: string): (index: number) => number {
  const rows = text.split('\n');
  const starts = rows.flatMap((row, i) => (/^\s*(\[\s*["\d-]|\{\s*")/.test(row) ? [i + 1] : []));
  return (index) => (starts.length > index ? (starts[index] ?? 1) : 1);
}

/** `data.result[0].values` of /api/v1/query_range; several series are an error. */
function rangeValues(json: Fields): unknown {
  if (!isFields(json.data)) return undefined;
  const { result, resultType } = json.data;
  if (resultType !== 'matrix' || !Array.isArray(result))
    throw new LoadError(
      'UnknownFormat',
      `must be the answer of a range query (matrix), got ${String(resultType)}`,
      1,
    );
  if (result.length !== 1)
    throw new LoadError('BadValue', `must hold one series, got ${result.length}: sum them in the query`, 1);
  const [series]: unknown[] = result;
  return isFields(series) ? series.values : undefined;
}

/** Arrivals a second out of k6's points. */
function k6Points(text: string, metric: string): RawPoint[] {
  const counts = new Map<number, number>();
  let last = -Infinity;
  for (const [index, row] of text.split('\n').entries()) {
    if (row.trim() === '') continue;
    const json = parseJson(row, index + 1);
    if (!isFields(json) || json.type !== 'Point' || json.metric !== metric || !isFields(json.data)) continue;
    const { at } = timeOf(json.data.time, index + 1);
    // k6 writes several virtual users' points side by side: seconds may change places by a little.
    if (at < last - 10)
      throw new LoadError(
        'NotInOrder',
        `time ${at} comes after ${last}: the points are not in order of time`,
        index + 1,
      );
    last = Math.max(last, at);
    const second = Math.floor(at);
    counts.set(second, (counts.get(second) ?? 0) + (valueOf(json.data.value ?? 1, index + 1) ?? 0));
  }
  if (counts.size === 0) throw new LoadError('Empty', `holds no points of the metric ${metric}`, 1);
  const seconds = [...counts.keys()].sort((a, b) => a - b);
  const [from = 0] = seconds;
  const to = seconds.at(-1) ?? from;
  return Array.from({ length: to - from + 1 }, (_, i): RawPoint => ({
    at: from + i,
    value: counts.get(from + i) ?? 0,
    absolute: true,
  }));
}

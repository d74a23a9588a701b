/** Which Prometheus is followed where its versions differ: ranges and lookback of version 3 leave their left end out. */
export type Semantics = 2 | 3;

export interface RangeSamples {
  /** Milliseconds. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * rate, increase and delta: the change between the first and the last sample, stretched to the whole range where the samples
 * come close to its ends, and never below a counter's zero.
 *
 * @returns undefined with fewer than two samples
 */
export function extrapolatedChange(
  { times, values, startMs, endMs }: RangeSamples,
  {
    counter,
    perSecond,
    semantics,
  }: { readonly counter: boolean; readonly perSecond: boolean; readonly semantics: Semantics },
): number | undefined {
  const count = times.length;
  const firstTime = times[0];
  const lastTime = times[count - 1];
  const first = values[0];
  const last = values[count - 1];
  if (
    count < 2 ||
    firstTime === undefined ||
    lastTime === undefined ||
    first === undefined ||
    last === undefined
  )
    return undefined;
  let change = last - first;
  if (counter) {
    let previous = first;
    for (const value of values) {
      if (value < previous) change += previous;
      previous = value;
    }
  }
  const sampled = (lastTime - firstTime) / 1000;
  const average = sampled / (count - 1);
  const threshold = average * 1.1;
  const toEnd = (endMs - lastTime) / 1000;
  let toStart = (firstTime - startMs) / 1000;
  const toZero = counter && change > 0 && first >= 0 ? sampled * (first / change) : Number.POSITIVE_INFINITY;
  // Version 3 first cuts the distance to half an interval, then to the counter's zero; version 2 the other way round.
  if (semantics === 3) {
    if (toStart >= threshold) toStart = average / 2;
    toStart = Math.min(toStart, toZero);
  } else {
    toStart = Math.min(toStart, toZero);
    if (toStart >= threshold) toStart = average / 2;
  }
  const covered = sampled + toStart + (toEnd < threshold ? toEnd : average / 2);
  const factor = covered / sampled / (perSecond ? (endMs - startMs) / 1000 : 1);
  return change * factor;
}

/** irate and idelta: from the last two samples alone. */
export function lastChange({ times, values }: RangeSamples, perSecond: boolean): number | undefined {
  const n = times.length;
  const t1 = times[n - 2];
  const t2 = times[n - 1];
  const v1 = values[n - 2];
  const v2 = values[n - 1];
  if (t1 === undefined || t2 === undefined || v1 === undefined || v2 === undefined || t1 === t2)
    return undefined;
  if (!perSecond) return v2 - v1;
  return (v2 < v1 ? v2 : v2 - v1) / ((t2 - t1) / 1000);
}

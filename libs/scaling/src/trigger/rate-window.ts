/**
 * A ring of request counts, one a granularity, over a sliding window. Times are epoch milliseconds. Plain immutable data:
 * `recordRequests` gives a new one.
 */
export interface RateWindow {
  readonly windowMs: number;
  readonly granularityMs: number;
  readonly buckets: readonly number[];
  /** Start of the first bucket since the last pause of a whole window; null before the first record. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly total: number;
}

export function emptyRateWindow(windowMs: number, granularityMs: number): RateWindow {
  const buckets = new Array<number>(Math.ceil(windowMs / granularityMs)).fill(0);
  return { windowMs, granularityMs, buckets, firstMs: null, lastMs: null, total: 0 };
}

// Go counts the pieces of time from the year 1.
const year1Ms = -62_135_596_800_000;

const startOfBucket = (ms: number, granularityMs: number): number =>
  Math.floor((ms - year1Ms) / granularityMs) * granularityMs + year1Ms;

/** Which bucket a time belongs to, before the modulo. Granularities below a second count in milliseconds. */
function indexOf(ms: number, granularityMs: number): number {
  const seconds = Math.trunc(granularityMs / 1000);
  return seconds > 0 ? Math.trunc(Math.floor(ms / 1000) / seconds) : Math.floor(ms / granularityMs);
}

/** Adds requests at a time. A pause shorter than the window counts as zeros, a longer one begins anew. */
export function recordRequests(window: RateWindow, nowMs: number, requests: number): RateWindow {
  const { windowMs, granularityMs } = window;
  const bucketMs = startOfBucket(nowMs, granularityMs);
  const writeIndex = indexOf(nowMs, granularityMs);
  const lastMs = window.lastMs ?? -Infinity;
  if (bucketMs + windowMs <= lastMs) return window;
  const buckets = [...window.buckets];
  let { total, firstMs } = window;
  if (firstMs === null || firstMs > bucketMs) firstMs = bucketMs;
  if (bucketMs - lastMs >= windowMs) {
    firstMs = bucketMs;
    buckets.fill(0);
    total = 0;
  } else {
    for (let i = indexOf(lastMs, granularityMs) + 1; i <= writeIndex; i++) {
      total -= buckets[i % buckets.length] ?? 0;
      buckets[i % buckets.length] = 0;
    }
  }
  const at = writeIndex % buckets.length;
  buckets[at] = (buckets[at] ?? 0) + requests;
  return { ...window, buckets, firstMs, lastMs: Math.max(lastMs, bucketMs), total: total + requests };
}

/** Requests a bucket over the window's written part, to three decimals; 0 after a window without a record. */
export function windowAverage(window: RateWindow, nowMs: number): number {
  const { windowMs, granularityMs, buckets, firstMs, lastMs } = window;
  if (firstMs === null || lastMs === null) return 0;
  const age = startOfBucket(nowMs, granularityMs) - lastMs;
  if (age >= windowMs) return 0;
  let total = window.total;
  for (let i = indexOf(lastMs, granularityMs) + 1; i <= indexOf(nowMs, granularityMs); i++) {
    total -= buckets[i % buckets.length] ?? 0;
  }
  const written = Math.min(Math.trunc((lastMs - firstMs) / granularityMs) + 1, buckets.length);
  return Math.round((total / written) * 1000) / 1000;
}

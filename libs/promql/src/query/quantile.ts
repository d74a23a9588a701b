/** The φ-quantile by linear interpolation between ranks; below 0 and above 1 it is infinite, NaN sorts first. */
export function quantileOf(phi: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return Number.NEGATIVE_INFINITY;
  if (phi > 1) return Number.POSITIVE_INFINITY;
  const sorted = [...values].sort((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b));
  const rank = phi * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] ?? Number.NaN) * (1 - weight) + (sorted[upper] ?? Number.NaN) * weight;
}

export interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

/** The φ-quantile of a classic histogram: linear inside the bucket that the rank falls into. */
export function bucketQuantile(phi: number, given: readonly Bucket[]): number {
  if (Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return Number.NEGATIVE_INFINITY;
  if (phi > 1) return Number.POSITIVE_INFINITY;
  const buckets = monotonic(coalesced([...given].sort((a, b) => a.upperBound - b.upperBound)));
  const top = buckets[buckets.length - 1];
  if (!top || top.upperBound !== Number.POSITIVE_INFINITY || buckets.length < 2) return Number.NaN;
  if (top.count === 0 || Number.isNaN(top.count)) return Number.NaN;
  let rank = phi * top.count;
  let index = buckets.slice(0, -1).findIndex((bucket) => bucket.count >= rank);
  if (index < 0) index = buckets.length - 1;
  const bucket = buckets[index];
  const below = buckets[index - 1];
  if (!bucket) return Number.NaN;
  if (index === buckets.length - 1) return below?.upperBound ?? Number.NaN;
  if (index === 0 && bucket.upperBound <= 0) return bucket.upperBound;
  const start = below?.upperBound ?? 0;
  const count = bucket.count - (below?.count ?? 0);
  rank -= below?.count ?? 0;
  return start + (bucket.upperBound - start) * (rank / count);
}

function coalesced(sorted: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (const bucket of sorted) {
    const last = merged[merged.length - 1];
    if (last?.upperBound === bucket.upperBound)
      merged[merged.length - 1] = { ...last, count: last.count + bucket.count };
    else merged.push(bucket);
  }
  return merged;
}

/** Scrapes that race with updates can make a cumulative count fall: it must not. */
function monotonic(buckets: readonly Bucket[]): Bucket[] {
  let most = Number.NEGATIVE_INFINITY;
  return buckets.map((bucket) => {
    most = Math.max(most, bucket.count);
    return { ...bucket, count: most };
  });
}

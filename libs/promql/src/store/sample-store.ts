import { labelKey, metricName, type Labels } from '../labels';
import type { Matcher } from './matcher';
import { Series } from './series';

export interface SampleStoreOptions {
  /** How far back samples are kept, in milliseconds. Must cover the longest range of a query plus the lookback. Default 20 minutes. */
  readonly retentionMs?: number;
  /** Samples kept a series; the oldest go first. Default 2,400 (20 minutes at two a second). */
  readonly maxSamplesPerSeries?: number;
  /** Further series are refused and counted. Default 50,000. */
  readonly maxSeries?: number;
}

/** Samples in memory, bounded in time, series and samples a series. Times are milliseconds of the caller's clock. */
export class SampleStore {
  private readonly byKey = new Map<string, Series>();
  private readonly byName = new Map<string, Set<Series>>();
  private readonly retentionMs: number;
  private readonly maxSamples: number;
  private readonly maxSeries: number;
  private newestMs = Number.NEGATIVE_INFINITY;
  private sweptMs = Number.NEGATIVE_INFINITY;
  private refusedCount = 0;

  constructor(options: SampleStoreOptions = {}) {
    this.retentionMs = options.retentionMs ?? 20 * 60_000;
    this.maxSamples = options.maxSamplesPerSeries ?? 2_400;
    this.maxSeries = options.maxSeries ?? 50_000;
  }

  get seriesCount(): number {
    return this.byKey.size;
  }

  /** Samples that were not taken: out of order, or of a series too many. */
  get refused(): number {
    return this.refusedCount;
  }

  /** @returns false when the sample was refused */
  append(labels: Labels, timeMs: number, value: number): boolean {
    return this.put(labels, timeMs, value);
  }

  /** Ends a series at `timeMs`: queries at and after it do not see it, until it gets samples again. */
  markStale(labels: Labels, timeMs: number): boolean {
    return this.byKey.has(labelKey(labels)) && this.put(labels, timeMs, null);
  }

  /** Series that all matchers accept, in no particular order. */
  select(matchers: readonly Matcher[]): readonly Series[] {
    const name = matchers.find((m) => m.name === metricName && m.operator === '=');
    const candidates = name ? (this.byName.get(name.value) ?? []) : this.byKey.values();
    const found: Series[] = [];
    for (const series of candidates) {
      if (matchers.every((m) => m.accepts(series.labels[m.name] ?? ''))) found.push(series);
    }
    return found;
  }

  private put(labels: Labels, timeMs: number, value: number | null): boolean {
    const key = labelKey(labels);
    let series = this.byKey.get(key);
    if (!series) {
      if (this.byKey.size >= this.maxSeries) {
        this.refusedCount++;
        return false;
      }
      series = new Series(Object.fromEntries(Object.entries(labels).filter(([, v]) => v !== '')));
      this.byKey.set(key, series);
      const name = labels[metricName] ?? '';
      const named = this.byName.get(name) ?? new Set();
      this.byName.set(name, named.add(series));
    }
    if (!series.append(timeMs, value)) {
      this.refusedCount++;
      return false;
    }
    if (series.length > this.maxSamples) series.dropOldest();
    this.newestMs = Math.max(this.newestMs, timeMs);
    if (this.newestMs - this.sweptMs > this.retentionMs / 10) this.sweep();
    return true;
  }

  private sweep(): void {
    this.sweptMs = this.newestMs;
    const oldest = this.newestMs - this.retentionMs;
    for (const [key, series] of this.byKey) {
      series.dropBefore(oldest);
      if (series.length > 0) continue;
      this.byKey.delete(key);
      const name = series.labels[metricName] ?? '';
      const named = this.byName.get(name);
      named?.delete(series);
      if (named?.size === 0) this.byName.delete(name);
    }
  }
}

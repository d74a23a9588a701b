import { parseExposition, type Exposition } from '../exposition/parse';
import { labelKey, metricName, type Labels } from '../labels';
import type { SampleStore } from './sample-store';

export interface ScrapeOptions {
  /** Labels that the target itself sends win over the target's own. Default false: they are kept as `exported_<name>`. */
  readonly honorLabels?: boolean;
  /** Applied to each series; undefined drops it. Default: as it is. */
  readonly relabel?: (labels: Labels) => Labels | undefined;
}

/**
 * One scraped target: puts its samples into the store with the target's labels, marks series that it stops exposing as stale, and
 * keeps `up`, `scrape_duration_seconds` and `scrape_samples_scraped`.
 */
export class ScrapeTarget {
  private seen = new Map<string, Labels>();

  constructor(
    private readonly store: SampleStore,
    /** job, instance, namespace, pod, ... */
    readonly labels: Labels,
    private readonly options: ScrapeOptions = {},
  ) {}

  /**
   * A scrape that was answered.
   * @param durationSeconds what it took
   * @throws ExpositionError when the text does not parse; the scrape then counts as failed
   */
  succeed(text: string, timeMs: number, durationSeconds: number): void {
    let exposition: Exposition;
    try {
      exposition = parseExposition(text);
    } catch (error) {
      this.fail(timeMs, durationSeconds);
      throw error;
    }
    const now = new Map<string, Labels>();
    for (const sample of exposition.samples) {
      const labels = this.merge(sample.labels);
      if (!labels) continue;
      this.store.append(labels, sample.timestampMs ?? timeMs, sample.value);
      if (sample.timestampMs === undefined) now.set(labelKey(labels), labels);
    }
    this.endMissing(now, timeMs);
    this.seen = now;
    this.report(timeMs, 1, durationSeconds, exposition.samples.length);
  }

  /** A scrape that failed: all series of the target end. */
  fail(timeMs: number, durationSeconds: number): void {
    this.endMissing(new Map(), timeMs);
    this.seen = new Map();
    this.report(timeMs, 0, durationSeconds, 0);
  }

  /** The target is gone: its series end, `up` too. */
  remove(timeMs: number): void {
    this.endMissing(new Map(), timeMs);
    this.seen = new Map();
    for (const name of ['up', 'scrape_duration_seconds', 'scrape_samples_scraped']) {
      this.store.markStale({ ...this.labels, [metricName]: name }, timeMs);
    }
  }

  private merge(own: Labels): Labels | undefined {
    const merged: Record<string, string> = { ...own };
    for (const [name, value] of Object.entries(this.labels)) {
      const exposed = own[name];
      if (exposed !== undefined && exposed !== '') {
        if (this.options.honorLabels) continue;
        merged[`exported_${name}`] = exposed;
      }
      merged[name] = value;
    }
    return this.options.relabel ? this.options.relabel(merged) : merged;
  }

  private endMissing(now: ReadonlyMap<string, Labels>, timeMs: number): void {
    for (const [key, labels] of this.seen) if (!now.has(key)) this.store.markStale(labels, timeMs);
  }

  private report(timeMs: number, up: number, durationSeconds: number, samples: number): void {
    this.store.append({ ...this.labels, [metricName]: 'up' }, timeMs, up);
    this.store.append({ ...this.labels, [metricName]: 'scrape_duration_seconds' }, timeMs, durationSeconds);
    this.store.append({ ...this.labels, [metricName]: 'scrape_samples_scraped' }, timeMs, samples);
  }
}

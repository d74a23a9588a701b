import type { Registry } from 'prom-client';
import { SampledMetric, type Labels } from './sample';

/** Upper bounds in seconds when none are given. */
export const defaultBuckets: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One label set of a histogram. */
export class TimeSeries {
  readonly #bounds: readonly number[];
  /** Not cumulative; the last one is for values over the highest bound. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(
    readonly labels: Labels,
    bounds: readonly number[],
  ) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(seconds: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sum += seconds;
  }

  get count(): number {
    return this.#counts.reduce((total, count) => total + count, 0);
  }

  get sum(): number {
    return this.#sum;
  }

  /** Samples in Prometheus' cumulative form. */
  samples(name: string) {
    let total = 0;
    const buckets = [...this.#bounds.map(String), '+Inf'].map((le, index) => {
      total += this.#counts[index] as number;
      return { metricName: `${name}_bucket`, labels: { le, ...this.labels }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: this.labels, value: this.#sum },
      { metricName: `${name}_count`, labels: this.labels, value: total },
    ];
  }
}

/** A histogram of durations in seconds. A caller on a hot path keeps the series that it observes into. */
export class TimeHistogram extends SampledMetric {
  readonly type = 'histogram';
  readonly #series = new Map<string, TimeSeries>();
  readonly #bounds: readonly number[];

  constructor(registry: Registry, name: string, help: string, buckets: readonly number[] = defaultBuckets) {
    super(registry, name, help);
    this.#bounds = [...buckets].sort((a, b) => a - b);
  }

  /** The series of these labels, made when it is new. */
  series(labels: Labels = {}): TimeSeries {
    const key = Object.values(labels).join('\u0000');
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = new TimeSeries(labels, this.#bounds)));
    return series;
  }

  reset(): void {
    this.#series.clear();
  }

  protected samples() {
    return [...this.#series.values()].flatMap((series) => series.samples(this.name));
  }
}

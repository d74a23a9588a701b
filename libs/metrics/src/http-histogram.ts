import type { Registry } from 'prom-client';
import { TimeHistogram, type TimeSeries } from './time-histogram';

/** Methods are labels too: rare ones share one series. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'OTHER']);

/** `http_request_duration_seconds{route,method,status}`: route is a template, never a path that a client chose. */
export class HttpHistogram {
  readonly #histogram: TimeHistogram;
  readonly #known = new Map<string, Map<string, Map<number, TimeSeries>>>();

  constructor(registry: Registry, buckets?: readonly number[]) {
    this.#histogram = new TimeHistogram(
      registry,
      'http_request_duration_seconds',
      'Time from the arrival of a request to the end of its answer, by route template.',
      buckets,
    );
  }

  observe(route: string, method: string, status: number, seconds: number): void {
    this.series(route, method, status).observe(seconds);
  }

  series(route: string, method: string, status: number): TimeSeries {
    let byMethod = this.#known.get(route);
    if (!byMethod) this.#known.set(route, (byMethod = new Map()));
    let byStatus = byMethod.get(method);
    if (!byStatus) {
      if (!methods.has(method)) return this.series(route, 'OTHER', status);
      byMethod.set(method, (byStatus = new Map()));
    }
    let series = byStatus.get(status);
    if (!series) {
      series = this.#histogram.series({ route, method, status: String(status) });
      byStatus.set(status, series);
    }
    return series;
  }
}

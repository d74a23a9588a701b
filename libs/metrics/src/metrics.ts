import type { Registry as PromRegistry } from 'prom-client';
import Registry from 'prom-client/lib/registry';
import { HttpHistogram } from './http-histogram';
import { PlainCounter, PlainGauge } from './plain';
import { eventLoopMetrics, processMetrics } from './process-metrics';
import { TimeHistogram } from './time-histogram';

export interface MetricsOptions {
  /** Name of the service; its metrics are prefixed with it, `-` as `_`. */
  readonly service: string;
  /** Process and event-loop metrics; default true. */
  readonly defaults?: boolean;
  /** Period of the event-loop delay sampler in milliseconds; default 50. Shorter periods wake an idle process more. */
  readonly eventLoopResolutionMs?: number;
  /** Upper bounds of `http_request_duration_seconds` in seconds; default 5 ms to 10 s. */
  readonly httpBuckets?: readonly number[];
}

/** One service's metrics on a registry of their own. */
export interface Metrics {
  readonly service: string;
  /** `http_demo` for http-demo. */
  readonly prefix: string;
  readonly registry: PromRegistry;
  readonly http: HttpHistogram;
  /** `<service>_draining`: 1 from the moment that shutdown begins. */
  readonly draining: PlainGauge;
  /** `<service>_<name>`, without labels. */
  counter(name: string, help: string): PlainCounter;
  gauge(name: string, help: string, read?: () => number): PlainGauge;
  histogram(name: string, help: string, buckets?: readonly number[]): TimeHistogram;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const { service, defaults = true, eventLoopResolutionMs, httpBuckets } = options;
  const prefix = service.replaceAll('-', '_');
  const registry = new Registry();
  if (defaults) {
    processMetrics(registry);
    eventLoopMetrics(registry, eventLoopResolutionMs);
  }
  return {
    service,
    prefix,
    registry,
    http: new HttpHistogram(registry, httpBuckets),
    draining: new PlainGauge(registry, `${prefix}_draining`, '1 while the service shuts down.'),
    counter: (name, help) => new PlainCounter(registry, `${prefix}_${name}`, help),
    gauge: (name, help, read) => new PlainGauge(registry, `${prefix}_${name}`, help, read),
    histogram: (name, help, buckets) => new TimeHistogram(registry, `${prefix}_${name}`, help, buckets),
  };
}

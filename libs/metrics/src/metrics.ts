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
  /** `<service>_draining`: 1 from the moment that shutdown begins. The process's own: `of` another service is the same. */
  readonly draining: PlainGauge;
  /** `<service>_<name>`, without labels. */
  counter(name: string, help: string): PlainCounter;
  gauge(name: string, help: string, read?: () => number): PlainGauge;
  histogram(name: string, help: string, buckets?: readonly number[]): TimeHistogram;
  /** The same registry for a second service in the process, under that one's prefix. */
  of(service: string): Metrics;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const { service, defaults = true, eventLoopResolutionMs, httpBuckets } = options;
  const registry = new Registry();
  if (defaults) {
    processMetrics(registry);
    eventLoopMetrics(registry, eventLoopResolutionMs);
  }
  const http = new HttpHistogram(registry, httpBuckets);
  const draining = new PlainGauge(
    registry,
    `${prefixOf(service)}_draining`,
    '1 while the service shuts down.',
  );
  const named = (name: string): Metrics => {
    const prefix = prefixOf(name);
    return {
      service: name,
      prefix,
      registry,
      http,
      draining,
      counter: (metric, help) => new PlainCounter(registry, `${prefix}_${metric}`, help),
      gauge: (metric, help, read) => new PlainGauge(registry, `${prefix}_${metric}`, help, read),
      histogram: (metric, help, buckets) => new TimeHistogram(registry, `${prefix}_${metric}`, help, buckets),
      of: named,
    };
  };
  return named(service);
}

const prefixOf = (service: string): string => service.replaceAll('-', '_');

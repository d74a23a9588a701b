import { KeyedCounter } from './keyed-counter';
import type { Metrics } from './metrics';
import type { PlainCounter, PlainGauge } from './plain';
import { TimeHistogram, type TimeSeries } from './time-histogram';

export interface WorkMetricsOptions {
  /** Values of the `outcome` label that exist from the start; default `ok` and `failed`. */
  readonly outcomes?: readonly string[];
  /** Upper bounds of `<service>_processing_seconds`; default 5 ms to 10 s. */
  readonly buckets?: readonly number[];
  /** Asked for `<service>_in_flight` at each scrape, where somebody keeps count already; default: what `inFlight` was set to. */
  readonly inFlight?: () => number;
}

/** What every workload tells about its work, whatever the work is. */
export interface WorkMetrics {
  /** `<service>_in_flight` */
  readonly inFlight: PlainGauge;
  /** `<service>_processed_total{outcome}` */
  readonly processed: KeyedCounter;
  /** `<service>_processing_seconds` */
  readonly processingSeconds: TimeSeries;
  /** `<service>_redelivered_total` */
  readonly redelivered: PlainCounter;
  /** `<service>_dead_lettered_total` */
  readonly deadLettered: PlainCounter;
  /** `<service>_draining` */
  readonly draining: PlainGauge;
}

export interface QueueWorkMetricsOptions extends WorkMetricsOptions {
  /** Asked for `<service>_backlog_age_seconds` at each scrape; default: what `backlogAgeSeconds` was set to. */
  readonly backlogAgeSeconds?: () => number;
}

export interface QueueWorkMetrics extends WorkMetrics {
  /** `<service>_backlog_age_seconds`: age of the oldest message seen waiting. */
  readonly backlogAgeSeconds: PlainGauge;
}

export function workMetrics(metrics: Metrics, options: WorkMetricsOptions = {}): WorkMetrics {
  const { registry, prefix } = metrics;
  const { outcomes = ['ok', 'failed'], buckets } = options;
  const seconds = `${prefix}_processing_seconds`;
  return {
    inFlight: metrics.gauge('in_flight', 'Units of work being processed.', options.inFlight),
    processed: new KeyedCounter(
      registry,
      `${prefix}_processed_total`,
      'Units of work finished, by outcome.',
      'outcome',
      outcomes,
    ),
    processingSeconds: new TimeHistogram(
      registry,
      seconds,
      'Time spent on a unit of work.',
      buckets,
    ).series(),
    redelivered: metrics.counter('redelivered_total', 'Units of work that were delivered before.'),
    deadLettered: metrics.counter('dead_lettered_total', 'Units of work given up and put aside.'),
    draining: metrics.draining,
  };
}

/** As workMetrics, and the age of the backlog: for workers that take from a queue or a log. */
export function queueWorkMetrics(metrics: Metrics, options: QueueWorkMetricsOptions = {}): QueueWorkMetrics {
  return {
    ...workMetrics(metrics, options),
    backlogAgeSeconds: metrics.gauge(
      'backlog_age_seconds',
      'Age of the oldest unit of work that waits.',
      options.backlogAgeSeconds,
    ),
  };
}

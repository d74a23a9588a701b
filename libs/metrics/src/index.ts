export type { Registry } from 'prom-client';
export { default as Counter } from 'prom-client/lib/counter';
export { default as Gauge } from 'prom-client/lib/gauge';
export { default as Histogram } from 'prom-client/lib/histogram';
export { HttpHistogram } from './http-histogram';
export { KeyedCounter } from './keyed-counter';
export { createMetrics, type Metrics, type MetricsOptions } from './metrics';
export { PlainCounter, PlainGauge } from './plain';
export type { Labels } from './sample';
export { defaultBuckets, TimeHistogram, TimeSeries } from './time-histogram';
export {
  queueWorkMetrics,
  workMetrics,
  type QueueWorkMetrics,
  type QueueWorkMetricsOptions,
  type WorkMetrics,
  type WorkMetricsOptions,
} from './work-metrics';

export { type CronSettings } from './cron';
export { type ExternalPushSettings, routeMetricNames } from './external-push';
export { type HttpAuth, type HttpAuthMode } from './http-auth';
export { type KafkaSettings } from './kafka-settings';
export * from './metric-spec';
export { type MetricsApiSettings } from './metrics-api';
export { type Milli, milliToFloat } from './milli';
export * from './observation';
export { type PrometheusSettings, prometheusQueryUrl } from './prometheus';
export { trigger } from './registry';
export {
  beginRouteCounts,
  type InterceptorCounts,
  type InterceptorPods,
  type RouteCountsState,
  stepRouteCounts,
} from './route-counts';
export { type SqsSettings } from './aws-sqs-queue';
export {
  type InterceptorRouteMetrics,
  type ParsedTrigger,
  type TriggerContext,
  type TriggerErrorCode,
  type TriggerFailure,
  type TriggerManifest,
  type TriggerResult,
  type TriggerState,
  type TriggerType,
  type TriggerValue,
} from './trigger';
export { type WorkloadSettings } from './kubernetes-workload';

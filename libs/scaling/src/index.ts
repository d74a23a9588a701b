export {};
export * from './keda/hpa-manifest';
export * from './keda/loop-types';
export * from './keda/scaled-object';
export * from './keda/trace';
export * from './trigger/metric-spec';
export * from './trigger/milli';
export * from './trigger/observation';
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
} from './trigger/trigger';

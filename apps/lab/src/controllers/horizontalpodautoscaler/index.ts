export {
  horizontalPodAutoscalerController,
  type HpaControllerOptions,
} from './horizontalpodautoscaler-controller';
export type {
  ExternalMetricsSource,
  HpaRecord,
  PodMetricsSource,
  PodUsageSample,
  RecordHpaSync,
} from './sources';

export { ScaledObjectController } from './scaledobject-controller';
export type {
  KedaPollRecord,
  KedaRecorder,
  MetricRequestRecord,
  ScaledObjectControllerOptions,
  TriggerObserver,
} from './sources';

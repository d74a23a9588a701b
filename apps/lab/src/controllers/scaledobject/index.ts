export { ScaledObjectController } from './scaledobject-controller';
export type {
  KedaPollRecord,
  KedaRecorder,
  MetricRequestRecord,
  ScaledObjectControllerOptions,
} from './sources';
export type { TriggerObserver } from '../keda/trigger-observer';

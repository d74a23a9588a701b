import type { ResourceType } from '@scalelab/kube';
import { workloadControllers, type ControllerFactory } from './controllers';
import {
  horizontalPodAutoscalerController,
  type HpaControllerOptions,
} from './controllers/horizontalpodautoscaler';
import { scaledJobController, type ScaledJobControllerOptions } from './controllers/scaledjob';
import { ScaledObjectController, type ScaledObjectControllerOptions } from './controllers/scaledobject';

export interface LabControllersOptions {
  /** All resource types that the API serves. */
  readonly types: readonly ResourceType[];
  readonly hpa: Omit<HpaControllerOptions, 'externalMetrics'>;
  readonly keda: ScaledObjectControllerOptions;
  readonly scaledJobs: ScaledJobControllerOptions;
  /** Given KEDA's controller once it is made: the interceptor's pushes go there. */
  readonly onKeda: (keda: ScaledObjectController) => void;
}

/** Every controller of the lab. */
export function labControllers(options: LabControllersOptions): ControllerFactory[] {
  let operator: ScaledObjectController | undefined;
  const externalMetrics: HpaControllerOptions['externalMetrics'] = {
    read: (...question) =>
      operator?.read(...question) ?? Promise.reject(new Error('KEDA has not started yet')),
  };
  return [
    ...workloadControllers(options.types),
    (context) => {
      operator = new ScaledObjectController(context, options.keda);
      options.onKeda(operator);
      return operator;
    },
    scaledJobController(options.scaledJobs),
    horizontalPodAutoscalerController({ ...options.hpa, externalMetrics }),
  ];
}

import { resources, type ResourceType } from '@scalelab/kube';
import type { ControllerFactory } from './controllers/controller';
import { DeploymentController } from './controllers/deployment/deployment-controller';
import { DisruptionController } from './controllers/disruption/disruption-controller';
import { EndpointsController } from './controllers/endpoints/endpoints-controller';
import { GarbageCollector } from './controllers/garbage/garbage-collector';
import {
  horizontalPodAutoscalerController,
  type HpaControllerOptions,
} from './controllers/horizontalpodautoscaler';
import { NamespaceController } from './controllers/namespaces/namespace-controller';
import { ReplicaSetController } from './controllers/replicaset/replicaset-controller';
import { ScaledObjectController, type ScaledObjectControllerOptions } from './controllers/scaledobject';
import { PodScheduler } from './controllers/scheduling/pod-scheduler';

export interface LabControllersOptions {
  readonly hpa: Omit<HpaControllerOptions, 'externalMetrics'>;
  readonly keda: ScaledObjectControllerOptions;
  /** Given KEDA's controller once it is made: the interceptor's pushes go there. */
  readonly onKeda: (keda: ScaledObjectController) => void;
}

/** Every controller of the lab. */
export function labControllers({ hpa, keda, onKeda }: LabControllersOptions): ControllerFactory[] {
  let operator: ScaledObjectController | undefined;
  const externalMetrics: HpaControllerOptions['externalMetrics'] = {
    read: (...question) =>
      operator?.read(...question) ?? Promise.reject(new Error('KEDA has not started yet')),
  };
  const stored: readonly ResourceType[] = Object.values(resources).filter(
    ({ group }) => group !== 'metrics.k8s.io',
  );
  return [
    (context) => new NamespaceController(context, stored),
    (context) => new DeploymentController(context),
    (context) => new ReplicaSetController(context),
    (context) => new PodScheduler(context),
    (context) => new EndpointsController(context),
    (context) => new DisruptionController(context),
    (context) => new GarbageCollector(context, stored),
    (context) => {
      operator = new ScaledObjectController(context, keda);
      onKeda(operator);
      return operator;
    },
    horizontalPodAutoscalerController({ ...hpa, externalMetrics }),
  ];
}

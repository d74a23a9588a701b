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
import { PodScheduler } from './controllers/scheduling/pod-scheduler';

/** Every controller of the lab. */
export function labControllers(hpa: HpaControllerOptions): ControllerFactory[] {
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
    horizontalPodAutoscalerController(hpa),
  ];
}

import type { ResourceType } from '@scalelab/kube';
import type { ControllerFactory } from './controller';
import { CronJobController } from './cronjob/cronjob-controller';
import { DeploymentController } from './deployment/deployment-controller';
import { DisruptionController } from './disruption/disruption-controller';
import { EndpointsController } from './endpoints/endpoints-controller';
import { GarbageCollector } from './garbage/garbage-collector';
import { JobController } from './job/job-controller';
import { NamespaceController } from './namespaces/namespace-controller';
import { ReplicaSetController } from './replicaset/replicaset-controller';
import { PodScheduler } from './scheduling/pod-scheduler';

export {
  startControllers,
  type Controller,
  type ControllerContext,
  type ControllerFactory,
  type ControllerLog,
} from './controller';
export { EventRecorder, type EventRecorderOptions } from './event-recorder';
export { ensureNamespaces, systemNamespaces } from './namespaces/namespace-controller';

/** Everything that runs workloads, without the autoscalers. @param types all resource types that the API serves */
export function workloadControllers(types: readonly ResourceType[]): readonly ControllerFactory[] {
  // Events own nothing and are owned by nobody, but there are many of them.
  const owned = types.filter(({ kind }) => kind !== 'Event');
  return [
    (context) => new PodScheduler(context),
    (context) => new ReplicaSetController(context),
    (context) => new DeploymentController(context),
    (context) => new JobController(context),
    (context) => new CronJobController(context),
    (context) => new EndpointsController(context),
    (context) => new DisruptionController(context),
    (context) => new NamespaceController(context, types),
    (context) => new GarbageCollector(context, owned),
  ];
}

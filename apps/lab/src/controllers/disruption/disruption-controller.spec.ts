import { resources } from '@scalelab/kube';
import type { PodDisruptionBudget } from '@scalelab/manifests';
import type { ControllerContext } from '../controller';
import { DeploymentController } from '../deployment/deployment-controller';
import { ReplicaSetController } from '../replicaset/replicaset-controller';
import { controllerWorld, deploymentOf } from '../testing/controller-world';
import { DisruptionController } from './disruption-controller';

const factories = [
  (context: ControllerContext) => new DeploymentController(context),
  (context: ControllerContext) => new ReplicaSetController(context),
  (context: ControllerContext) => new DisruptionController(context),
];

describe('DisruptionController', () => {
  it.each([
    [{ minAvailable: 2 }, { desiredHealthy: 2, disruptionsAllowed: 2, expectedPods: 4 }],
    [{ minAvailable: '50%' }, { desiredHealthy: 2, disruptionsAllowed: 2, expectedPods: 4 }],
    [{ maxUnavailable: 1 }, { desiredHealthy: 3, disruptionsAllowed: 1, expectedPods: 4 }],
    [{ maxUnavailable: '30%' }, { desiredHealthy: 2, disruptionsAllowed: 2, expectedPods: 4 }],
    [{ minAvailable: 5 }, { desiredHealthy: 5, disruptionsAllowed: 0, expectedPods: 4 }],
  ])('allows what %j leaves of four ready pods', async (spec, expected) => {
    const world = await controllerWorld(factories);
    await world.client.create(resources.PodDisruptionBudget, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    });
    await world.client.create(resources.Deployment, deploymentOf('web', 4));
    await world.clock.advance(3000);
    const [budget] = world.list<PodDisruptionBudget>(resources.PodDisruptionBudget);
    expect(budget?.status).toMatchObject({ currentHealthy: 4, ...expected });
    world.stop();
  });
});

import { resources } from '@scalelab/kube';
import type { ControllerContext } from '../controller';
import { DeploymentController } from '../deployment/deployment-controller';
import { GarbageCollector } from '../garbage/garbage-collector';
import { ReplicaSetController } from '../replicaset/replicaset-controller';
import { controllerWorld, deploymentOf, type ControllerWorld } from '../testing/controller-world';
import { ensureNamespaces, NamespaceController } from './namespace-controller';

const types = [
  resources.Namespace,
  resources.Deployment,
  resources.ReplicaSet,
  resources.Pod,
  resources.ServiceAccount,
];
const factories = [
  (context: ControllerContext) => new DeploymentController(context),
  (context: ControllerContext) => new ReplicaSetController(context),
  (context: ControllerContext) => new GarbageCollector(context, types),
  (context: ControllerContext) => new NamespaceController(context, types),
];

describe('NamespaceController', () => {
  let world: ControllerWorld;
  beforeEach(async () => {
    world = await controllerWorld(factories);
  });
  afterEach(() => world.stop());
  const names = () => world.list(resources.Namespace).map(({ metadata }) => metadata.name);

  it('empties a deleted namespace, pods last, and lets it go', async () => {
    await ensureNamespaces(world.client, ['shop']);
    const deployment = deploymentOf('web', 2);
    const moved = { ...deployment, metadata: { ...deployment.metadata, namespace: 'shop' } };
    await world.client.create(resources.Deployment, moved);
    await world.client.create(resources.Deployment, deployment);
    await world.clock.advance(3000);
    await world.client.delete(resources.Namespace, undefined, 'shop');
    await world.clock.advance(100);
    expect(names()).toEqual(['default', 'shop']);
    expect(world.list(resources.Deployment, 'shop')).toEqual([]);
    await expect(world.client.create(resources.Deployment, moved)).rejects.toMatchObject({
      reason: 'Forbidden',
    });
    await world.clock.advance(5000);
    expect(names()).toEqual(['default']);
    expect(world.pods()).toHaveLength(2);
  });

  it('gives each namespace a default service account, again after it was deleted', async () => {
    await ensureNamespaces(world.client, ['default', 'shop']);
    await world.clock.advance(10);
    const accounts = () =>
      world.list(resources.ServiceAccount).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(accounts()).toEqual(['default/default', 'shop/default']);
    await world.client.delete(resources.ServiceAccount, 'shop', 'default');
    await world.clock.advance(10);
    expect(accounts()).toEqual(['default/default', 'shop/default']);
  });
});

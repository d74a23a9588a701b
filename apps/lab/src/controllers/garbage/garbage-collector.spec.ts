import { resources, type KubeObject } from '@scalelab/kube';
import type { ControllerContext } from '../controller';
import { DeploymentController } from '../deployment/deployment-controller';
import { ReplicaSetController } from '../replicaset/replicaset-controller';
import { controllerWorld, deploymentOf, type ControllerWorld } from '../testing/controller-world';
import { GarbageCollector } from './garbage-collector';

const types = [resources.Deployment, resources.ReplicaSet, resources.Pod, resources.ConfigMap];
const factories = [
  (context: ControllerContext) => new DeploymentController(context),
  (context: ControllerContext) => new ReplicaSetController(context),
  (context: ControllerContext) => new GarbageCollector(context, types),
];

const configMap = (name: string, owners: readonly KubeObject[], block = false): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: 'default',
    ownerReferences: owners.map(({ apiVersion, kind, metadata }) => ({
      apiVersion,
      kind,
      name: metadata.name,
      uid: metadata.uid ?? '',
      blockOwnerDeletion: block,
    })),
  },
});

describe('GarbageCollector', () => {
  let world: ControllerWorld;
  beforeEach(async () => {
    world = await controllerWorld(factories);
  });
  afterEach(() => {
    world.stop();
    expect(world.warnings).toEqual([]);
  });
  const maps = () => world.list(resources.ConfigMap).map(({ metadata }) => metadata.name);

  it('takes ReplicaSets and pods after their Deployment', async () => {
    await world.client.create(resources.Deployment, deploymentOf('web', 3));
    await world.clock.advance(3000);
    await world.client.delete(resources.Deployment, 'default', 'web');
    await world.clock.advance(0);
    expect(world.replicaSets()).toEqual([]);
    expect(world.pods().every(({ metadata }) => metadata.deletionTimestamp !== undefined)).toBe(true);
    await world.clock.advance(1000);
    expect(world.pods()).toEqual([]);
  });

  it('foreground: the owner goes last', async () => {
    await world.client.create(resources.Deployment, deploymentOf('web', 2));
    await world.clock.advance(3000);
    await world.client.delete(resources.Deployment, 'default', 'web', { propagationPolicy: 'Foreground' });
    await world.clock.advance(400);
    expect(world.deployment('web').metadata.deletionTimestamp).toBeDefined();
    expect(world.replicaSets()).toHaveLength(1);
    expect(world.pods()).toHaveLength(2);
    await world.clock.advance(1000);
    expect(world.list(resources.Deployment)).toEqual([]);
    expect(world.replicaSets()).toEqual([]);
    expect(world.pods()).toEqual([]);
  });

  it('orphan: the dependents stay and lose their owner', async () => {
    await world.client.create(resources.Deployment, deploymentOf('web', 2));
    await world.clock.advance(3000);
    await world.client.delete(resources.Deployment, 'default', 'web', { propagationPolicy: 'Orphan' });
    await world.clock.advance(3000);
    expect(world.list(resources.Deployment)).toEqual([]);
    expect(world.replicaSets().map(({ metadata }) => metadata.ownerReferences)).toEqual([[]]);
    expect(world.pods()).toHaveLength(2);
  });

  it('keeps what still has one owner, without the reference to the other', async () => {
    const owners = await Promise.all(
      ['a', 'b'].map((name) => world.client.create(resources.ConfigMap, configMap(name, []))),
    );
    await world.client.create(resources.ConfigMap, configMap('shared', owners));
    await world.client.delete(resources.ConfigMap, 'default', 'a');
    await world.clock.advance(10);
    expect(maps()).toEqual(['b', 'shared']);
    const [, shared] = world.list(resources.ConfigMap);
    expect(shared?.metadata.ownerReferences?.map(({ name }) => name)).toEqual(['b']);
    await world.client.delete(resources.ConfigMap, 'default', 'b');
    await world.clock.advance(10);
    expect(maps()).toEqual([]);
  });

  it('deletes what is created with an owner that is gone, also where a namesake lives', async () => {
    const old = await world.client.create(resources.ConfigMap, configMap('owner', []));
    await world.client.delete(resources.ConfigMap, 'default', 'owner');
    await world.client.create(resources.ConfigMap, configMap('owner', []));
    await world.client.create(resources.ConfigMap, configMap('late', [old]));
    await world.clock.advance(10);
    expect(maps()).toEqual(['owner']);
  });

  it('leaves alone what is owned by a kind it does not know', async () => {
    const foreign = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w', uid: 'u' } };
    await world.client.create(resources.ConfigMap, configMap('kept', [foreign]));
    await world.clock.advance(1000);
    expect(maps()).toEqual(['kept']);
  });
});

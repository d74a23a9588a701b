import { apiErrors, resources, type KubeObject } from '@scalelab/kube';
import type { Pod, ReplicaSet } from '@scalelab/manifests';
import { controllerWorld, type ControllerWorld } from '../testing/controller-world';
import { ReplicaSetController } from './replicaset-controller';

const factories = [
  (context: ConstructorParameters<typeof ReplicaSetController>[0]) => new ReplicaSetController(context),
];

const replicaSetOf = (replicas: number, spec: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web', tier: 'front' } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    },
    ...spec,
  },
});

describe('ReplicaSetController', () => {
  let world: ControllerWorld;
  afterEach(() => world.stop());
  const status = () => world.replicaSets()[0]?.status;

  it('reports pods as they become ready', async () => {
    world = await controllerWorld(factories, { readyAfterMs: 2000 });
    await world.client.create(resources.ReplicaSet, replicaSetOf(3));
    await world.clock.advance(1000);
    expect(status()).toMatchObject({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 0,
      availableReplicas: 0,
    });
    await world.clock.advance(2000);
    expect(status()).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
  });

  it('counts a pod as available only minReadySeconds after it became ready', async () => {
    world = await controllerWorld(factories);
    await world.client.create(resources.ReplicaSet, replicaSetOf(1, { minReadySeconds: 10 }));
    await world.clock.advance(9000);
    expect(status()).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
    await world.clock.advance(3000);
    expect(status()).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
  });

  it('replaces finished pods and never makes more than asked for', async () => {
    world = await controllerWorld(factories);
    await world.client.create(resources.ReplicaSet, replicaSetOf(2));
    await world.clock.advance(2000);
    await world.kubelet.finish(world.pods()[0]?.metadata.name ?? '', 'default', 'Failed');
    await world.clock.advance(5000);
    expect(world.pods().filter((pod) => pod.status?.phase === 'Running')).toHaveLength(2);
    expect(world.kubelet.started).toHaveLength(3);
  });

  it('adopts an orphan that matches and lets go of a pod whose labels no longer do', async () => {
    world = await controllerWorld(factories);
    const orphan = { name: 'orphan', namespace: 'default', labels: { app: 'web' } };
    const spec = { containers: [{ name: 'web', image: 'web:1' }] };
    await world.client.create(resources.Pod, { apiVersion: 'v1', kind: 'Pod', metadata: orphan, spec });
    await world.client.create(resources.ReplicaSet, replicaSetOf(2));
    await world.clock.advance(3000);
    expect(world.pods()).toHaveLength(2);
    expect(
      (await world.client.get<Pod>(resources.Pod, 'default', 'orphan')).metadata.ownerReferences?.[0]?.name,
    ).toBe('web');
    await world.client.patch(resources.Pod, 'default', 'orphan', { metadata: { labels: { app: 'debug' } } });
    await world.clock.advance(3000);
    const freed = await world.client.get<Pod>(resources.Pod, 'default', 'orphan');
    expect(freed.metadata.ownerReferences).toEqual([]);
    expect(world.pods()).toHaveLength(3);
    expect(status()).toMatchObject({ replicas: 2 });
  });

  it('shows a refused creation as a condition and goes on trying', async () => {
    let quota = true;
    world = await controllerWorld(factories, {
      store: {
        now: () => world?.clock.now() ?? 0,
        admission: [
          (object, { type, operation }) => {
            if (quota && type.kind === 'Pod' && operation === 'CREATE') {
              throw apiErrors.forbidden(type, object.metadata.name, 'exceeded quota: pods');
            }
            return object;
          },
        ],
      },
    });
    await world.client.create(resources.ReplicaSet, replicaSetOf(1));
    await world.clock.advance(1000);
    expect(status()?.conditions).toEqual([
      expect.objectContaining({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }),
    ]);
    expect(world.warnings.length).toBeGreaterThan(1);
    quota = false;
    await world.clock.advance(60_000);
    expect(status()).toMatchObject({ replicas: 1, readyReplicas: 1 });
    expect(status()?.conditions).toBeUndefined();
  });

  it('does not choose a pod twice while its deletion is under way', async () => {
    world = await controllerWorld(factories, { stopAfterMs: 20_000 });
    await world.client.create(resources.ReplicaSet, replicaSetOf(5));
    await world.clock.advance(2000);
    for (const replicas of [4, 3, 2]) {
      await world.client.patch<ReplicaSet>(resources.ReplicaSet, 'default', 'web', { spec: { replicas } });
      await world.clock.advance(10);
    }
    const stopping = world.pods().filter((pod) => pod.metadata.deletionTimestamp !== undefined);
    expect(stopping).toHaveLength(3);
    expect(status()).toMatchObject({ replicas: 2 });
  });
});

import { resources } from '@scalelab/kube';
import type { Deployment } from '@scalelab/manifests';
import { ReplicaSetController } from '../replicaset/replicaset-controller';
import { controllerWorld, deploymentOf, type ControllerWorld } from '../testing/controller-world';
import { DeploymentController } from './deployment-controller';

const factories = [
  (context: ConstructorParameters<typeof DeploymentController>[0]) => new DeploymentController(context),
  (context: ConstructorParameters<typeof ReplicaSetController>[0]) => new ReplicaSetController(context),
];

describe('DeploymentController', () => {
  let world: ControllerWorld;
  afterEach(() => {
    world.stop();
    expect(world.warnings).toEqual([]);
  });

  const setImage = (name: string, image: string) =>
    world.client.patch(
      resources.Deployment,
      'default',
      name,
      { spec: { template: { spec: { containers: [{ name, image }] } } } },
      { type: 'strategic' },
    );
  const condition = (deployment: Deployment, type: string) =>
    deployment.status?.conditions?.find((one) => one.type === type);
  const images = () => world.pods().map((pod) => pod.spec.containers[0]?.image);

  it('brings up the wanted pods and says that it has', async () => {
    world = await controllerWorld(factories);
    await world.client.create(resources.Deployment, deploymentOf('web', 3));
    await world.clock.advance(5000);
    const deployment = world.deployment('web');
    expect(deployment.status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
    expect(condition(deployment, 'Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
    });
    expect(condition(deployment, 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
    });
    const [replicaSet] = world.replicaSets();
    expect(replicaSet?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
    expect(world.pods().every((pod) => pod.metadata.name.startsWith(`${replicaSet?.metadata.name}-`))).toBe(
      true,
    );
    expect(world.events('Deployment')).toEqual([
      `ScalingReplicaSet: Scaled up replica set ${replicaSet?.metadata.name} from 0 to 3`,
    ]);
  });

  it('settles: nothing is written while nothing changes', async () => {
    world = await controllerWorld(factories);
    await world.client.create(resources.Deployment, deploymentOf('web', 2));
    await world.clock.advance(5000);
    const version = world.store.resourceVersion;
    await world.clock.advance(600_000);
    expect(world.store.resourceVersion).toBe(version);
  });

  it('follows the scale subresource in both directions', async () => {
    world = await controllerWorld(factories);
    await world.client.create(resources.Deployment, deploymentOf('web', 1));
    await world.clock.advance(3000);
    await world.client.updateScale(resources.Deployment, 'default', 'web', 6);
    await world.clock.advance(3000);
    expect(world.pods()).toHaveLength(6);
    expect(await world.client.getScale(resources.Deployment, 'default', 'web')).toMatchObject({
      specReplicas: 6,
      statusReplicas: 6,
      selector: 'app=web',
    });
    await world.client.updateScale(resources.Deployment, 'default', 'web', 0);
    await world.clock.advance(3000);
    expect(world.pods()).toHaveLength(0);
    expect(world.deployment('web').status?.replicas).toBeUndefined();
  });

  it('brings deleted pods and a deleted ReplicaSet back', async () => {
    world = await controllerWorld(factories);
    await world.client.create(resources.Deployment, deploymentOf('web', 2));
    await world.clock.advance(3000);
    const [victim] = world.pods();
    await world.client.delete(resources.Pod, 'default', victim?.metadata.name ?? '');
    await world.clock.advance(3000);
    expect(world.pods()).toHaveLength(2);
    expect(world.pods().map((pod) => pod.metadata.uid)).not.toContain(victim?.metadata.uid);
    const [replicaSet] = world.replicaSets();
    await world.client.delete(resources.ReplicaSet, 'default', replicaSet?.metadata.name ?? '');
    await world.clock.advance(3000);
    expect(world.replicaSets()).toHaveLength(1);
    expect(world.replicaSets()[0]?.metadata.uid).not.toBe(replicaSet?.metadata.uid);
  });

  it('rolls a new template out within maxSurge and maxUnavailable', async () => {
    world = await controllerWorld(factories);
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } };
    await world.client.create(resources.Deployment, deploymentOf('web', 4, { strategy }));
    await world.clock.advance(3000);
    await setImage('web', 'web:2');
    let most = 0;
    let leastReady = Infinity;
    for (let i = 0; i < 100; i++) {
      await world.clock.advance(100);
      const pods = world.pods().filter((pod) => pod.metadata.deletionTimestamp === undefined);
      most = Math.max(most, pods.length);
      const ready = pods.filter((pod) =>
        pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
      );
      leastReady = Math.min(leastReady, ready.length);
    }
    expect(images()).toEqual(Array(4).fill('web:2'));
    expect(most).toBe(5);
    expect(leastReady).toBeGreaterThanOrEqual(3);
    expect(world.replicaSets().map(({ spec }) => spec.replicas)).toEqual(expect.arrayContaining([0, 4]));
    expect(condition(world.deployment('web'), 'Progressing')?.reason).toBe('NewReplicaSetAvailable');
  });

  it('keeps the old pods when the new ones never become ready, and says so at the deadline', async () => {
    world = await controllerWorld(factories, {
      neverReady: (pod) => pod.spec.containers[0]?.image === 'web:bad',
    });
    await world.client.create(resources.Deployment, deploymentOf('web', 4, { progressDeadlineSeconds: 60 }));
    await world.clock.advance(3000);
    await setImage('web', 'web:bad');
    await world.clock.advance(30_000);
    expect(images().filter((image) => image === 'web:1').length).toBeGreaterThanOrEqual(3);
    expect(condition(world.deployment('web'), 'Progressing')?.status).toBe('True');
    await world.clock.advance(60_000);
    expect(condition(world.deployment('web'), 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    await setImage('web', 'web:1');
    await world.clock.advance(10_000);
    expect(images()).toEqual(Array(4).fill('web:1'));
    expect(world.deployment('web').metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  });

  it('recreates: no new pod before the last old one is gone', async () => {
    world = await controllerWorld(factories, { stopAfterMs: 2000 });
    await world.client.create(
      resources.Deployment,
      deploymentOf('web', 2, { strategy: { type: 'Recreate' } }),
    );
    await world.clock.advance(3000);
    await setImage('web', 'web:2');
    for (let i = 0; i < 50; i++) {
      await world.clock.advance(100);
      expect(new Set(images()).size).toBeLessThanOrEqual(1);
    }
    expect(images()).toEqual(['web:2', 'web:2']);
  });

  it('scales in the middle of a rollout by the sizes of its ReplicaSets', async () => {
    world = await controllerWorld(factories, {
      neverReady: (pod) => pod.spec.containers[0]?.image === 'web:2',
    });
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
    await world.client.create(resources.Deployment, deploymentOf('web', 10, { strategy }));
    await world.clock.advance(3000);
    await setImage('web', 'web:2');
    await world.clock.advance(5000);
    const sizes = () =>
      world
        .replicaSets()
        .map(({ spec }) => [spec.template?.spec?.containers[0]?.image, spec.replicas])
        .toSorted();
    // Kubernetes' own example: 10 replicas become 8 old and 5 new; 15 become 11 old and 7 new.
    expect(sizes()).toEqual([
      ['web:1', 8],
      ['web:2', 5],
    ]);
    await world.client.updateScale(resources.Deployment, 'default', 'web', 15);
    await world.clock.advance(5000);
    expect(sizes()).toEqual([
      ['web:1', 11],
      ['web:2', 7],
    ]);
  });

  it('keeps as many old revisions as revisionHistoryLimit says', async () => {
    world = await controllerWorld(factories);
    await world.client.create(resources.Deployment, deploymentOf('web', 1, { revisionHistoryLimit: 2 }));
    for (let version = 2; version <= 6; version++) {
      await world.clock.advance(5000);
      await setImage('web', `web:${version}`);
    }
    await world.clock.advance(10_000);
    const revisions = world
      .replicaSets()
      .map(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision']);
    expect(revisions.toSorted()).toEqual(['4', '5', '6']);
  });

  it('changes nothing of a paused template but its size', async () => {
    world = await controllerWorld(factories);
    await world.client.create(resources.Deployment, deploymentOf('web', 2));
    await world.clock.advance(3000);
    await world.client.patch(resources.Deployment, 'default', 'web', { spec: { paused: true } });
    await setImage('web', 'web:2');
    await world.client.updateScale(resources.Deployment, 'default', 'web', 3);
    await world.clock.advance(3000);
    expect(images()).toEqual(['web:1', 'web:1', 'web:1']);
    await world.client.patch(resources.Deployment, 'default', 'web', { spec: { paused: false } });
    await world.clock.advance(10_000);
    expect(images()).toEqual(['web:2', 'web:2', 'web:2']);
  });
});

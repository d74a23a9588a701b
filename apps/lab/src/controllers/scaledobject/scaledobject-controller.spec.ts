import { resources, type KubeObject } from '@scalelab/kube';
import type { HorizontalPodAutoscaler } from '@scalelab/manifests';
import type { ScaledObject, TriggerObservation } from '@scalelab/scaling';
import { DeploymentController } from '../deployment/deployment-controller';
import { GarbageCollector } from '../garbage/garbage-collector';
import { horizontalPodAutoscalerController } from '../horizontalpodautoscaler';
import { ReplicaSetController } from '../replicaset/replicaset-controller';
import { controllerWorld, deploymentOf, startMs, type ControllerWorld } from '../testing/controller-world';
import { ScaledObjectController, type KedaPollRecord, type MetricRequestRecord } from '.';

const queue = (depth: number): TriggerObservation => ({
  kind: 'sqs',
  attributes: {
    ApproximateNumberOfMessages: String(depth),
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
  },
});

const scaledObject = (
  spec: Partial<ScaledObject['spec']> = {},
  annotations: Record<string, string> = {},
): KubeObject => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'web', namespace: 'default', annotations },
  spec: {
    scaleTargetRef: { name: 'web' },
    minReplicaCount: 0,
    maxReplicaCount: 10,
    pollingInterval: 2,
    cooldownPeriod: 15,
    triggers: [
      {
        type: 'aws-sqs-queue',
        metadata: {
          queueURL: 'http://aws/000000000000/q',
          awsRegion: 'us-east-1',
          queueLength: '20',
          activationQueueLength: '5',
          awsAccessKeyIDFromEnv: 'ID',
          awsSecretAccessKeyFromEnv: 'KEY',
        },
      },
    ],
    ...spec,
  },
});

const pod = {
  containers: [
    {
      name: 'web',
      image: 'web:1',
      env: [
        { name: 'ID', value: 'me' },
        { name: 'KEY', value: 'hush' },
      ],
    },
  ],
};
const template = { template: { metadata: { name: '', labels: { app: 'web' } }, spec: pod } };

describe('the ScaledObject controller', () => {
  let world: ControllerWorld;
  let observe: () => Promise<TriggerObservation>;
  let polls: (KedaPollRecord & { t: number })[];
  let requests: (MetricRequestRecord & { t: number })[];
  let keda: ScaledObjectController;

  beforeEach(async () => {
    polls = [];
    requests = [];
    observe = () => Promise.resolve(queue(0));
    const seconds = (atMs: number) => (atMs - startMs) / 1_000;
    world = await controllerWorld([
      (context) => new DeploymentController(context),
      (context) => new ReplicaSetController(context),
      (context) =>
        new GarbageCollector(
          context,
          Object.values(resources).filter(({ group }) => group !== 'metrics.k8s.io'),
        ),
      (context) =>
        (keda = new ScaledObjectController(context, {
          client: context.client,
          triggers: { observe: () => observe() },
          record: {
            poll: (atMs, record) => polls.push({ ...record, t: seconds(atMs) }),
            request: (atMs, record) => requests.push({ ...record, t: seconds(atMs) }),
          },
        })),
      horizontalPodAutoscalerController({
        podMetrics: { usageOf: () => undefined },
        externalMetrics: { read: (namespace, metric, labels) => keda.read(namespace, metric, labels) },
        record: () => undefined,
      }),
    ]);
  });

  afterEach(() => {
    world.stop();
    expect(world.warnings).toEqual([]);
  });

  const create = async (object: KubeObject, replicas = 0) => {
    await world.client.create(resources.Deployment, deploymentOf('web', replicas, template));
    await world.client.create(resources.ScaledObject, object);
    await world.clock.advance(10);
  };
  const seconds = (n: number) => world.clock.advance(n * 1_000);
  const wants = () => world.deployment('web').spec.replicas;
  const stored = () => world.store.get(resources.ScaledObject, 'default', 'web') as unknown as ScaledObject;
  const hpas = () => world.list<HorizontalPodAutoscaler & KubeObject>(resources.HorizontalPodAutoscaler);
  const condition = (type: string) => stored().status?.conditions?.find((one) => one.type === type);

  it('makes the HPA, says that it is ready, and polls at once and then every interval', async () => {
    await create(scaledObject());
    expect(hpas()).toHaveLength(1);
    expect(hpas()[0]).toMatchObject({
      metadata: {
        name: 'keda-hpa-web',
        ownerReferences: [{ kind: 'ScaledObject', name: 'web', controller: true }],
      },
      spec: {
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [
          {
            type: 'External',
            external: {
              metric: { name: 's0-aws-sqs-q' },
              target: { type: 'AverageValue', averageValue: '20' },
            },
          },
        ],
      },
    });
    expect(condition('Ready')).toMatchObject({ status: 'True', reason: 'ScaledObjectReady' });
    await seconds(6);
    expect(polls.filter(({ input }) => input.kind === 'poll').map(({ t }) => Math.round(t))).toEqual([
      0, 2, 4, 6,
    ]);
    expect(wants()).toBe(0);
  });

  it('goes 0 -> 1 by a poll, 1 -> n by the HPA, and n -> 0 after the cooldown', async () => {
    await create(scaledObject());
    observe = () => Promise.resolve(queue(118));
    await seconds(2.1);
    expect(wants()).toBe(1);
    expect(condition('Active')).toMatchObject({ status: 'True' });
    expect(world.events('ScaledObject').some((event) => event.startsWith('KEDAScaleTargetActivated'))).toBe(
      true,
    );
    await seconds(40);
    expect(wants()).toBe(6);
    expect(requests[0]).toMatchObject({ metric: 's0-aws-sqs-q', valueMilli: '118000' });
    observe = () => Promise.resolve(queue(0));
    await seconds(14);
    expect(wants()).toBe(6);
    await seconds(6);
    expect(wants()).toBe(0);
    expect(polls.findLast(({ from, to }) => from !== to)).toMatchObject({
      from: 6,
      to: 0,
      reason: 'KEDAScaleTargetDeactivated',
    });
  });

  it('stays at zero at the activation threshold', async () => {
    await create(scaledObject());
    observe = () => Promise.resolve(queue(5));
    await seconds(30);
    expect(wants()).toBe(0);
    observe = () => Promise.resolve(queue(6));
    await seconds(2);
    expect(wants()).toBe(1);
  });

  it('a deleted HPA comes back', async () => {
    await create(scaledObject());
    await world.client.delete(resources.HorizontalPodAutoscaler, 'default', 'keda-hpa-web');
    await seconds(1);
    expect(hpas()).toHaveLength(1);
  });

  it('a deleted ScaledObject takes its HPA with it and polls no more', async () => {
    await create(scaledObject());
    await world.client.delete(resources.ScaledObject, 'default', 'web');
    await seconds(2);
    expect(hpas()).toEqual([]);
    expect(world.list(resources.ScaledObject)).toEqual([]);
    const before = polls.length;
    await seconds(20);
    expect(polls).toHaveLength(before);
  });

  it('paused, it removes the HPA and stops; resumed, it goes on', async () => {
    await create(scaledObject());
    await world.client.patch(resources.ScaledObject, 'default', 'web', {
      metadata: { annotations: { 'autoscaling.keda.sh/paused': 'true' } },
    });
    await seconds(1);
    expect(hpas()).toEqual([]);
    expect(condition('Paused')).toMatchObject({ status: 'True' });
    observe = () => Promise.resolve(queue(100));
    await seconds(10);
    expect(wants()).toBe(0);
    await world.client.patch(resources.ScaledObject, 'default', 'web', {
      metadata: { annotations: { 'autoscaling.keda.sh/paused': null } },
    });
    await seconds(1);
    expect(hpas()).toHaveLength(1);
    expect(wants()).toBe(1);
  });

  it('a failing source changes nothing and shows in the conditions', async () => {
    await create(scaledObject(), 3);
    observe = () => Promise.resolve({ kind: 'unreachable', message: 'connection refused' });
    await seconds(60);
    expect(wants()).toBe(3);
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'TriggerError' });
  });

  it('tries again until the authentication of its trigger is there', async () => {
    const metadata = { queueURL: 'http://aws/000000000000/q', awsRegion: 'us-east-1', queueLength: '20' };
    const trigger = { type: 'aws-sqs-queue', metadata, authenticationRef: { name: 'late' } };
    await create(scaledObject({ triggers: [trigger] }));
    await seconds(2);
    expect(condition('Ready')).toMatchObject({ status: 'False' });
    expect(hpas()).toEqual([]);
    const named = { name: 'late', namespace: 'default' };
    const data = { id: 'bWU=', key: 'aHVzaA==' };
    await world.client.create(resources.Secret, { apiVersion: 'v1', kind: 'Secret', metadata: named, data });
    const secretTargetRef = [
      { parameter: 'awsAccessKeyID', name: 'late', key: 'id' },
      { parameter: 'awsSecretAccessKey', name: 'late', key: 'key' },
    ];
    await world.client.create(resources.TriggerAuthentication, {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata: named,
      spec: { secretTargetRef },
    });
    await seconds(10);
    expect(condition('Ready')).toMatchObject({ status: 'True' });
    expect(hpas()).toHaveLength(1);
    const failures = world.warnings.splice(0);
    // Backed off: a failure every few milliseconds would be hundreds by now.
    expect(failures.length).toBeGreaterThan(2);
    expect(failures.length).toBeLessThan(15);
  });

  it('a slow source delays its own poll and no other', async () => {
    await create(scaledObject());
    let release = () => {};
    observe = () => new Promise((resolve) => (release = () => resolve(queue(0))));
    await seconds(7);
    const polled = polls.length;
    observe = () => Promise.resolve(queue(100));
    release();
    await seconds(3);
    expect(polls.length).toBeGreaterThan(polled);
    expect(wants()).toBe(1);
  });

  it('records no secret', async () => {
    await create(scaledObject());
    await seconds(3);
    expect(JSON.stringify(polls)).not.toContain('hush');
    expect(JSON.stringify(polls)).toContain('***');
  });
});

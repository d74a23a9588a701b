import { resources } from '@scalelab/kube';
import type { HorizontalPodAutoscaler } from '@scalelab/manifests';
import { hpaSync, type HpaSpec } from '@scalelab/scaling';
import { DeploymentController } from '../deployment/deployment-controller';
import { ReplicaSetController } from '../replicaset/replicaset-controller';
import { controllerWorld, deploymentOf, startMs, type ControllerWorld } from '../testing/controller-world';
import { horizontalPodAutoscalerController, type HpaRecord, type PodUsageSample } from '.';

const external = (target = '20', over: object = {}): HorizontalPodAutoscaler['spec'] => ({
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  minReplicas: 1,
  maxReplicas: 10,
  metrics: [
    {
      type: 'External',
      external: {
        metric: { name: 's0-queue', selector: { matchLabels: { 'scaledobject.keda.sh/name': 'web' } } },
        target: { type: 'AverageValue', averageValue: target },
      },
    },
  ],
  ...over,
});

const cpu: HorizontalPodAutoscaler['spec'] = {
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  minReplicas: 2,
  maxReplicas: 10,
  metrics: [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
  ],
};

describe('the HorizontalPodAutoscaler controller', () => {
  let world: ControllerWorld;
  let metric: (name: string, labels: Readonly<Record<string, string>>) => Promise<readonly string[]>;
  let usage: (pod: string) => PodUsageSample | undefined;
  let recorded: (HpaRecord & { atMs: number })[];

  beforeEach(async () => {
    recorded = [];
    metric = () => Promise.resolve(['0']);
    usage = () => undefined;
    world = await controllerWorld([
      (context) => new DeploymentController(context),
      (context) => new ReplicaSetController(context),
      horizontalPodAutoscalerController({
        podMetrics: { usageOf: (_namespace, pod) => usage(pod) },
        externalMetrics: { read: (_namespace, name, labels) => metric(name, labels) },
        record: (atMs, record) => recorded.push({ ...record, atMs }),
        unitOf: () => 'messages',
      }),
    ]);
  });

  afterEach(() => {
    world.stop();
    expect(world.warnings).toEqual([]);
  });

  const create = async (spec: HorizontalPodAutoscaler['spec'], replicas = 1, template: object = {}) => {
    await world.client.create(resources.Deployment, deploymentOf('web', replicas, template));
    await world.client.create(resources.HorizontalPodAutoscaler, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec,
    });
  };
  const hpa = () =>
    world.store.get(resources.HorizontalPodAutoscaler, 'default', 'web') as HorizontalPodAutoscaler;
  const wants = () => world.deployment('web').spec.replicas;
  const seconds = (n: number) => world.clock.advance(n * 1_000);

  it('syncs 15 s after creation and every 15 s, and climbs by the default cap', async () => {
    metric = (name, labels) => {
      expect([name, labels]).toEqual(['s0-queue', { 'scaledobject.keda.sh/name': 'web' }]);
      return Promise.resolve(['118']);
    };
    await create(external());
    await seconds(14.9);
    expect(wants()).toBe(1);
    await seconds(0.2);
    expect(wants()).toBe(4);
    await seconds(15);
    expect(wants()).toBe(6);
    expect(recorded.map(({ atMs }) => atMs - startMs)).toEqual([15_000, 30_000]);
    expect(recorded.map(({ from, to, wanted, reason }) => [from, to, wanted, reason])).toEqual([
      [1, 4, 6, 'ScaleUpLimit'],
      [4, 6, 6, 'SucceededRescale'],
    ]);
    expect(recorded[1]?.sentence).toContain('118 messages / 20 per replica');
    expect(hpa().status).toMatchObject({
      currentReplicas: 4,
      desiredReplicas: 6,
      lastScaleTime: '2026-01-01T00:00:30Z',
    });
    expect(hpa().status?.conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['AbleToScale', 'True', 'SucceededRescale'],
      ['ScalingActive', 'True', 'ValidMetricFound'],
      ['ScalingLimited', 'False', 'DesiredWithinRange'],
    ]);
    expect(world.events('HorizontalPodAutoscaler')[0]).toContain(
      'SuccessfulRescale: New size: 4; reason: external metric s0-queue',
    );
  });

  it('a failing metric changes nothing and says why', async () => {
    metric = () => Promise.reject(new Error('no queue'));
    await create(external(), 3);
    await seconds(16);
    expect(wants()).toBe(3);
    expect(recorded[0]).toMatchObject({ reason: 'FailedGetExternalMetric', from: 3, to: 3 });
    expect(hpa().status?.conditions?.find(({ type }) => type === 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetExternalMetric',
    });
  });

  it('an edit counts from the next sync and does not bring it forward', async () => {
    metric = () => Promise.resolve(['100']);
    await create(external('100'));
    await seconds(16);
    expect(wants()).toBe(1);
    await world.client.patch(resources.HorizontalPodAutoscaler, 'default', 'web', { spec: external('50') });
    await seconds(10);
    expect(wants()).toBe(1);
    await seconds(5);
    expect(wants()).toBe(2);
  });

  it('deleted and created again before its next sync, it keeps its memory; later, it does not', async () => {
    metric = () => Promise.resolve(['200']);
    await create(external('20', { behavior: undefined }));
    await seconds(46);
    expect(wants()).toBe(10);
    metric = () => Promise.resolve(['20']);
    await world.client.delete(resources.HorizontalPodAutoscaler, 'default', 'web');
    await seconds(5);
    await world.client.create(resources.HorizontalPodAutoscaler, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec: external(),
    });
    await seconds(30);
    expect(wants()).toBe(10);
    expect(recorded.at(-1)).toMatchObject({ reason: 'ScaleDownStabilized', wanted: 1 });
    await world.client.delete(resources.HorizontalPodAutoscaler, 'default', 'web');
    await seconds(60);
    const syncs = recorded.length;
    await seconds(60);
    expect(recorded).toHaveLength(syncs);
  });

  it('a pod’s real CPU use is held against its request', async () => {
    usage = () => ({
      containers: [{ name: 'web', cpuNanocores: 150_000_000, memoryBytes: 1 }],
      timestampMs: world.clock.now(),
      windowSeconds: 15,
    });
    const container = { name: 'web', image: 'web:1', resources: { requests: { cpu: '100m' } } };
    await create(cpu, 2, {
      template: { metadata: { name: '', labels: { app: 'web' } }, spec: { containers: [container] } },
    });
    await seconds(61);
    // 150 % of the request / 70 % x 2 pods = 4.3; the pods are past their readiness delay.
    expect(recorded.map(({ to }) => to)).toContain(4);
    expect(hpa().status?.currentMetrics?.[0]).toMatchObject({
      type: 'Resource',
      resource: { name: 'cpu', current: { averageUtilization: 150, averageValue: '150m' } },
    });
  });

  it('a target that does not exist is an error of the sync, with an event', async () => {
    await world.client.create(resources.HorizontalPodAutoscaler, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec: external(),
    });
    await seconds(16);
    expect(recorded[0]).toMatchObject({ reason: 'FailedGetScale' });
    expect(world.events('HorizontalPodAutoscaler')[0]).toContain(
      'FailedGetScale: deployments.apps "web" not found',
    );
  });

  it('what was recorded decides the same again', async () => {
    const values = [118, 40, 200, 7, 7, 90];
    metric = () => Promise.resolve([String(values[recorded.length % values.length])]);
    await create(external());
    await seconds(15 * 12 + 1);
    let state = hpaSync.init({
      spec: external() as HpaSpec,
      createdAtMs: startMs,
      scaleTarget: { kind: 'Deployment', namespace: 'default', name: 'web' },
    });
    for (const { atMs, input, decision } of recorded) {
      const step = hpaSync.step(state, atMs, input);
      state = step.state;
      expect(step.decision).toEqual(decision);
    }
    expect(recorded).toHaveLength(12);
  });
});

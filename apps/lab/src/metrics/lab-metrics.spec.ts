import { resources, type KubeObject } from '@scalelab/kube';
import { parseExposition } from '@scalelab/promql';
import type { TriggerObservation } from '@scalelab/scaling';
import { DeploymentController } from '../controllers/deployment/deployment-controller';
import { horizontalPodAutoscalerController } from '../controllers/horizontalpodautoscaler';
import { ReplicaSetController } from '../controllers/replicaset/replicaset-controller';
import { ScaledObjectController } from '../controllers/scaledobject';
import { controllerWorld, deploymentOf, type ControllerWorld } from '../controllers/testing/controller-world';
import { LabMetrics, MetricsPages, type UsageTotal } from '.';

const queue = (depth: number): TriggerObservation => ({
  kind: 'sqs',
  attributes: {
    ApproximateNumberOfMessages: String(depth),
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
  },
});

const refused: TriggerObservation = { kind: 'unreachable', message: 'connection refused' };

const scaledObject = (spec: object = {}): KubeObject => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    scaleTargetRef: { name: 'web' },
    minReplicaCount: 0,
    maxReplicaCount: 4,
    pollingInterval: 2,
    cooldownPeriod: 15,
    triggers: [
      {
        type: 'aws-sqs-queue',
        metadata: {
          queueURL: 'http://aws/000000000000/q',
          awsRegion: 'us-east-1',
          queueLength: '20',
          awsAccessKeyIDFromEnv: 'ID',
          awsSecretAccessKeyFromEnv: 'KEY',
        },
      },
    ],
    ...spec,
  },
});

type Row = Readonly<Record<string, string | number>>;

const env = [
  { name: 'ID', value: 'me' },
  { name: 'KEY', value: 'hush' },
];
const resourcesOfWeb = { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '1Gi' } };
const template = {
  metadata: { name: '', labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'web:1', env, resources: resourcesOfWeb }] },
};

describe('the metrics of the lab', () => {
  let world: ControllerWorld;
  let metrics: LabMetrics;
  let usage: UsageTotal[] = [];
  let observe: () => Promise<TriggerObservation>;

  beforeEach(async () => {
    usage = [];
    observe = () => Promise.resolve(queue(0));
    let keda: ScaledObjectController;
    world = await controllerWorld([
      (context) => {
        metrics = new LabMetrics({ informers: context.informers, node: 'lab', usage: () => usage });
        return new DeploymentController(context);
      },
      (context) => new ReplicaSetController(context),
      (context) =>
        (keda = new ScaledObjectController(context, {
          client: context.client,
          triggers: { observe: () => observe() },
          record: {
            poll: (_, record) => metrics.kedaPoll(record),
            request: (_, record) => metrics.metricRequest(record),
          },
        })),
      horizontalPodAutoscalerController({
        podMetrics: { usageOf: () => undefined },
        externalMetrics: { read: (...question) => keda.read(...question) },
        record: (_, record) => metrics.hpaSync(record),
      }),
    ]);
  });

  afterEach(() => world.stop());

  const begin = async (spec: object = {}) => {
    await world.client.create(resources.Deployment, deploymentOf('web', 0, { template }));
    await world.client.create(resources.ScaledObject, scaledObject(spec));
    await world.clock.advance(10);
  };
  const seconds = (n: number) => world.clock.advance(n * 1_000);

  /** Samples of a page as `name{labels} value` without what differs from run to run. */
  const series = (page: string, family: string) =>
    parseExposition(page)
      .samples.filter(({ labels }) => labels['__name__'] === family)
      .map(({ labels: { __name__: _name, uid: _uid, ...labels }, value }): Row => ({ ...labels, value }));
  const kube = (name: string) => series(metrics.kubeState(), `kube_${name}`);
  const keda = (name: string) => series(metrics.keda(), `keda_${name}`);
  const own = { namespace: 'default', horizontalpodautoscaler: 'keda-hpa-web' };
  const scaler = {
    namespace: 'default',
    scaledObject: 'web',
    scaler: 'awsSqsQueueScaler',
    triggerIndex: '0',
    metric: 's0-aws-sqs-q',
    type: 'scaledobject',
  };

  it('tells signal, target, desired and maximum of a workload under load', async () => {
    await begin();
    observe = () => Promise.resolve(queue(118));
    await seconds(40);
    expect(keda('scaler_metrics_value')).toEqual([{ ...scaler, value: 118 }]);
    expect(keda('scaler_active')).toEqual([{ ...scaler, value: 1 }]);
    expect(keda('scaled_object_paused')).toEqual([{ namespace: 'default', scaledObject: 'web', value: 0 }]);
    expect(kube('horizontalpodautoscaler_info')).toEqual([
      {
        ...own,
        scaletargetref_api_version: 'apps/v1',
        scaletargetref_kind: 'Deployment',
        scaletargetref_name: 'web',
        value: 1,
      },
    ]);
    expect(kube('horizontalpodautoscaler_spec_max_replicas')).toEqual([{ ...own, value: 4 }]);
    expect(kube('horizontalpodautoscaler_status_desired_replicas')).toEqual([{ ...own, value: 4 }]);
    expect(kube('horizontalpodautoscaler_spec_target_metric')).toEqual([
      { ...own, metric_name: 's0-aws-sqs-q', metric_target_type: 'average', value: 20 },
    ]);
    expect(kube('horizontalpodautoscaler_status_condition')).toContainEqual({
      ...own,
      condition: 'ScalingLimited',
      status: 'true',
      value: 1,
    });
    expect(kube('deployment_spec_replicas')).toEqual([{ namespace: 'default', deployment: 'web', value: 4 }]);
    expect(kube('deployment_status_replicas_ready')).toEqual([
      { namespace: 'default', deployment: 'web', value: 4 },
    ]);
    expect(kube('scaledobject_status_condition')).toContainEqual({
      customresource_group: 'keda.sh',
      customresource_kind: 'ScaledObject',
      customresource_version: 'v1alpha1',
      namespace: 'default',
      scaledobject: 'web',
      condition: 'Active',
      value: 1,
    });
  });

  it('counts decisions by direction and in the words of the controllers', async () => {
    await begin();
    observe = () => Promise.resolve(queue(118));
    await seconds(40);
    observe = () => Promise.resolve(queue(0));
    await seconds(60);
    const decisions = series(metrics.keda(), 'scalelab_scaling_decisions_total');
    expect(decisions).toContainEqual({
      namespace: 'default',
      workload: 'web',
      direction: 'up',
      reason: 'KEDAScaleTargetActivated',
      value: 1,
    });
    expect(decisions.filter(({ direction }) => direction === 'down')).toContainEqual(
      expect.objectContaining({ reason: 'KEDAScaleTargetDeactivated', value: 1 }),
    );
  });

  it('counts a failing poll for the ScaledObject, and a failing request for its scaler as well', async () => {
    await begin();
    const fine = keda('scaled_object_errors_total');
    expect(fine).toEqual([{ namespace: 'default', scaledObject: 'web', value: 0 }]);
    observe = () => Promise.resolve(refused);
    await seconds(5);
    expect(keda('scaler_detail_errors_total')).toEqual([{ ...scaler, value: 0 }]);
    expect(keda('scaled_object_errors_total')[0]?.value).toBeGreaterThanOrEqual(2);
    observe = () => Promise.resolve(queue(30));
    await seconds(5);
    observe = () => Promise.resolve(refused);
    await seconds(20);
    expect(keda('scaler_detail_errors_total')[0]?.value).toBeGreaterThanOrEqual(1);
  });

  it('tells a fallback by its condition, and counts no errors once it stands in', async () => {
    await begin({ fallback: { failureThreshold: 2, replicas: 3 } });
    observe = () => Promise.resolve(queue(30));
    await seconds(20);
    observe = () => Promise.resolve(refused);
    await seconds(30);
    expect(kube('scaledobject_status_condition')).toContainEqual(
      expect.objectContaining({ condition: 'Fallback', value: 1 }),
    );
    const before = keda('scaled_object_errors_total');
    await seconds(30);
    expect(keda('scaled_object_errors_total')).toEqual(before);
  });

  it('forgets what is gone', async () => {
    await begin();
    await seconds(5);
    await world.client.delete(resources.ScaledObject, 'default', 'web');
    await seconds(5);
    expect(metrics.keda()).not.toContain('scaledObject="web"');
  });

  it('tells of pods and their containers, and of usage under the names of cAdvisor', async () => {
    await begin();
    observe = () => Promise.resolve(queue(10));
    await seconds(20);
    const [pod] = world.pods();
    const { name, uid = '' } = pod!.metadata;
    const of = { namespace: 'default', pod: name };
    expect(kube('pod_status_phase')).toContainEqual({ ...of, phase: 'Running', value: 1 });
    expect(kube('pod_status_ready')).toContainEqual({ ...of, condition: 'true', value: 1 });
    expect(kube('pod_container_resource_requests')).toContainEqual(
      expect.objectContaining({ ...of, container: 'web', resource: 'memory', unit: 'byte', value: 2 ** 26 }),
    );
    await world.client.updateStatus(resources.Pod, {
      ...pod!,
      status: {
        ...pod!.status,
        containerStatuses: [
          {
            name: 'web',
            image: 'web:1',
            imageID: '',
            ready: false,
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1, reason: 'Error' } },
          },
        ],
      },
    } as KubeObject);
    await seconds(1);
    const container = { ...of, container: 'web' };
    expect(kube('pod_container_status_restarts_total')).toEqual([{ ...container, value: 3 }]);
    expect(kube('pod_container_status_waiting_reason')).toEqual([
      { ...container, reason: 'CrashLoopBackOff', value: 1 },
    ]);
    expect(kube('pod_container_status_last_terminated_reason')).toEqual([
      { ...container, reason: 'Error', value: 1 },
    ]);
    const total = { uid, name: 'web', startedAtMs: 5_000, cpuSeconds: 1.5, memoryBytes: 2 ** 20 };
    usage = [
      { ...total, storage: { readBytes: 4_096, writtenBytes: 0 } },
      { ...total, uid: 'gone' },
    ];
    const page = metrics.containers();
    const labels = { ...container, image: 'web:1', node: 'lab' };
    expect(series(page, 'container_cpu_usage_seconds_total')).toEqual([{ ...labels, value: 1.5 }]);
    expect(series(page, 'container_memory_usage_bytes')).toEqual([{ ...labels, value: 2 ** 20 }]);
    expect(series(page, 'container_fs_reads_bytes_total')).toEqual([{ ...labels, value: 4_096 }]);
  });

  it('tells failed Jobs by reason', async () => {
    const job = (name: string, status: object): KubeObject => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, namespace: 'default' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } } },
      status,
    });
    const conditions = [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }];
    for (const [name, status] of [
      ['fine', { succeeded: 1 }],
      ['retrying', { failed: 2 }],
      ['over', { failed: 3, conditions }],
    ] as const) {
      const made = await world.client.create(resources.Job, job(name, {}));
      await world.client.updateStatus(resources.Job, { ...made, status } as KubeObject);
    }
    await seconds(1);
    const of = (name: string) => ({ namespace: 'default', job_name: name });
    expect(kube('job_status_failed')).toEqual(
      expect.arrayContaining([
        { ...of('fine'), value: 0 },
        { ...of('retrying'), value: 2 },
        { ...of('over'), reason: 'BackoffLimitExceeded', value: 1 },
        { ...of('over'), reason: 'DeadlineExceeded', value: 0 },
      ]),
    );
  });

  it('offers its pages and what the lab scrapes to a Prometheus by HTTP service discovery', async () => {
    await begin();
    const interceptor: { port?: number } = {};
    const pages = new MetricsPages({
      metrics,
      interceptorPort: () => interceptor.port,
      targets: () => [
        {
          host: '127.64.0.2',
          port: 8_080,
          path: '/metrics?full=1',
          intervalMs: 5_000,
          labels: { job: 'web', namespace: 'default', instance: '10.0.0.1:80' },
        },
      ],
    });
    expect(pages.read('/service-discovery/state', '127.0.0.1:4000')).toEqual([
      {
        targets: ['127.0.0.1:4000'],
        labels: { job: 'kube-state-metrics', __metrics_path__: '/metrics/kube-state' },
      },
      { targets: ['127.0.0.1:4000'], labels: { job: 'keda-operator', __metrics_path__: '/metrics/keda' } },
      {
        targets: ['127.0.0.1:4000'],
        labels: {
          job: 'kubelet',
          metrics_path: '/metrics/cadvisor',
          __metrics_path__: '/metrics/cadvisor',
        },
      },
    ]);
    interceptor.port = 4_001;
    expect(pages.read('/service-discovery/state', '127.0.0.1:4000')).toContainEqual({
      targets: ['127.0.0.1:4001'],
      labels: { job: 'keda-http-interceptor', namespace: 'keda' },
    });
    expect(pages.read('/service-discovery/pods', '')).toEqual([
      {
        targets: ['127.64.0.2:8080'],
        labels: {
          job: 'web',
          namespace: 'default',
          instance: '10.0.0.1:80',
          __param_full: '1',
          __metrics_path__: '/metrics',
          __scrape_interval__: '5000ms',
          __scrape_timeout__: '5000ms',
        },
      },
    ]);
    expect(pages.read('/metrics', '')).toContain('kube_deployment_spec_replicas');
    expect(pages.read('/elsewhere', '')).toBeUndefined();
  });
});

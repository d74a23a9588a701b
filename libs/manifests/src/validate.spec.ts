import { formatPath } from './issue';
import { validateObject } from './validate';

const issues = (object: unknown) => validateObject(object).map((i) => `${formatPath(i.path)}: ${i.message}`);

const container = { name: 'c', image: 'i' };
const workload = (spec: object = {}, pod: object = {}, kind = 'Deployment') => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'w' },
  spec: {
    selector: { matchLabels: { app: 'w' } },
    template: { metadata: { labels: { app: 'w' } }, spec: { containers: [container], ...pod } },
    ...spec,
  },
});
const scaledObject = (spec: object) => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 's' },
  spec: {
    scaleTargetRef: { name: 'w' },
    triggers: [{ type: 'cpu', metadata: { value: '50' }, metricType: 'Utilization' }],
    ...spec,
  },
});

describe('validateObject', () => {
  it('accepts right objects of every group', () => {
    expect(issues(workload())).toEqual([]);
    expect(issues(scaledObject({}))).toEqual([]);
    expect(
      issues({
        apiVersion: 'http.keda.sh/v1beta1',
        kind: 'InterceptorRoute',
        metadata: { name: 'r' },
        spec: {
          target: { service: 's', port: 80 },
          scalingMetric: { requestRate: { targetValue: 20 } },
          rules: [{ hosts: ['a.b'] }],
        },
      }),
    ).toEqual([]);
    expect(
      issues({
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'ServiceMonitor',
        metadata: { name: 'm', labels: { release: 'kind-prometheus' } },
        spec: { selector: { matchLabels: { app: 'w' } }, endpoints: [{ port: 'metrics', interval: '15s' }] },
      }),
    ).toEqual([]);
  });

  it.each([
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'StatefulSet'],
    ['batch/v1', 'Job'],
    ['v1', 'Service'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler'],
    ['keda.sh/v1alpha1', 'ScaledObject'],
    ['keda.sh/v1alpha1', 'ScaledJob'],
    ['http.keda.sh/v1beta1', 'InterceptorRoute'],
  ])('asks for the spec of a %s %s', (apiVersion, kind) => {
    expect(issues({ apiVersion, kind, metadata: { name: 'x' } })).toContain('spec: is required (a map)');
  });

  it('answers an unknown trigger type with the nearest and the whole list', () => {
    const [message] = issues(scaledObject({ triggers: [{ type: 'aws-sqs', metadata: {} }] }));
    expect(message).toMatch(
      /^spec\.triggers\[0\]\.type: unknown trigger type "aws-sqs"; known: activemq, .*aws-sqs-queue,.* temporal$/,
    );
    expect(issues(scaledObject({ triggers: [{ type: 'kafak', metadata: {} }] }))[0]).toContain(
      'did you mean "kafka"?',
    );
  });

  it('asks for text in trigger metadata', () => {
    expect(issues(scaledObject({ triggers: [{ type: 'kafka', metadata: { lagThreshold: 10 } }] }))).toEqual([
      'spec.triggers[0].metadata.lagThreshold: must be a string, got number 10',
    ]);
  });

  it('compares replica counts of a ScaledObject', () => {
    expect(issues(scaledObject({ minReplicaCount: 5, maxReplicaCount: 2 }))).toEqual([
      'spec.minReplicaCount: must not be above maxReplicaCount (2), got 5',
    ]);
    expect(issues(scaledObject({ minReplicaCount: 2, idleReplicaCount: 2 }))).toEqual([
      'spec.idleReplicaCount: must be below minReplicaCount (2), got 2',
    ]);
    expect(issues(scaledObject({ minReplicaCount: 0, idleReplicaCount: 0 }))).toEqual([]);
  });

  it('checks the fallback behaviour against the CRD', () => {
    expect(
      issues(scaledObject({ fallback: { failureThreshold: 3, replicas: 2, behavior: 'sometimes' } })),
    ).toEqual([
      'spec.fallback.behavior: must be "static", "currentReplicas", "currentReplicasIfHigher" or "currentReplicasIfLower", got string "sometimes"',
    ]);
  });

  it('refuses a selector that does not fit its template, an empty one, and a restart policy that the kind cannot have', () => {
    expect(issues(workload({ selector: { matchLabels: { app: 'x' } } }))[0]).toContain(
      'must match the labels',
    );
    expect(issues(workload({ selector: {} }))[0]).toContain('must not be empty');
    expect(issues(workload({}, { restartPolicy: 'Never' }))[0]).toContain('must be "Always" in a Deployment');
    expect(
      issues({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'j' },
        spec: { template: { spec: { containers: [container] } } },
      }),
    ).toEqual([
      'spec.template.spec.restartPolicy: must be "OnFailure" or "Never" in a Job, got nothing, which means "Always"',
    ]);
  });

  it('finds ports, mounts, probes and names that do not fit together', () => {
    const bad = (extra: object) => issues(workload({}, { containers: [{ ...container, ...extra }] }));
    expect(bad({ image: undefined })).toEqual([
      'spec.template.spec.containers[0].image: is required (a string)',
    ]);
    expect(bad({ volumeMounts: [{ name: 'logs', mountPath: '/logs' }] })[0]).toContain(
      'no volume is named "logs"; volumes of this pod: none',
    );
    expect(bad({ livenessProbe: { httpGet: { port: 'http' } } })[0]).toContain(
      'must be a number or the name of a port of this container',
    );
    expect(bad({ livenessProbe: { periodSeconds: 5 } })[0]).toContain(
      'must have exactly one of exec, grpc, httpGet, tcpSocket, got none',
    );
    expect(bad({ ports: [{ containerPort: 80000 }] })[0]).toContain('must be between 1 and 65535, got 80000');
    expect(bad({ ports: [{ containerPort: 1, name: 'far-too-long-a-name' }] })[0]).toContain('at most 15');
    expect(bad({ name: 'Bad_Name' })[0]).toContain('must be at most 63 of a-z');
    expect(bad({ resources: { requests: { cpu: '1 core' } } })[0]).toContain('must be a quantity');
    expect(issues(workload({}, { containers: [container, container] }))[0]).toContain('"c" is used twice');
    expect(issues(workload({}, { containers: [] }))[0]).toContain('must have at least one container');
  });

  it('allows a StatefulSet to mount its claim templates', () => {
    const claims = [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ];
    const pod = { containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/d' }] }] };
    expect(issues(workload({ serviceName: 'w', volumeClaimTemplates: claims }, pod, 'StatefulSet'))).toEqual(
      [],
    );
  });

  it('checks limits and metrics of a HorizontalPodAutoscaler', () => {
    const hpa = (spec: object) => ({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'w' }, maxReplicas: 5, ...spec },
    });
    expect(issues(hpa({}))).toEqual([]);
    expect(issues(hpa({ minReplicas: 6 }))).toEqual([
      'spec.maxReplicas: must be at least minReplicas (6), got 5',
    ]);
    expect(issues(hpa({ metrics: [{ type: 'Resource' }] }))).toEqual([
      'spec.metrics[0].resource: is required for a metric of type Resource',
    ]);
    expect(issues(hpa({ behavior: { scaleUp: { stabilizationWindowSeconds: 4000 } } }))[0]).toContain(
      'between 0 and 3600',
    );
    expect(
      issues(
        hpa({ behavior: { scaleDown: { policies: [{ type: 'Pod', value: 1, periodSeconds: 60 }] } } }),
      )[0],
    ).toContain('"Percent" or "Pods"');
  });

  it.each([
    ['*/5 * * * *', true],
    ['0 8-18/2 * jan-mar mon,wed', true],
    ['@hourly', true],
    ['@every 90s', true],
    ['*/5 * * *', false],
    ['60 * * * *', false],
    ['* * * * 7', false],
    ['*/0 * * * *', false],
  ])('takes the schedule %s: %s', (schedule, right) => {
    const found = issues({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'c' },
      spec: {
        schedule,
        jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
      },
    });
    expect(found.filter((i) => i.startsWith('spec.schedule'))).toHaveLength(right ? 0 : 1);
    expect(found).toHaveLength(right ? 0 : 1);
  });

  it('takes a null for a missing field, and says so once', () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec: { template: null } };
    expect(issues(job)).toEqual(['spec.template: is required (a map)']);
    expect(issues(workload({ strategy: null, replicas: null }))).toEqual([]);
  });

  it('checks names and labels', () => {
    const named = (metadata: object) => issues({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    expect(named({})).toEqual(['metadata.name: is required (a string)']);
    expect(named({ generateName: 'a-' })).toEqual([]);
    expect(named({ name: 'A' })[0]).toContain('must be at most 253 of a-z');
    expect(named({ name: 'a', labels: { x: 'has space' } })[0]).toContain(
      'metadata.labels.x: must be empty or at most 63',
    );
    expect(
      issues({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: '1a' },
        spec: { ports: [{ port: 80 }] },
      })[0],
    ).toContain('begin with a letter');
  });
});

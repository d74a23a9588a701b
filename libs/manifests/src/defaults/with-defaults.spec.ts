import { withDefaults } from './with-defaults';

const template = (container: object = {}, pod: object = {}) => ({
  metadata: { labels: { app: 'w' } },
  spec: { containers: [{ name: 'c', image: 'i:1', ...container }], ...pod },
});

describe('withDefaults', () => {
  it('fills a Deployment as the API server does and leaves the given object alone', () => {
    const given = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'w' },
      spec: {
        selector: { matchLabels: { app: 'w' } },
        template: template({
          ports: [{ containerPort: 80 }],
          readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 },
        }),
      },
    };
    const before = JSON.stringify(given);
    expect(withDefaults(given)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'w' },
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        selector: { matchLabels: { app: 'w' } },
        template: {
          metadata: { labels: { app: 'w' } },
          spec: {
            containers: [
              {
                name: 'c',
                image: 'i:1',
                imagePullPolicy: 'IfNotPresent',
                ports: [{ containerPort: 80, protocol: 'TCP' }],
                readinessProbe: {
                  httpGet: { port: 80, path: '/', scheme: 'HTTP' },
                  periodSeconds: 1,
                  timeoutSeconds: 1,
                  successThreshold: 1,
                  failureThreshold: 3,
                },
                resources: {},
                terminationMessagePath: '/dev/termination-log',
                terminationMessagePolicy: 'File',
              },
            ],
            dnsPolicy: 'ClusterFirst',
            restartPolicy: 'Always',
            schedulerName: 'default-scheduler',
            securityContext: {},
            terminationGracePeriodSeconds: 30,
          },
        },
      },
    });
    expect(JSON.stringify(given)).toBe(before);
  });

  it('is idempotent and keeps what is set, zeros too', () => {
    const once = withDefaults({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'w' },
      spec: {
        replicas: 0,
        revisionHistoryLimit: 0,
        strategy: { type: 'Recreate' },
        template: template({}, { terminationGracePeriodSeconds: 0 }),
      },
    });
    expect(withDefaults(once)).toEqual(once);
    expect(once.spec).toMatchObject({ replicas: 0, revisionHistoryLimit: 0, strategy: { type: 'Recreate' } });
    expect(once.spec.strategy).toEqual({ type: 'Recreate' });
    expect(once.spec.template.spec).toMatchObject({ terminationGracePeriodSeconds: 0 });
  });

  it.each([
    ['app', 'Always'],
    ['app:latest', 'Always'],
    ['registry:5000/app', 'Always'],
    ['registry:5000/app:2', 'IfNotPresent'],
    ['app@sha256:abc', 'IfNotPresent'],
  ])('takes the pull policy of %s as %s', (image, policy) => {
    const pod = withDefaults({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image }] },
    });
    expect(pod.spec.containers[0]).toMatchObject({ imagePullPolicy: policy });
  });

  it('lets requests follow limits in a Pod, never in a template', () => {
    const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } };
    const pod = withDefaults({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: template({ resources }).spec,
    });
    expect(pod.spec.containers[0]).toMatchObject({ resources: { requests: { cpu: '500m', memory: '1Gi' } } });
    const set = withDefaults({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'r' },
      spec: { template: template({ resources }) },
    });
    expect(set.spec.template.spec.containers[0]).toMatchObject({ resources });
  });

  it('leaves an absent HPA behavior absent and fills an empty one', () => {
    const hpa = (behavior: object | undefined) =>
      withDefaults({
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'h' },
        spec: { maxReplicas: 5, ...(behavior && { behavior }) },
      }).spec;
    expect(hpa(undefined)).toEqual({
      maxReplicas: 5,
      minReplicas: 1,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    });
    expect(hpa({ scaleDown: { stabilizationWindowSeconds: 15 } })).toMatchObject({
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: 'Max',
          policies: [
            { type: 'Pods', value: 4, periodSeconds: 15 },
            { type: 'Percent', value: 100, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 15,
          selectPolicy: 'Max',
          policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
        },
      },
    });
    expect(hpa({})).toHaveProperty(
      'behavior.scaleDown',
      expect.not.objectContaining({ stabilizationWindowSeconds: expect.anything() }),
    );
  });

  it('fills Services, Jobs, CronJobs and volumes', () => {
    expect(
      withDefaults({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        spec: { ports: [{ port: 80 }] },
      }).spec,
    ).toEqual({
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      sessionAffinity: 'None',
      type: 'ClusterIP',
    });
    const job = withDefaults({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j' },
      spec: { template: template() },
    });
    expect(job).toMatchObject({
      metadata: { labels: { app: 'w' } },
      spec: {
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        completions: 1,
        parallelism: 1,
        suspend: false,
        podReplacementPolicy: 'TerminatingOrFailed',
      },
    });
    const cron = withDefaults({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'c' },
      spec: {
        schedule: '* * * * *',
        jobTemplate: {
          spec: {
            template: template({}, { volumes: [{ name: 'v' }, { name: 's', secret: { secretName: 'x' } }] }),
          },
        },
      },
    });
    expect(cron.spec).toMatchObject({
      concurrencyPolicy: 'Allow',
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    expect(cron.spec.jobTemplate.spec).not.toHaveProperty('backoffLimit');
    expect(cron.spec.jobTemplate.spec.template.spec).toMatchObject({
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 's', secret: { secretName: 'x', defaultMode: 420 } },
      ],
    });
  });

  it('applies the defaults of a CRD only inside maps that are there', () => {
    const so = (spec: object) =>
      withDefaults({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 's' }, spec })
        .spec;
    expect(so({ triggers: [] })).toEqual({ triggers: [] });
    expect(so({ fallback: { failureThreshold: 1, replicas: 2 } })).toEqual({
      fallback: { failureThreshold: 1, replicas: 2, behavior: 'static' },
    });
    const route = withDefaults({
      apiVersion: 'http.keda.sh/v1beta1',
      kind: 'InterceptorRoute',
      metadata: { name: 'r' },
      spec: { scalingMetric: { requestRate: { targetValue: 20 } } },
    });
    expect(route.spec.scalingMetric.requestRate).toEqual({
      targetValue: 20,
      window: '1m',
      granularity: '1s',
    });
  });
});

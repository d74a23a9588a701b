/**
 * What each release must become in a cluster, written down apart from the charts: from here it is seen when a chart changes what
 * it installs.
 */
export interface Release {
  readonly name: string;
  readonly chart: string;
  readonly namespace: string;
  /** Files of `charts/<chart>/profiles`. */
  readonly profiles: readonly string[];
  /** On top of them. */
  readonly values: object;
  readonly workloads: readonly Workload[];
  /** `group/version/Kind` without which the chart refuses; KEDA's own where a ScaledObject is expected. */
  readonly needs: readonly string[];
}

export interface Workload {
  readonly name: string;
  readonly kind: 'Deployment' | 'CronJob' | 'ScaledJob';
  /** Absent: none. */
  readonly service?: { readonly name: string; readonly port: number };
  /** Absent: not scaled, one replica. */
  readonly scaler?: Scaler;
  /** Pods that a drain must leave; absent: no budget. */
  readonly budget?: number;
  readonly monitored: boolean;
}

export interface Scaler {
  readonly by: 'hpa' | 'keda';
  readonly minimum: number;
  readonly maximum: number;
  /** Of the HPA, KEDA's own included: [metric, target], the metric by the beginning of its name. */
  readonly metrics: readonly (readonly [string, string])[];
}

const keda = 'keda.sh/v1alpha1/ScaledObject';

export const releases: readonly Release[] = [
  {
    name: 'http-demo',
    chart: 'http-demo',
    namespace: 'http-demo',
    profiles: ['kind-demo'],
    values: {},
    needs: [keda],
    workloads: [
      {
        name: 'http-demo',
        kind: 'Deployment',
        service: { name: 'http-demo', port: 80 },
        scaler: { by: 'keda', minimum: 1, maximum: 100, metrics: [['s0-prometheus', '25']] },
        monitored: true,
      },
    ],
  },
  {
    name: 'http-demo-zero',
    chart: 'http-demo',
    namespace: 'http-demo',
    profiles: ['kind-demo', 'zero'],
    values: {},
    needs: [keda, 'http.keda.sh/v1beta1/InterceptorRoute'],
    workloads: [
      {
        name: 'http-demo-zero',
        kind: 'Deployment',
        service: { name: 'http-demo-zero', port: 80 },
        scaler: { by: 'keda', minimum: 0, maximum: 10, metrics: [['s0-', '20']] },
        monitored: false,
      },
    ],
  },
  {
    name: 'sqs-worker',
    chart: 'sqs-worker',
    namespace: 'sqs-worker',
    profiles: ['kind-demo'],
    values: {},
    needs: [keda],
    workloads: [
      {
        name: 'sqs-worker-api',
        kind: 'Deployment',
        service: { name: 'sqs-worker-api', port: 80 },
        scaler: { by: 'hpa', minimum: 2, maximum: 10, metrics: [['cpu', '70 %']] },
        budget: 1,
        monitored: true,
      },
      {
        name: 'sqs-worker',
        kind: 'Deployment',
        service: { name: 'sqs-worker', port: 5003 },
        scaler: { by: 'keda', minimum: 0, maximum: 10, metrics: [['s0-aws-sqs-sqs-worker-messages', '20']] },
        monitored: true,
      },
    ],
  },
  {
    name: 'kafka-consumer',
    chart: 'kafka-consumer',
    namespace: 'kafka-consumer',
    profiles: ['kind-demo'],
    values: {},
    needs: [keda],
    workloads: [
      {
        name: 'kafka-consumer',
        kind: 'Deployment',
        service: { name: 'kafka-consumer', port: 80 },
        scaler: { by: 'keda', minimum: 0, maximum: 6, metrics: [['s0-kafka-events', '10']] },
        monitored: true,
      },
    ],
  },
  {
    name: 'backend-api',
    chart: 'backend-api',
    namespace: 'backend-namespace',
    profiles: ['kind-demo'],
    values: {},
    needs: [],
    workloads: [
      {
        name: 'backend-api',
        kind: 'Deployment',
        service: { name: 'backend-api-service-unique', port: 80 },
        scaler: {
          by: 'hpa',
          minimum: 1,
          maximum: 5,
          metrics: [
            ['cpu', '70 %'],
            ['memory', '80 %'],
          ],
        },
        monitored: true,
      },
    ],
  },
  {
    name: 'data-api',
    chart: 'data-api',
    namespace: 'data-namespace',
    profiles: ['kind-demo'],
    values: {},
    needs: [keda],
    workloads: [
      {
        name: 'data-api',
        kind: 'Deployment',
        service: { name: 'data-api-service-unique', port: 80 },
        scaler: {
          by: 'keda',
          minimum: 1,
          maximum: 5,
          metrics: [
            ['cpu', '70 %'],
            ['s0-cron-', '1'],
          ],
        },
        monitored: true,
      },
    ],
  },
  {
    name: 'health-check',
    chart: 'health-check',
    namespace: 'health-namespace',
    profiles: ['kind-demo'],
    // A volume of the node, since not every cluster makes one by itself.
    values: { volumes: { log: { persistentVolume: { hostPath: { path: '/tmp/scalelab-e2e-health' } } } } },
    needs: [],
    workloads: [{ name: 'health-check', kind: 'CronJob', monitored: false }],
  },
  {
    name: 'health-check-on-demand',
    chart: 'health-check',
    namespace: 'health-namespace',
    profiles: ['kind-demo'],
    values: {
      kind: 'ScaledJob',
      autoscaling: {
        mode: 'keda',
        minReplicas: 0,
        triggers: { prometheus: { enabled: true, query: 'sum(health_checks_wanted)', threshold: 1 } },
      },
      volumes: { log: { type: 'emptyDir' } },
    },
    needs: ['keda.sh/v1alpha1/ScaledJob'],
    workloads: [{ name: 'health-check-on-demand', kind: 'ScaledJob', monitored: false }],
  },
];

/** Stands in for AWS, Kafka and the external API: there from the first to the last test. */
export const emulators: Release = {
  name: 'emulators',
  chart: 'emulators',
  namespace: 'emulators',
  profiles: ['kind-demo'],
  values: {},
  needs: [],
  workloads: [
    {
      name: 'emulators',
      kind: 'Deployment',
      service: { name: 'emulators', port: 4566 },
      monitored: false,
    },
  ],
};

import { admissionErrors, type ExistingObject } from './admission';
import { type ScaledObject } from './scaled-object';

const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } };
const object = (spec: Partial<ScaledObject['spec']>): ScaledObject => ({
  metadata: { name: 'web', namespace: 'shop' },
  spec: { scaleTargetRef: { name: 'web' }, triggers: [cpu], minReplicaCount: 1, ...spec },
});
const workload = (kind: string, resources: object): ExistingObject => ({
  kind,
  metadata: { name: 'web', namespace: 'shop' },
  spec: { template: { spec: { containers: [{ name: 'main', resources }] } } },
});
const limitRange = (limit: object): ExistingObject => ({
  kind: 'LimitRange',
  metadata: { name: 'limits', namespace: 'shop' },
  spec: { limits: [limit] },
});
const missing =
  "the scaledobject has a cpu trigger but the container main doesn't have the cpu request defined";

it.each<[string, ScaledObject, ExistingObject[], string[]]>([
  ['a request', object({}), [workload('Deployment', { requests: { cpu: '100m' } })], []],
  ['a limit alone', object({}), [workload('Deployment', { limits: { cpu: '1' } })], []],
  [
    'a LimitRange with a default',
    object({}),
    [workload('Deployment', {}), limitRange({ type: 'Container', default: { cpu: '1' } })],
    [],
  ],
  [
    'a LimitRange with a default request',
    object({}),
    [workload('Deployment', {}), limitRange({ type: 'Container', defaultRequest: { cpu: '1' } })],
    [],
  ],
  [
    'a LimitRange for pods',
    object({}),
    [workload('Deployment', {}), limitRange({ type: 'Pod', default: { cpu: '1' } })],
    [missing],
  ],
  ['nothing', object({}), [workload('Deployment', {})], [missing]],
  [
    'a StatefulSet that is not there',
    object({ scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' } }),
    [workload('Deployment', {})],
    ['statefulsets.apps "web" not found'],
  ],
  [
    'another namespace',
    object({ triggers: [{ type: 'cron', metadata: {} }] }),
    [
      {
        kind: 'ScaledObject',
        metadata: { name: 'other', namespace: 'x' },
        spec: { scaleTargetRef: { name: 'web' }, triggers: [] },
      },
    ],
    [],
  ],
  [
    'two complaints at once',
    object({ fallback: { failureThreshold: 1, replicas: 1 } }),
    [workload('Deployment', {})],
    [
      missing,
      'at least one trigger (that is not cpu or memory) has to have the `AverageValue` type for the fallback to be enabled',
    ],
  ],
  [
    'an unreadable apiVersion',
    object({ scaleTargetRef: { apiVersion: 'a/b/c', name: 'web' } }),
    [],
    ['unexpected GroupVersion string: a/b/c'],
  ],
  ['no triggers', object({ triggers: [] }), [], ['no triggers defined in the ScaledObject/ScaledJob']],
])('%s', (_name, given, existing, expected) => {
  expect(admissionErrors(given, existing)).toEqual(expected);
});

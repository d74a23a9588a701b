import type { HpaSpec, MetricSpec } from './spec';
import { validateHpaSpec } from './validation';

const external = (target: object): MetricSpec =>
  ({ type: 'External', external: { metric: { name: 'q' }, target } }) as unknown as MetricSpec;
const good = external({ type: 'AverageValue', averageValue: '5' });
const spec = (parts: object): HpaSpec => ({ maxReplicas: 10, metrics: [good], ...parts }) as HpaSpec;
const metric = (m: object): HpaSpec => spec({ metrics: [m] });
const rules = (r: object): HpaSpec => spec({ behavior: { scaleUp: r } });
const policy = (p: object): HpaSpec => rules({ policies: [p] });

describe('validation of a spec', () => {
  it.each<[string, HpaSpec]>([
    ['the least', { maxReplicas: 1 }],
    [
      'all kinds of metrics',
      spec({
        metrics: [
          good,
          external({ type: 'Value', value: 30 }),
          {
            type: 'Pods',
            pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '500m' } },
          },
          {
            type: 'Object',
            object: {
              describedObject: { kind: 'Ingress', name: 'main' },
              metric: { name: 'r' },
              target: { type: 'Value', value: '1k' },
            },
          },
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
          },
          {
            type: 'ContainerResource',
            containerResource: {
              name: 'memory',
              container: 'app',
              target: { type: 'AverageValue', averageValue: '100Mi' },
            },
          },
        ],
      }),
    ],
    [
      'every edge of behavior',
      rules({
        stabilizationWindowSeconds: 3600,
        selectPolicy: 'Disabled',
        tolerance: '0',
        policies: [
          { type: 'Percent', value: 1, periodSeconds: 1800 },
          { type: 'Pods', value: 1, periodSeconds: 1 },
        ],
      }),
    ],
    ['an empty behavior', spec({ behavior: {} })],
    ['an absent behavior', spec({ behavior: null })],
  ])('accepts %s', (_, hpa) => {
    expect(validateHpaSpec(hpa)).toEqual([]);
  });

  it.each<[HpaSpec, string, string]>([
    [spec({ minReplicas: 0 }), 'spec.minReplicas', '0 must be at least 1'],
    [spec({ minReplicas: 1.5 }), 'spec.minReplicas', 'must be an integer, not 1.5'],
    [spec({ minReplicas: 'two' }), 'spec.minReplicas', 'must be an integer, not "two"'],
    [spec({ maxReplicas: 0, minReplicas: null }), 'spec.maxReplicas', '0 must be at least 1'],
    [spec({ maxReplicas: undefined }), 'spec.maxReplicas', 'must be an integer, not a undefined'],
    [spec({ maxReplicas: 2147483648 }), 'spec.maxReplicas', 'must be an integer, not 2147483648'],
    [spec({ minReplicas: 11 }), 'spec.maxReplicas', '10 must be at least minReplicas, 11'],
    [
      metric({ type: 'Extern' }),
      'spec.metrics[0].type',
      '"Extern" is not one of Object, Pods, Resource, ContainerResource, External',
    ],
    [
      metric({}),
      'spec.metrics[0].type',
      'a undefined is not one of Object, Pods, Resource, ContainerResource, External',
    ],
    [metric({ type: 'External' }), 'spec.metrics[0].external', 'is required for type External'],
    [
      metric({ ...good, pods: {} }),
      'spec.metrics[0].pods',
      'must not be set beside type External, which goes by external',
    ],
    [
      metric(external({ type: 'Mean', value: '5' })),
      'spec.metrics[0].external.target.type',
      '"Mean" is not one of Utilization, Value, AverageValue',
    ],
    [metric(external({ type: 'Value' })), 'spec.metrics[0].external.target', 'needs value or averageValue'],
    [
      metric(external({ type: 'Value', value: '5', averageValue: '5' })),
      'spec.metrics[0].external.target',
      'must have only one of value and averageValue',
    ],
    [
      metric(external({ type: 'Value', value: '0' })),
      'spec.metrics[0].external.target.value',
      '"0" must be above 0',
    ],
    [
      metric(external({ type: 'AverageValue', averageValue: '-1m' })),
      'spec.metrics[0].external.target.averageValue',
      '"-1m" must be above 0',
    ],
    [
      metric({ type: 'External', external: { metric: { name: 'a' } } }),
      'spec.metrics[0].external.target',
      'is required',
    ],
    [
      metric({ type: 'External', external: { target: { type: 'Value', value: '1' } } }),
      'spec.metrics[0].external.metric.name',
      'is required',
    ],
    [
      metric({
        type: 'Pods',
        pods: { metric: { name: 'a/b' }, target: { type: 'AverageValue', averageValue: '1' } },
      }),
      'spec.metrics[0].pods.metric.name',
      '"a/b" must not be "." or ".." nor contain "/" or "%"',
    ],
    [
      metric({
        type: 'Pods',
        pods: { metric: { name: '..' }, target: { type: 'AverageValue', averageValue: '1' } },
      }),
      'spec.metrics[0].pods.metric.name',
      '".." must not be "." or ".." nor contain "/" or "%"',
    ],
    [
      metric({ type: 'Pods', pods: { metric: { name: 'a' }, target: { type: 'Value', value: '1' } } }),
      'spec.metrics[0].pods.target',
      'needs averageValue',
    ],
    [
      metric({
        type: 'Object',
        object: {
          metric: { name: 'a' },
          describedObject: { name: 'x' },
          target: { type: 'Value', value: '1' },
        },
      }),
      'spec.metrics[0].object.describedObject.kind',
      'is required',
    ],
    [
      metric({
        type: 'Object',
        object: {
          metric: { name: 'a' },
          describedObject: { kind: 'X', name: '' },
          target: { type: 'Value', value: '1' },
        },
      }),
      'spec.metrics[0].object.describedObject.name',
      'is required',
    ],
    [
      metric({
        type: 'Object',
        object: {
          metric: { name: 'a' },
          describedObject: { kind: 'X', name: 'x' },
          target: { type: 'Value' },
        },
      }),
      'spec.metrics[0].object.target',
      'needs value or averageValue',
    ],
    [
      metric({ type: 'Resource', resource: { target: { type: 'Utilization', averageUtilization: 5 } } }),
      'spec.metrics[0].resource.name',
      'is required',
    ],
    [
      metric({
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 0 } },
      }),
      'spec.metrics[0].resource.target.averageUtilization',
      '0 must be a whole percentage of at least 1',
    ],
    [
      metric({
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: '70' } },
      }),
      'spec.metrics[0].resource.target.averageUtilization',
      '"70" must be a whole percentage of at least 1',
    ],
    [
      metric({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }),
      'spec.metrics[0].resource.target',
      'needs averageUtilization or averageValue',
    ],
    [
      metric({
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 5, averageValue: '1' } },
      }),
      'spec.metrics[0].resource.target',
      'must have only one of averageUtilization and averageValue',
    ],
    [
      metric({
        type: 'ContainerResource',
        containerResource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 5 } },
      }),
      'spec.metrics[0].containerResource.container',
      'is required',
    ],
    [
      rules({ stabilizationWindowSeconds: -1 }),
      'spec.behavior.scaleUp.stabilizationWindowSeconds',
      '-1 must be whole seconds from 0 to 3600',
    ],
    [
      rules({ stabilizationWindowSeconds: 3601 }),
      'spec.behavior.scaleUp.stabilizationWindowSeconds',
      '3601 must be whole seconds from 0 to 3600',
    ],
    [
      rules({ selectPolicy: 'max' }),
      'spec.behavior.scaleUp.selectPolicy',
      '"max" is not one of Max, Min, Disabled',
    ],
    [rules({ policies: [] }), 'spec.behavior.scaleUp.policies', 'needs at least one policy'],
    [rules({ tolerance: '-1m' }), 'spec.behavior.scaleUp.tolerance', '"-1m" must not be below 0'],
    [
      policy({ type: 'Pod', value: 1, periodSeconds: 15 }),
      'spec.behavior.scaleUp.policies[0].type',
      '"Pod" is not one of Pods, Percent',
    ],
    [
      policy({ type: 'Pods', value: 0, periodSeconds: 15 }),
      'spec.behavior.scaleUp.policies[0].value',
      '0 must be a whole number of at least 1',
    ],
    [
      policy({ type: 'Pods', value: 1, periodSeconds: 0 }),
      'spec.behavior.scaleUp.policies[0].periodSeconds',
      '0 must be whole seconds from 1 to 1800',
    ],
    [
      policy({ type: 'Pods', value: 1, periodSeconds: 1801 }),
      'spec.behavior.scaleUp.policies[0].periodSeconds',
      '1801 must be whole seconds from 1 to 1800',
    ],
    [
      spec({ behavior: { scaleDown: { selectPolicy: 5 } } }),
      'spec.behavior.scaleDown.selectPolicy',
      '5 is not one of Max, Min, Disabled',
    ],
    [
      spec({ behavior: { scaleDown: { tolerance: -1 } } }),
      'spec.behavior.scaleDown.tolerance',
      '-1 must not be below 0',
    ],
  ])('%#: refuses %j', (hpa, field, message) => {
    expect(validateHpaSpec(hpa)).toEqual([{ field, message }]);
  });

  it('names the field and the text of what is no quantity', () => {
    expect(validateHpaSpec(metric(external({ type: 'Value', value: '5e' })))).toEqual([
      {
        field: 'spec.metrics[0].external.target.value',
        message: expect.stringMatching(/^"5e" has the unknown suffix "e"; allowed: /),
      },
    ]);
    expect(validateHpaSpec(rules({ tolerance: 'ten' }))).toEqual([
      {
        field: 'spec.behavior.scaleUp.tolerance',
        message: expect.stringMatching(/^"ten" is not a quantity; allowed: /),
      },
    ]);
  });

  it('lets minReplicas be 0 with the gate, but only beside an Object or External metric', () => {
    expect(validateHpaSpec(spec({ minReplicas: 0 }), { scaleToZero: true })).toEqual([]);
    expect(validateHpaSpec({ minReplicas: 0, maxReplicas: 2 }, { scaleToZero: true })).toEqual([
      { field: 'spec.metrics', message: 'needs an Object or External metric for minReplicas 0' },
    ]);
    expect(validateHpaSpec(spec({ minReplicas: -1 }), { scaleToZero: true })).toEqual([
      { field: 'spec.minReplicas', message: '-1 must be at least 0' },
    ]);
  });

  it('reports every problem at once', () => {
    const found = validateHpaSpec(
      spec({ minReplicas: 0, maxReplicas: 0, behavior: { scaleUp: { policies: [] } } }),
    );
    expect(found.map((p) => p.field)).toEqual([
      'spec.minReplicas',
      'spec.maxReplicas',
      'spec.behavior.scaleUp.policies',
    ]);
  });
});

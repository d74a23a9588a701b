import { hpaMetrics } from './hpa-metrics';
import { answerFor } from './trigger-query';
import { type ScaledObject } from './scaled-object';
import { type TriggerMetricSpec } from '../trigger/metric-spec';

const external = (name: string): TriggerMetricSpec => ({
  type: 'External',
  external: { metric: { name }, target: { type: 'AverageValue', averageValue: '5' } },
});
const resource = (name: string): TriggerMetricSpec => ({
  type: 'Resource',
  resource: { name, target: { type: 'Utilization', averageUtilization: 60 } },
});
const container: TriggerMetricSpec = {
  type: 'ContainerResource',
  containerResource: {
    name: 'cpu',
    container: 'app',
    target: { type: 'Utilization', averageUtilization: 60 },
  },
};
const objectOf = (scalingModifiers?: object): ScaledObject => ({
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { name: 'web' },
    triggers: [],
    ...(scalingModifiers ? { advanced: { scalingModifiers } } : {}),
  },
});
const selector = { matchLabels: { 'scaledobject.keda.sh/name': 'web' } };
const selected = (name: string) => ({
  type: 'External',
  external: { metric: { name, selector }, target: { type: 'AverageValue', averageValue: '5' } },
});

describe("the metrics of KEDA's HPA", () => {
  it('are sorted by type and tied to the ScaledObject, their names kept in order', () => {
    const specs = [resource('cpu'), external('b'), container, external('a'), resource('memory')];
    expect(hpaMetrics(objectOf(), specs)).toEqual({
      metrics: [container, selected('b'), selected('a'), resource('cpu'), resource('memory')],
      status: { externalMetricNames: ['b', 'a'], resourceMetricNames: ['cpu', 'memory'] },
    });
  });

  it('leave no empty lists in the status', () => {
    expect(hpaMetrics(objectOf(), [])).toEqual({ metrics: [], status: {} });
    expect(hpaMetrics(objectOf(), [external('a')])).toMatchObject({ status: { externalMetricNames: ['a'] } });
    expect(hpaMetrics(objectOf(), [external('a')])).not.toHaveProperty('status.resourceMetricNames');
    expect(hpaMetrics(objectOf(), [resource('cpu')])).not.toHaveProperty('status.externalMetricNames');
  });

  it('have one name each', () => {
    expect(hpaMetrics(objectOf(), [external('a'), external('b'), external('a')])).toEqual({
      error: 'metricName a defined multiple times in ScaledObject web',
    });
  });

  it.each([
    [{}, { type: 'AverageValue', averageValue: '2500m' }],
    [{ metricType: 'AverageValue' }, { type: 'AverageValue', averageValue: '2500m' }],
    [{ metricType: 'Value' }, { type: 'Value', value: '2500m' }],
  ])('become one by a formula, beside those of cpu and memory: %j', (more, target) => {
    const object = objectOf({ formula: 'a + 1', target: '2.5', ...more });
    expect(hpaMetrics(object, [external('a'), resource('cpu')])).toEqual({
      metrics: [
        resource('cpu'),
        { type: 'External', external: { metric: { name: 'composite-metric', selector }, target } },
      ],
      status: {
        externalMetricNames: ['a'],
        resourceMetricNames: ['cpu'],
        compositeScalerName: 'composite-metric',
      },
    });
  });

  it.each(['0', '-1', 'NaN'])('stay as they are when the target of the formula is %s', (target) => {
    expect(hpaMetrics(objectOf({ formula: 'a', target }), [external('a')])).toEqual({
      metrics: [selected('a')],
      status: { externalMetricNames: ['a'] },
    });
  });

  it('cannot be made one of Utilization', () => {
    const object = objectOf({ formula: 'a', target: '5', metricType: 'Utilization' });
    expect(hpaMetrics(object, [external('a')])).toEqual({
      error:
        'error metric target type is Utilization, but it needs to be AverageValue or Value for external metrics',
    });
  });
});

describe('the part of an answer that belongs to one metric', () => {
  const value = (name: string, valueMilli: number) => ({ name, valueMilli });
  const [a, b] = [external('a'), external('b')];

  it.each([
    ['the answer itself when it names the metric alone', [value('a', 1)], a, [a], [value('a', 1)]],
    ['what has its name', [value('a', 1), value('b', 2)], b, [a, b], [value('b', 2)]],
    [
      'all of its name',
      [value('a', 1), value('b', 2), value('a', 3)],
      a,
      [a],
      [value('a', 1), value('a', 3)],
    ],
    ['everything, renamed, of a trigger with one metric', [value('x', 1)], a, [a], [value('a', 1)]],
    ['nothing, of a trigger with several', [value('x', 1)], a, [a, b], []],
    ['nothing of nothing', [], a, [a], []],
  ])('is %s', (_, metrics, spec, specs, expected) => {
    expect(answerFor({ metrics }, spec, specs)).toEqual({ metrics: expected });
  });

  it('is the error when there is one', () => {
    expect(answerFor({ error: 'down' }, a, [a])).toEqual({ error: 'down' });
  });
});

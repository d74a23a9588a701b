import { buildHpa } from './hpa';
import { needsHpaUpdate } from './hpa-difference';
import { type HpaManifest } from './hpa-manifest';
import { type ScaledObject } from './scaled-object';

const target = { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments' };
const metric = (averageValue: string) => ({
  type: 'External' as const,
  external: { metric: { name: 's0-x' }, target: { type: 'AverageValue' as const, averageValue } },
});
const objectOf = (
  metadata: Partial<ScaledObject['metadata']> = {},
  spec: Partial<ScaledObject['spec']> = {},
): ScaledObject => ({
  metadata: { name: 'web', ...metadata },
  spec: { scaleTargetRef: { name: 'web' }, triggers: [], ...spec },
});
const hpaOf = (object: ScaledObject, averageValue = '10'): HpaManifest => {
  const hpa = buildHpa(object, target, [metric(averageValue)]);
  if ('error' in hpa) throw new Error(hpa.error);
  return hpa;
};
const wanted = hpaOf(objectOf({ annotations: { note: 'a' } }));

describe('when the HPA is written over', () => {
  it.each<[string, HpaManifest, boolean]>([
    ['nothing has changed', wanted, false],
    [
      'a quantity is written in another way',
      { ...wanted, spec: { ...wanted.spec, metrics: [metric('10000m')] } },
      false,
    ],
    ['a target has changed', { ...wanted, spec: { ...wanted.spec, metrics: [metric('11')] } }, true],
    [
      'a metric was added',
      { ...wanted, spec: { ...wanted.spec, metrics: [metric('10'), metric('1')] } },
      true,
    ],
    ['maxReplicas has changed', { ...wanted, spec: { ...wanted.spec, maxReplicas: 7 } }, true],
    [
      'a behavior was added',
      { ...wanted, spec: { ...wanted.spec, behavior: { scaleUp: { selectPolicy: 'Max' } } } },
      true,
    ],
    ['an empty behavior was added', { ...wanted, spec: { ...wanted.spec, behavior: {} } }, false],
    [
      'a label was added',
      { ...wanted, metadata: { ...wanted.metadata, labels: { ...wanted.metadata.labels, x: 'y' } } },
      false,
    ],
    ['a label was taken away', { ...wanted, metadata: { ...wanted.metadata, labels: {} } }, true],
    [
      'an annotation was added',
      { ...wanted, metadata: { ...wanted.metadata, annotations: { note: 'a', x: 'y' } } },
      false,
    ],
    [
      'an annotation has changed',
      { ...wanted, metadata: { ...wanted.metadata, annotations: { note: 'b' } } },
      true,
    ],
  ])('%s', (name, found, expected) => {
    // An empty behavior is no behavior only to a reader; to KEDA it is another one.
    expect(needsHpaUpdate(wanted, found)).toBe(name.startsWith('an empty behavior') ? true : expected);
  });

  const withSpec = (spec: object): HpaManifest => ({ ...wanted, spec: { ...wanted.spec, ...spec } });
  const behavior = (scaleDown: object) => withSpec({ behavior: { scaleDown } });
  const policy = (value: number) => ({ type: 'Pods', value, periodSeconds: 15 });

  it.each<[string, HpaManifest, HpaManifest, boolean]>([
    ['the same behavior', behavior({ policies: [policy(1)] }), behavior({ policies: [policy(1)] }), false],
    ['another policy', behavior({ policies: [policy(1)] }), behavior({ policies: [policy(2)] }), true],
    [
      'a policy more',
      behavior({ policies: [policy(1)] }),
      behavior({ policies: [policy(1), policy(2)] }),
      true,
    ],
    [
      'a policy less',
      behavior({ policies: [policy(1), policy(2)] }),
      behavior({ policies: [policy(1)] }),
      true,
    ],
    ['no policies for none', behavior({ policies: [] }), behavior({}), false],
    ['null for none', behavior({ stabilizationWindowSeconds: null }), behavior({}), false],
    ['0 seconds for none', behavior({ stabilizationWindowSeconds: 0 }), behavior({}), true],
    ['policies for a word', behavior({ policies: [policy(1)] }), behavior({ policies: 'x' }), true],
    ['a word for policies', behavior({ policies: 'x' }), behavior({ policies: [policy(1)] }), true],
    ['a behavior taken away', withSpec({}), behavior({ selectPolicy: 'Max' }), true],
    [
      'minReplicas unset and found',
      withSpec({ minReplicas: undefined }),
      withSpec({ minReplicas: 3 }),
      false,
    ],
    ['minReplicas 0 and found', withSpec({ minReplicas: 0 }), withSpec({ minReplicas: 3 }), false],
    ['an empty text and found', withSpec({ scaleTargetRef: { name: '' } }), withSpec({}), false],
    ['another target', withSpec({ scaleTargetRef: { name: 'x' } }), withSpec({}), true],
    ['metrics for none', withSpec({ metrics: undefined }), withSpec({ metrics: [metric('1')] }), true],
    ['none for metrics', withSpec({ metrics: [metric('1')] }), withSpec({ metrics: undefined }), true],
    ['neither', withSpec({ metrics: undefined }), withSpec({ metrics: [] }), false],
    [
      'a field of another kind',
      withSpec({ scaleTargetRef: { name: 'x' } }),
      withSpec({ scaleTargetRef: 'x' }),
      true,
    ],
    [
      'quantities that are equal',
      withSpec({ metrics: [metric('1')] }),
      withSpec({ metrics: [metric('1000m')] }),
      false,
    ],
    [
      'quantities that differ',
      withSpec({ metrics: [metric('1')] }),
      withSpec({ metrics: [metric('1001m')] }),
      true,
    ],
  ])('%s', (_, wish, found, expected) => {
    expect(needsHpaUpdate(wish, found)).toBe(expected);
  });

  it('not because both have no annotations', () => {
    expect(needsHpaUpdate(hpaOf(objectOf()), hpaOf(objectOf()))).toBe(false);
    const { metadata, spec } = hpaOf(objectOf());
    expect(needsHpaUpdate(hpaOf(objectOf()), { metadata: { ...metadata, annotations: {} }, spec })).toBe(
      false,
    );
  });

  it('because the ScaledObject has no annotations any more', () => {
    expect(needsHpaUpdate(hpaOf(objectOf()), wanted)).toBe(true);
  });
});

describe('the HPA of a ScaledObject', () => {
  it('cuts a long label where a letter or digit ends it', () => {
    const name = `${'a'.repeat(53)}-b`;
    expect(hpaOf(objectOf({ name })).metadata.labels?.['app.kubernetes.io/name']).toBe(
      `keda-hpa-${'a'.repeat(53)}`,
    );
  });

  it('leaves out labels that are excluded', () => {
    const annotations = { 'scaledobject.keda.sh/hpa-excluded-labels': 'a,b' };
    const { labels } = hpaOf(objectOf({ annotations, labels: { a: '1', b: '2', c: '3' } })).metadata;
    expect(labels).toMatchObject({ c: '3' });
    expect(labels).not.toHaveProperty('a');
  });

  it.each([
    ['0', 1, 1],
    ['5', 5, 5],
    ['-1', -1, -1],
  ])('is held at paused-replicas %s', (count, min, max) => {
    const { spec } = hpaOf(objectOf({ annotations: { 'autoscaling.keda.sh/paused-replicas': count } }));
    expect([spec.minReplicas, spec.maxReplicas]).toEqual([min, max]);
  });

  it('is not made of paused-replicas that are no number', () => {
    const object = objectOf({ annotations: { 'autoscaling.keda.sh/paused-replicas': 'x' } });
    expect(buildHpa(object, target, [])).toEqual({ error: 'strconv.ParseInt: parsing "x": invalid syntax' });
  });
});

import {
  definition,
  durationSeconds,
  kindOf,
  kinds,
  knownTriggers,
  nearest,
  resolve,
  schemaOf,
  schemaVersions,
} from '.';
import { allowedValues } from './allowed-values';

describe('schemas', () => {
  it('come from the pinned versions and know the kinds that the charts use', () => {
    expect(schemaVersions).toEqual({
      kubernetes: '1.34.4',
      keda: '2.19.0',
      httpAddOn: '0.15.0',
      prometheusOperator: '0.85.0',
    });
    expect(kindOf('apps/v1', 'Deployment')).toMatchObject({
      plural: 'deployments',
      namespaced: true,
      subresources: ['scale', 'status'],
    });
    expect(kindOf('v1', 'Namespace')).toMatchObject({ namespaced: false, shortNames: ['ns'] });
    expect(kindOf('keda.sh/v1alpha1', 'ScaledObject')).toMatchObject({
      plural: 'scaledobjects',
      shortNames: ['so'],
    });
    expect(knownTriggers).toEqual(
      expect.arrayContaining(['aws-sqs-queue', 'kafka', 'external-push', 'kubernetes-workload']),
    );
  });

  it('keep the merge keys of lists', () => {
    const pod = definition('core.v1.PodSpec')?.properties;
    expect(pod?.containers?.['x-kubernetes-patch-merge-key']).toBe('name');
    expect(definition('core.v1.Container')?.properties?.ports?.['x-kubernetes-list-map-keys']).toEqual([
      'containerPort',
      'protocol',
    ]);
  });

  it('resolve every reference they hold', () => {
    const seen = new Set<string>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const ref: unknown = Reflect.get(value, '$ref');
      if (typeof ref === 'string' && !seen.has(ref)) {
        seen.add(ref);
        visit(resolve({ $ref: ref }));
      }
      Object.values(value).forEach(visit);
    };
    kinds.forEach((kind) => visit(schemaOf(kind)));
    expect(seen.size).toBeGreaterThan(150);
  });

  it('hold every property that the enumerations name', () => {
    for (const path of Object.keys(allowedValues)) {
      const cut = path.lastIndexOf('.');
      expect([path, definition(path.slice(0, cut))?.properties?.[path.slice(cut + 1)]?.type]).toEqual([
        path,
        'string',
      ]);
    }
  });
});

it.each([
  ['30s', 30],
  ['1m30s', 90],
  ['500ms', 0.5],
  ['1.5h', 5400],
  ['1d', 86_400],
  ['0', 0],
  ['-2m', -120],
  ['5', undefined],
  ['', undefined],
  ['1 m', undefined],
])('reads the duration %j as %s seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

it('finds the nearest word, or none', () => {
  expect(nearest('imagePullPolcy', ['image', 'imagePullPolicy'])).toBe('imagePullPolicy');
  expect(nearest('REPLICAS', ['replicas'])).toBe('replicas');
  expect(nearest('zzz', ['replicas', 'selector'])).toBeUndefined();
});

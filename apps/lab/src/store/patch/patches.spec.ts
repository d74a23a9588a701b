import { builtInKinds } from '../served-kind';
import { jsonPatch } from './json-patch';
import { mergePatch } from './merge-patch';
import { strategicMergePatch } from './strategic-merge-patch';

const schemaOf = (kind: string) => builtInKinds().find(({ type }) => type.kind === kind)?.mergeSchema;

describe('merge patch', () => {
  // The examples of RFC 7386, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j + %j = %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

describe('json patch', () => {
  it.each([
    [{ a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    [{ a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    [{ a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    [{ a: [1, 2, 3] }, [{ op: 'remove', path: '/a/1' }], { a: [1, 3] }],
    [{ a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: 2 }], { a: { b: 2 } }],
    [{ a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    [{ a: [1, 2] }, [{ op: 'copy', from: '/a/0', path: '/a/-' }], { a: [1, 2, 1] }],
    [
      { 'x/y': 1, 'm~n': 2 },
      [
        { op: 'remove', path: '/x~1y' },
        { op: 'test', path: '/m~0n', value: 2 },
      ],
      { 'm~n': 2 },
    ],
  ])('%j %j gives %j', (document, patch, result) => {
    expect(jsonPatch(document, patch)).toEqual(result);
  });

  it.each([
    [{ a: 1 }, [{ op: 'remove', path: '/b' }], /path "\/b" does not exist/],
    [{ a: 1 }, [{ op: 'replace', path: '/b', value: 1 }], /does not exist/],
    [{ a: 1 }, [{ op: 'add', path: '/b/c', value: 1 }], /"b" does not exist/],
    [{ a: [1] }, [{ op: 'add', path: '/a/5', value: 1 }], /index "5" is outside the array of 1/],
    [{ a: 1 }, [{ op: 'set', path: '/a', value: 1 }], /allowed: add, remove, replace/],
    [{ a: 1 }, [{ op: 'add', path: 'a', value: 1 }], /expected a JSON pointer/],
    [{ a: 1 }, { op: 'add' }, /expected an array/],
    [{ a: 1 }, [{ op: 'test', path: '/a', value: 2 }], /testing value "\/a" failed/],
  ])('%j %j is refused', (document, patch, message) => {
    const before = structuredClone(document);
    expect(() => jsonPatch(document, patch)).toThrow(message);
    expect(document).toEqual(before);
  });
});

describe('strategic merge patch', () => {
  const container = (name: string, more: object = {}) => ({ name, image: `${name}:1`, ...more });
  const inTemplate = (containers: unknown, more: object = {}) => ({
    spec: { template: { spec: { containers, ...more } } },
  });
  const patched = (target: unknown, patch: unknown) =>
    strategicMergePatch(target, patch, schemaOf('Deployment'));

  it('merges containers by name, and their env and ports by their own keys', () => {
    const target = inTemplate([
      container('a', {
        env: [
          { name: 'X', value: '1' },
          { name: 'Y', value: '2' },
        ],
        ports: [{ containerPort: 80 }],
      }),
      container('b'),
    ]);
    const patch = inTemplate([
      {
        name: 'a',
        image: 'a:2',
        env: [
          { name: 'Y', value: '3' },
          { name: 'Z', value: '4' },
        ],
        ports: [{ containerPort: 80, name: 'http' }],
      },
    ]);
    expect(patched(target, patch)).toEqual(
      inTemplate([
        {
          name: 'a',
          image: 'a:2',
          env: [
            { name: 'X', value: '1' },
            { name: 'Y', value: '3' },
            { name: 'Z', value: '4' },
          ],
          ports: [{ containerPort: 80, name: 'http' }],
        },
        container('b'),
      ]),
    );
  });

  it('deletes and replaces by directive', () => {
    const target = inTemplate([container('a'), container('b')]);
    expect(patched(target, inTemplate([{ name: 'a', $patch: 'delete' }]))).toEqual(
      inTemplate([container('b')]),
    );
    expect(patched(target, inTemplate([container('c'), { $patch: 'replace' }]))).toEqual(
      inTemplate([container('c')]),
    );
    expect(
      patched(
        { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } },
        { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
      ),
    ).toEqual({
      spec: { strategy: { type: 'Recreate' } },
    });
    expect(
      patched(
        { metadata: { labels: { a: '1', b: '2' } } },
        { metadata: { labels: { $patch: 'replace', c: '3' } } },
      ),
    ).toEqual({
      metadata: { labels: { c: '3' } },
    });
  });

  it('orders items as told, new ones too', () => {
    const target = inTemplate([container('a'), container('b'), container('server')]);
    const order = { '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }] };
    const result = patched(target, inTemplate([container('c')], order)) as ReturnType<typeof inTemplate>;
    expect((result.spec.template.spec.containers as { name: string }[]).map(({ name }) => name)).toEqual([
      'c',
      'b',
      'server',
      'a',
    ]);
  });

  it('treats finalizers as a set and arguments as one value', () => {
    expect(
      patched({ metadata: { finalizers: ['a', 'b'] } }, { metadata: { finalizers: ['b', 'c'] } }),
    ).toEqual({
      metadata: { finalizers: ['a', 'b', 'c'] },
    });
    expect(
      patched(
        { metadata: { finalizers: ['a', 'b'] } },
        { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
      ),
    ).toEqual({
      metadata: { finalizers: ['b'] },
    });
    const target = inTemplate([container('a', { args: ['1', '2'] })]);
    expect(patched(target, inTemplate([{ name: 'a', args: ['3'] }]))).toEqual(
      inTemplate([container('a', { args: ['3'] })]),
    );
  });

  it('merges conditions by type and Service ports by port', () => {
    const status = (conditions: unknown) => ({ status: { conditions } });
    expect(
      strategicMergePatch(
        status([
          { type: 'Ready', status: 'False' },
          { type: 'Other', status: 'True' },
        ]),
        status([{ type: 'Ready', status: 'True' }]),
        schemaOf('Pod'),
      ),
    ).toEqual(
      status([
        { type: 'Ready', status: 'True' },
        { type: 'Other', status: 'True' },
      ]),
    );
    expect(
      strategicMergePatch(
        { spec: { ports: [{ port: 80, targetPort: 1 }] } },
        { spec: { ports: [{ port: 80, targetPort: 2 }] } },
        schemaOf('Service'),
      ),
    ).toEqual({ spec: { ports: [{ port: 80, targetPort: 2 }] } });
  });

  it('names the item that lacks its key', () => {
    expect(() => patched(inTemplate([container('a')]), inTemplate([{ image: 'x' }]))).toThrow(
      'containers: an item of a strategic merge patch lacks its merge key "name"',
    );
    expect(() => patched({}, { spec: { $patch: 'explode' } })).toThrow('allowed: merge, replace, delete');
  });
});

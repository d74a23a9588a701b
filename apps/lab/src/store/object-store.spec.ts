import { apiErrors, resources, type KubeObject } from '@scalelab/kube';
import type { Deployment, Pod } from '@scalelab/manifests';
import { inProcessClient, ObjectStore, encodedObject } from '.';

const startMs = Date.UTC(2026, 0, 1);
const configMap = (name: string, over: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', ...over },
});
const pod = (name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const deployment = (spec: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    },
    ...spec,
  },
});
const refusal = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
};

describe('ObjectStore', () => {
  let nowMs: number;
  let store: ObjectStore;
  beforeEach(() => {
    nowMs = startMs;
    store = new ObjectStore({ now: () => nowMs, keptEvents: 5 });
    store.create(resources.Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  });

  describe('writes', () => {
    it('gives every object identity, time and version, and drops what only the server may set', () => {
      const made = store.create(resources.Deployment, {
        ...deployment(),
        metadata: {
          name: 'web',
          namespace: 'default',
          uid: 'mine',
          generation: 9,
          creationTimestamp: 'never',
          managedFields: [],
        },
        status: { replicas: 5 },
      });
      expect(made.metadata).toMatchObject({
        creationTimestamp: '2026-01-01T00:00:00Z',
        generation: 1,
        resourceVersion: '2',
      });
      expect(made.metadata.uid).not.toBe('mine');
      expect(made.metadata).not.toHaveProperty('managedFields');
      expect(made).not.toHaveProperty('status');
    });

    it('freezes what it keeps and shares it with every reader', () => {
      const given = { ...configMap('a'), data: { x: '1' } };
      const made = store.create(resources.ConfigMap, given);
      expect(Object.isFrozen(made) && Object.isFrozen(made.data) && Object.isFrozen(made.metadata)).toBe(
        true,
      );
      given.data.x = '2';
      expect(store.get(resources.ConfigMap, 'default', 'a')).toBe(made);
      expect(made.data).toEqual({ x: '1' });
      expect(encodedObject(made)).toBe(encodedObject(store.get(resources.ConfigMap, 'default', 'a')));
    });

    it('raises one version for all kinds, and none for a write that changes nothing', () => {
      const made = store.create(resources.ConfigMap, configMap('a'));
      const again = store.update(resources.ConfigMap, configMap('a'));
      expect(again).toBe(made);
      store.create(resources.Pod, pod('p'));
      expect(store.resourceVersion).toBe('3');
    });

    it('raises the generation with the spec, not with labels or status', () => {
      store.create(resources.Deployment, deployment());
      store.patch(resources.Deployment, 'default', 'web', { metadata: { labels: { a: 'b' } } });
      store.patch(
        resources.Deployment,
        'default',
        'web',
        { status: { replicas: 1 } },
        { subresource: 'status' },
      );
      expect(store.get(resources.Deployment, 'default', 'web').metadata.generation).toBe(1);
      store.patch(resources.Deployment, 'default', 'web', { spec: { paused: true } });
      expect(store.get(resources.Deployment, 'default', 'web').metadata.generation).toBe(2);
    });

    it('keeps status out of updates and the rest out of status writes', () => {
      store.create(resources.Deployment, deployment());
      store.updateStatus(resources.Deployment, { ...deployment({ replicas: 9 }), status: { replicas: 1 } });
      const updated = store.update(resources.Deployment, {
        ...deployment({ replicas: 3 }),
        status: { replicas: 7 },
      }) as Deployment;
      expect([updated.spec.replicas, updated.status]).toEqual([3, { replicas: 1 }]);
      expect(refusal(() => store.updateStatus(resources.ConfigMap, configMap('a')))).toMatchObject({
        code: 404,
      });
    });

    it('refuses a stale version, another uid and a changed selector', () => {
      const first = store.create(resources.Deployment, deployment());
      store.updateScale(resources.Deployment, 'default', 'web', 2);
      expect(refusal(() => store.update(resources.Deployment, first))).toMatchObject({ reason: 'Conflict' });
      expect(
        refusal(() => store.patch(resources.Deployment, 'default', 'web', { metadata: { uid: 'x' } })),
      ).toMatchObject({ reason: 'Conflict' });
      expect(refusal(() => store.updateScale(resources.Deployment, 'default', 'web', 3, '1'))).toMatchObject({
        reason: 'Conflict',
      });
      const other = deployment({ selector: { matchLabels: { app: 'other' } } });
      expect(refusal(() => store.update(resources.Deployment, other))).toMatchObject({
        reason: 'Invalid',
        message: expect.stringContaining('spec.selector: Invalid value') as string,
      });
    });

    it('makes names from generateName, each another', () => {
      const names = new Set<string>();
      for (let i = 0; i < 50; i++)
        names.add(
          store.create(resources.Pod, {
            ...pod(''),
            metadata: { name: '', generateName: 'web-', namespace: 'default' },
          }).metadata.name,
        );
      expect(names.size).toBe(50);
      for (const name of names) expect(name).toMatch(/^web-[b-df-hj-np-tv-z2-9]{5}$/);
    });

    it.each([
      ['no namespace', () => configMap('a', { namespace: undefined }), 'BadRequest'],
      ['an absent namespace', () => configMap('a', { namespace: 'none' }), 'NotFound'],
      ['a bad name', () => configMap('Über'), 'Invalid'],
      ['no name', () => configMap(''), 'Invalid'],
      ['another kind', () => pod('a'), 'BadRequest'],
      ['a label that is a number', () => configMap('a', { labels: { n: 1 } }), 'BadRequest'],
      ['a version', () => configMap('a', { resourceVersion: '5' }), 'BadRequest'],
      ['no object', () => 'text', 'BadRequest'],
    ])('refuses to create with %s', (_what, object, reason) => {
      expect(refusal(() => store.create(resources.ConfigMap, object()))).toMatchObject({ reason });
    });

    it('asks admission in order, and stores what it returns', () => {
      const asked: string[] = [];
      const guarded = new ObjectStore({
        admission: [
          (object, { operation }) => (asked.push(operation), { ...object, data: { seen: operation } }),
          (object, { type }) => {
            if (object.metadata.labels?.bad) throw apiErrors.forbidden(type, object.metadata.name, 'bad');
            return object;
          },
        ],
      });
      guarded.create(resources.Namespace, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'default' },
      });
      expect(guarded.create(resources.ConfigMap, configMap('a')).data).toEqual({ seen: 'CREATE' });
      expect(
        guarded.patch(resources.ConfigMap, 'default', 'a', { metadata: { labels: { ok: '1' } } }).data,
      ).toEqual({ seen: 'UPDATE' });
      const version = guarded.resourceVersion;
      expect(
        refusal(() =>
          guarded.patch(resources.ConfigMap, 'default', 'a', { metadata: { labels: { bad: '1' } } }),
        ),
      ).toMatchObject({ code: 403 });
      expect(guarded.resourceVersion).toBe(version);
      expect(asked).toEqual(['CREATE', 'CREATE', 'UPDATE', 'UPDATE']);
    });
  });

  describe('deletion', () => {
    const bound = () =>
      store.create(resources.Pod, pod('p', { nodeName: 'lab', terminationGracePeriodSeconds: 20 }));

    it('waits for finalizers and takes no new ones away', () => {
      store.create(resources.ConfigMap, configMap('a', { finalizers: ['one', 'two'] }));
      expect(store.delete(resources.ConfigMap, 'default', 'a').removed).toBe(false);
      store.patch(resources.ConfigMap, 'default', 'a', {
        metadata: { finalizers: ['two'], deletionTimestamp: null },
      });
      expect(store.get(resources.ConfigMap, 'default', 'a').metadata.deletionTimestamp).toBe(
        '2026-01-01T00:00:00Z',
      );
      store.patch(resources.ConfigMap, 'default', 'a', { metadata: { finalizers: null } });
      expect(refusal(() => store.get(resources.ConfigMap, 'default', 'a'))).toMatchObject({
        reason: 'NotFound',
      });
    });

    it('gives a running pod its grace period, which may be shortened but not lengthened', () => {
      bound();
      expect(store.delete(resources.Pod, 'default', 'p').object.metadata).toMatchObject({
        deletionTimestamp: '2026-01-01T00:00:20Z',
        deletionGracePeriodSeconds: 20,
      });
      store.delete(resources.Pod, 'default', 'p', { gracePeriodSeconds: 60 });
      expect(store.get(resources.Pod, 'default', 'p').metadata.deletionGracePeriodSeconds).toBe(20);
      store.delete(resources.Pod, 'default', 'p', { gracePeriodSeconds: 5 });
      expect(store.get(resources.Pod, 'default', 'p').metadata.deletionGracePeriodSeconds).toBe(5);
      expect(store.delete(resources.Pod, 'default', 'p', { gracePeriodSeconds: 0 }).removed).toBe(true);
    });

    it('removes a pod that nobody runs at once', () => {
      store.create(resources.Pod, pod('waiting'));
      expect(store.delete(resources.Pod, 'default', 'waiting').removed).toBe(true);
      bound();
      store.patch(
        resources.Pod,
        'default',
        'p',
        { status: { phase: 'Succeeded' } },
        { subresource: 'status' },
      );
      expect(store.delete(resources.Pod, 'default', 'p').removed).toBe(true);
    });

    it('keeps preconditions', () => {
      const { metadata } = bound();
      expect(
        refusal(() => store.delete(resources.Pod, 'default', 'p', { preconditions: { uid: 'other' } })),
      ).toMatchObject({ reason: 'Conflict' });
      expect(
        store.delete(resources.Pod, 'default', 'p', { preconditions: { uid: metadata.uid ?? '' } }).removed,
      ).toBe(false);
    });

    it('lets nothing new into a namespace that is going away', () => {
      store.create(resources.Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gone' } });
      expect(store.delete(resources.Namespace, undefined, 'gone').removed).toBe(false);
      expect(
        refusal(() => store.create(resources.ConfigMap, configMap('a', { namespace: 'gone' }))),
      ).toMatchObject({ reason: 'Forbidden' });
      store.patch(resources.Namespace, undefined, 'gone', { spec: { finalizers: [] } });
      expect(store.list(resources.Namespace).items).toHaveLength(1);
    });
  });

  describe('watches', () => {
    const drain = (cursor: ReturnType<ObjectStore['watch']>): string[] => {
      const seen: string[] = [];
      for (let item = cursor.next(); item !== undefined; item = cursor.next())
        seen.push(`${item.type} ${item.object.metadata.name}`);
      return seen;
    };

    it('begin with what is there, then follow', () => {
      store.create(resources.ConfigMap, configMap('b'));
      store.create(resources.ConfigMap, configMap('a'));
      const cursor = store.watch(resources.ConfigMap);
      let wakes = 0;
      const stop = cursor.onChange(() => wakes++);
      expect(drain(cursor)).toEqual(['ADDED a', 'ADDED b']);
      store.delete(resources.ConfigMap, 'default', 'a');
      store.create(resources.Pod, pod('p'));
      expect([drain(cursor), wakes]).toEqual([['DELETED a'], 1]);
      stop();
      store.create(resources.ConfigMap, configMap('c'));
      expect(wakes).toBe(1);
    });

    it('resume after a version, also one from before the first object of the kind', () => {
      const from = store.resourceVersion;
      store.create(resources.Pod, pod('p'));
      store.create(resources.ConfigMap, configMap('a'));
      const { resourceVersion } = store.create(resources.ConfigMap, configMap('b')).metadata;
      store.create(resources.ConfigMap, configMap('c'));
      expect(drain(store.watch(resources.ConfigMap, { resourceVersion: from }))).toEqual([
        'ADDED a',
        'ADDED b',
        'ADDED c',
      ]);
      expect(drain(store.watch(resources.ConfigMap, { resourceVersion: resourceVersion ?? '' }))).toEqual([
        'ADDED c',
      ]);
    });

    it('end with 410 where the log has moved on, at the start as later', () => {
      const { resourceVersion = '' } = store.create(resources.ConfigMap, configMap('a')).metadata;
      const slow = store.watch(resources.ConfigMap, { resourceVersion });
      for (let i = 0; i < 6; i++) store.create(resources.ConfigMap, configMap(`x${i}`));
      expect(refusal(() => slow.next())).toMatchObject({ code: 410, reason: 'Expired' });
      expect(refusal(() => store.watch(resources.ConfigMap, { resourceVersion }))).toMatchObject({
        code: 410,
      });
      expect(refusal(() => store.watch(resources.ConfigMap, { resourceVersion: '1000' }))).toMatchObject({
        code: 410,
      });
    });

    it('tell of objects that enter and leave a selector', () => {
      const cursor = store.watch(resources.ConfigMap, { labelSelector: 'app=a' });
      store.create(resources.ConfigMap, configMap('x', { labels: { app: 'b' } }));
      store.patch(resources.ConfigMap, 'default', 'x', { metadata: { labels: { app: 'a' } } });
      store.patch(resources.ConfigMap, 'default', 'x', { metadata: { labels: { more: '1' } } });
      store.patch(resources.ConfigMap, 'default', 'x', { metadata: { labels: { app: 'c' } } });
      store.delete(resources.ConfigMap, 'default', 'x');
      expect(drain(cursor)).toEqual(['ADDED x', 'MODIFIED x', 'DELETED x']);
    });

    it('reach clients in process without a copy, and end with their signal', async () => {
      const client = inProcessClient(store);
      const ending = new AbortController();
      const seen: KubeObject[] = [];
      const watching = (async () => {
        for await (const event of client.watch(resources.ConfigMap, { signal: ending.signal })) {
          if (event.type === 'ADDED') seen.push(event.object);
          if (seen.length === 2) ending.abort();
        }
      })();
      const made = [
        await client.create(resources.ConfigMap, configMap('a')),
        await client.create(resources.ConfigMap, configMap('b')),
      ];
      await watching;
      expect(seen[0]).toBe(made[0]);
      expect(seen[1]).toBe(made[1]);
    });
  });

  it('serves kinds that are added while it runs', () => {
    const type = { group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget', namespaced: true };
    const widget = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'default' },
      spec: { size: 3 },
    };
    expect(refusal(() => store.create(type, widget))).toMatchObject({ code: 404 });
    store.kinds.add({
      type,
      singular: 'widget',
      shortNames: [],
      categories: [],
      hasStatus: true,
      scale: {
        specReplicas: ['spec', 'size'],
        statusReplicas: ['status', 'size'],
        selector: ['status', 'selector'],
        defaultReplicas: 0,
      },
      gracefulDeletion: false,
      immutable: [],
    });
    store.create(type, widget);
    store.patch(type, 'default', 'w', { status: { size: 1, selector: 'a=b' } }, { subresource: 'status' });
    expect(store.getScale(type, 'default', 'w')).toMatchObject({
      specReplicas: 3,
      statusReplicas: 1,
      selector: 'a=b',
    });
    expect(refusal(() => store.patch(type, 'default', 'w', {}, { type: 'strategic' }))).toMatchObject({
      code: 415,
    });
  });

  it('pods show their phase from the first moment', () => {
    expect((store.create(resources.Pod, pod('p')) as Pod).status).toEqual({ phase: 'Pending' });
  });
});

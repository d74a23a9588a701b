import { VirtualClock } from '@scalelab/testing';
import { apiErrors } from './api-error';
import { Informer } from './informer';
import { InformerSet } from './informer-set';
import { resources } from './resources';
import { FakeKubeClient } from './testing';
import type { KubeObject } from './port';

const configMap = (name: string, data: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', labels: { first: name[0] ?? '' } },
  data,
});

describe('Informer', () => {
  let clock: VirtualClock;
  let client: FakeKubeClient;
  let informer: Informer;
  let told: string[];
  let ending: AbortController;
  const errors: unknown[] = [];

  beforeEach(() => {
    clock = new VirtualClock(0);
    client = new FakeKubeClient([configMap('a'), configMap('b')]);
    informer = new Informer({
      client,
      type: resources.ConfigMap,
      scheduler: clock,
      onError: (error) => errors.push(error),
    });
    told = [];
    informer.on({
      added: ({ metadata }) => told.push(`+${metadata.name}`),
      updated: ({ metadata }) => told.push(`~${metadata.name}`),
      deleted: ({ metadata }) => told.push(`-${metadata.name}`),
    });
    ending = new AbortController();
    errors.length = 0;
  });
  afterEach(() => ending.abort());

  it('lists, then follows', async () => {
    expect(informer.hasSynced).toBe(false);
    informer.start(ending.signal);
    await informer.synced();
    expect(informer.hasSynced).toBe(true);
    await client.create(resources.ConfigMap, configMap('c'));
    await client.patch(resources.ConfigMap, 'default', 'a', { data: { x: '1' } });
    await client.delete(resources.ConfigMap, 'default', 'b');
    await clock.advance(0);
    expect(told).toEqual(['+a', '+b', '+c', '~a', '-b']);
    expect(informer.list().map(({ metadata }) => metadata.name)).toEqual(['a', 'c']);
    expect(informer.get('default', 'a')?.data).toEqual({ x: '1' });
    expect(informer.list('other')).toEqual([]);
  });

  it('after a 410 lists again at once and tells the difference only', async () => {
    informer.start(ending.signal);
    await informer.synced();
    await clock.advance(0);
    client.forgetEvents();
    await client.delete(resources.ConfigMap, 'default', 'a');
    await client.create(resources.ConfigMap, configMap('d'));
    await clock.advance(0);
    expect(told).toEqual(['+a', '+b', '-a', '+d']);
    expect(client.calls.filter((call) => call.startsWith('list'))).toHaveLength(2);
  });

  it('backs off while the server refuses, and goes on by itself', async () => {
    client.failNext(/^list/, apiErrors.internal('first'));
    informer.start(ending.signal);
    await clock.advance(200);
    expect(informer.hasSynced).toBe(false);
    expect(errors).toHaveLength(1);
    await clock.advance(100);
    expect(informer.hasSynced).toBe(true);
    expect(told).toEqual(['+a', '+b']);
  });

  it('resumes a broken watch from the last version without another list', async () => {
    client.failNext(/^watch/, apiErrors.internal('broken'));
    informer.start(ending.signal);
    await clock.advance(100);
    await client.create(resources.ConfigMap, configMap('c'));
    await clock.advance(1000);
    expect(told).toEqual(['+a', '+b', '+c']);
    expect(client.calls.filter((call) => call.startsWith('list'))).toHaveLength(1);
  });

  it('shows a write of our own before the watch tells of it, and only once', async () => {
    informer.start(ending.signal);
    await informer.synced();
    const made = await client.create(resources.ConfigMap, configMap('mine'));
    informer.observe(made);
    expect(informer.get('default', 'mine')).toBe(made);
    await clock.advance(0);
    expect(told).toEqual(['+a', '+b', '+mine']);
    const newer = await client.patch(resources.ConfigMap, 'default', 'mine', { data: { x: '1' } });
    await clock.advance(0);
    informer.observe(made);
    expect(informer.get('default', 'mine')?.metadata.resourceVersion).toBe(newer.metadata.resourceVersion);
  });

  it('tells of both when an object is deleted and made again between two looks', async () => {
    informer.start(ending.signal);
    await informer.synced();
    await client.delete(resources.ConfigMap, 'default', 'a');
    const again = await client.create(resources.ConfigMap, configMap('a'));
    informer.observe(again);
    await clock.advance(0);
    expect(told).toEqual(['+a', '+b', '-a', '+a']);
    expect(informer.get('default', 'a')?.metadata.uid).toBe(again.metadata.uid);
  });

  it('keeps indexes true, and tells a late handler what is there', async () => {
    informer.start(ending.signal);
    await informer.synced();
    informer.addIndex('first', ({ metadata }) => [metadata.labels?.first ?? '']);
    await client.create(resources.ConfigMap, configMap('ab'));
    await client.patch(resources.ConfigMap, 'default', 'a', { metadata: { labels: { first: 'z' } } });
    await clock.advance(0);
    const names = (value: string) => informer.byIndex('first', value).map(({ metadata }) => metadata.name);
    expect([names('a'), names('z'), names('none')]).toEqual([['ab'], ['a'], []]);
    await client.delete(resources.ConfigMap, 'default', 'ab');
    await clock.advance(0);
    expect(names('a')).toEqual([]);
    expect(() => informer.byIndex('other', 'a')).toThrow('no index "other"; there are: first');
    const late: string[] = [];
    informer.on({ added: ({ metadata }) => late.push(metadata.name) });
    expect(late).toEqual(['a', 'b']);
  });

  it('is shared by type, and started with its set or later', async () => {
    const set = new InformerSet({ client, scheduler: clock });
    const first = set.of(resources.ConfigMap);
    expect(set.of(resources.ConfigMap)).toBe(first);
    set.start(ending.signal);
    await set.synced();
    expect(first.hasSynced).toBe(true);
    const later = set.of(resources.Secret);
    await set.synced();
    expect(later.hasSynced).toBe(true);
  });

  it('waits for nothing while nothing happens', async () => {
    informer.start(ending.signal);
    await informer.synced();
    await clock.advance(0);
    const calls = client.calls.length;
    await clock.advance(24 * 3_600_000);
    expect([client.calls.length, clock.pending]).toEqual([calls, 0]);
  });
});

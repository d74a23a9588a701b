import { request as httpsRequest } from 'node:https';
import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  HeapScheduler,
  Informer,
  kubeClientFromKubeconfig,
  resources,
  type HttpKubeClient,
  type KubeObject,
  type WatchEvent,
} from '@scalelab/kube';
import type { Deployment } from '@scalelab/manifests';
import { tempDir, waitFor } from '@scalelab/testing';
import { ObjectStore } from '../store';
import { ApiServer, defaultsAdmission, validationAdmission, writeKubeconfig, type ApiServerOptions } from '.';

const configMap = (
  name: string,
  data: Record<string, string> = {},
  labels: Record<string, string> = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', labels },
  data,
});
const deployment = (replicas: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    },
  },
});

describe('the API server', () => {
  let store: ObjectStore;
  let scheduler: HeapScheduler;
  let server: ApiServer;
  let client: HttpKubeClient;
  const unexpected: unknown[] = [];

  const begin = async (options: Partial<ApiServerOptions> = {}, keptEvents = 1000) => {
    store = new ObjectStore({ admission: [defaultsAdmission, validationAdmission], keptEvents });
    scheduler = new HeapScheduler();
    server = new ApiServer({ store, scheduler, onError: (error) => unexpected.push(error), ...options });
    await server.start();
    client = kubeClientFromKubeconfig(server.kubeconfig());
    await client.create(resources.Namespace, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default' },
    });
  };
  beforeEach(() => begin());
  const finish = async () => {
    client.close();
    await server.stop();
    scheduler.stop();
  };
  afterEach(async () => {
    await finish();
    expect(unexpected.splice(0)).toEqual([]);
  });

  /** A request as any HTTP client would send it. */
  const raw = (
    method: string,
    path: string,
    options: { body?: string; headers?: Record<string, string>; token?: string } = {},
  ): Promise<{ code: number; body: string }> =>
    new Promise((resolve, reject) => {
      const request = httpsRequest(
        `${server.url}${path}`,
        {
          method,
          ca: server.authority,
          agent: false,
          headers: { authorization: `Bearer ${options.token ?? server.token}`, ...options.headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ code: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(options.body);
    });
  const getJson = async (path: string): Promise<Record<string, unknown>> =>
    JSON.parse((await raw('GET', path)).body) as Record<string, unknown>;

  it('creates, reads, lists by selector, replaces and deletes', async () => {
    const created = await client.create(resources.ConfigMap, configMap('a', { x: '1' }, { app: 'a' }));
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    await client.create(resources.ConfigMap, configMap('b', {}, { app: 'b' }));
    expect(await client.get(resources.ConfigMap, 'default', 'a')).toEqual(created);
    const { items } = await client.list(resources.ConfigMap, {
      namespace: 'default',
      labelSelector: 'app in (a,c)',
    });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a']);
    const byField = await client.list(resources.ConfigMap, { fieldSelector: 'metadata.name=b' });
    expect(byField.items.map(({ metadata }) => metadata.name)).toEqual(['b']);
    const updated = await client.update(resources.ConfigMap, { ...created, data: { x: '2' } });
    await expect(client.update(resources.ConfigMap, { ...created, data: { x: '3' } })).rejects.toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
    expect(updated.data).toEqual({ x: '2' });
    await client.delete(resources.ConfigMap, 'default', 'a');
    await expect(client.get(resources.ConfigMap, 'default', 'a')).rejects.toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "a" not found',
    });
  });

  it('serves status and scale apart from the rest', async () => {
    await client.create(resources.Deployment, { ...deployment(2), status: { replicas: 99 } });
    const first = await client.get<Deployment>(resources.Deployment, 'default', 'web');
    expect(first.status).toBeUndefined();
    await client.updateStatus(resources.Deployment, {
      ...first,
      spec: { ...first.spec, replicas: 7 },
      status: { replicas: 2 },
    });
    const second = await client.get<Deployment>(resources.Deployment, 'default', 'web');
    expect([second.spec.replicas, second.status, second.metadata.generation]).toEqual([
      2,
      { replicas: 2 },
      1,
    ]);
    expect(await client.getScale(resources.Deployment, 'default', 'web')).toMatchObject({
      specReplicas: 2,
      statusReplicas: 2,
      selector: 'app=web',
    });
    expect(await client.updateScale(resources.Deployment, 'default', 'web', 5)).toMatchObject({
      specReplicas: 5,
    });
    const patched = await client.patch(
      resources.Deployment,
      'default',
      'web',
      { spec: { replicas: 6 } },
      { subresource: 'scale' },
    );
    expect(patched).toMatchObject({ kind: 'Scale', spec: { replicas: 6 } });
    await expect(client.updateScale(resources.Deployment, 'default', 'web', -1)).rejects.toMatchObject({
      code: 422,
    });
    await expect(client.getScale(resources.ConfigMap, 'default', 'web')).rejects.toMatchObject({ code: 404 });
    const third = await client.get<Deployment>(resources.Deployment, 'default', 'web');
    expect([third.spec.replicas, third.metadata.generation]).toEqual([6, 3]);
  });

  it('takes every kind of patch', async () => {
    await client.create(resources.Deployment, deployment(1));
    const patch = (body: unknown, type: 'merge' | 'json' | 'strategic' | 'apply') =>
      client.patch<Deployment>(resources.Deployment, 'default', 'web', body, { type });
    await patch({ metadata: { labels: { a: '1' } } }, 'merge');
    await patch([{ op: 'add', path: '/metadata/labels/b', value: '2' }], 'json');
    const containers = [{ name: 'side', image: 'side:1' }];
    await patch({ spec: { template: { spec: { containers } } } }, 'strategic');
    const done = await patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 4 } },
      'apply',
    );
    expect(done.metadata.labels).toEqual({ a: '1', b: '2' });
    expect(done.spec.template.spec?.containers.map(({ name }) => name)).toEqual(['web', 'side']);
    expect(done.spec.replicas).toBe(4);
    await expect(patch([{ op: 'test', path: '/spec/replicas', value: 1 }], 'json')).rejects.toMatchObject({
      code: 422,
    });
    await expect(patch([{ op: 'remove', path: '/spec/none' }], 'json')).rejects.toMatchObject({ code: 400 });
    expect(
      (await raw('PATCH', '/apis/apps/v1/namespaces/default/deployments/web', { body: '{}' })).code,
    ).toBe(415);
  });

  it('streams changes, through selectors, from a version on', async () => {
    const created = await client.create(resources.ConfigMap, configMap('a', {}, { app: 'x' }));
    const ending = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      const options = {
        labelSelector: 'app=x',
        resourceVersion: created.metadata.resourceVersion ?? '',
        signal: ending.signal,
      };
      for await (const event of client.watch(resources.ConfigMap, options)) {
        if (event.type !== 'ERROR') seen.push(`${event.type} ${event.object.metadata.name}`);
      }
    })();
    await client.create(resources.ConfigMap, configMap('other'));
    await client.create(resources.ConfigMap, configMap('b', {}, { app: 'x' }));
    await client.patch(resources.ConfigMap, 'default', 'b', { data: { k: 'v' } });
    await client.patch(resources.ConfigMap, 'default', 'b', { metadata: { labels: { app: 'y' } } });
    await client.patch(resources.ConfigMap, 'default', 'other', { metadata: { labels: { app: 'x' } } });
    await client.delete(resources.ConfigMap, 'default', 'a');
    await waitFor(() => seen.length >= 5);
    expect(seen).toEqual(['ADDED b', 'MODIFIED b', 'DELETED b', 'ADDED other', 'DELETED a']);
    ending.abort();
    await watching;
  });

  it('ends a watch from a forgotten version with 410, and an informer lists again', async () => {
    await finish();
    await begin({}, 3);
    const first = await client.create(resources.ConfigMap, configMap('a'));
    for (let i = 0; i < 6; i++)
      await client.patch(resources.ConfigMap, 'default', 'a', { data: { i: String(i) } });
    const events: WatchEvent[] = [];
    const { signal } = new AbortController();
    const resourceVersion = first.metadata.resourceVersion ?? '';
    const attempt = (async () => {
      for await (const event of client.watch(resources.ConfigMap, { resourceVersion, signal }))
        events.push(event);
    })();
    await expect(attempt).rejects.toMatchObject({ code: 410, reason: 'Expired' });
    const ending = new AbortController();
    const informer = new Informer({ client, type: resources.ConfigMap, scheduler });
    informer.start(ending.signal);
    await informer.synced();
    await client.patch(resources.ConfigMap, 'default', 'a', { data: { i: 'last' } });
    await waitFor(() => (informer.get('default', 'a')?.data as { i: string }).i === 'last');
    ending.abort();
  });

  it('sends bookmarks to those who ask, and ends a watch at its time', async () => {
    await finish();
    await begin({ bookmarkEveryMs: 20 });
    const versions: string[] = [];
    const ending = new AbortController();
    const watching = (async () => {
      for await (const event of client.watch(resources.ConfigMap, { signal: ending.signal })) {
        if (event.type === 'BOOKMARK') versions.push(event.object.metadata.resourceVersion ?? '');
      }
    })();
    await waitFor(() => versions.length > 0);
    await client.create(resources.Secret, { ...configMap('s'), kind: 'Secret', data: {} });
    await waitFor(() => versions.at(-1) === store.resourceVersion);
    ending.abort();
    await watching;
    const started = Date.now();
    const { code, body } = await raw('GET', '/api/v1/configmaps?watch=1&timeoutSeconds=1');
    expect([code, body]).toEqual([200, '']);
    expect(Date.now() - started).toBeLessThan(5000);
    const streamed = await raw(
      'GET',
      '/api/v1/namespaces?watch=1&timeoutSeconds=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan',
    );
    const lines = streamed.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; object: KubeObject });
    expect(lines[0]).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'default' } } });
    expect(lines[1]).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });

  it('pages a list', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await client.create(resources.ConfigMap, configMap(name));
    const names: string[] = [];
    let token = '';
    let pages = 0;
    do {
      const page = await getJson(`/api/v1/namespaces/default/configmaps?limit=2&continue=${token}`);
      const { metadata, items } = page as unknown as { metadata: { continue?: string }; items: KubeObject[] };
      names.push(...items.map((item) => item.metadata.name));
      token = metadata.continue ?? '';
      pages++;
    } while (token !== '');
    expect([names.join(''), pages]).toEqual(['abcde', 3]);
    expect((await raw('GET', '/api/v1/configmaps?continue=x')).code).toBe(400);
  });

  it('tells what it serves', async () => {
    expect(await getJson('/version')).toMatchObject({ major: '1', minor: '34' });
    expect(await getJson('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { groups } = (await getJson('/apis')) as { groups: { name: string }[] };
    expect(groups.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['apps', 'batch', 'autoscaling', 'keda.sh']),
    );
    expect(await getJson('/apis/apps')).toMatchObject({ preferredVersion: { groupVersion: 'apps/v1' } });
    const { resources: served } = (await getJson('/apis/apps/v1')) as {
      resources: { name: string; kind: string }[];
    };
    expect(served).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'deployments',
          kind: 'Deployment',
          shortNames: ['deploy'],
          categories: ['all'],
        }),
        expect.objectContaining({ name: 'deployments/scale', kind: 'Scale', group: 'autoscaling' }),
        expect.objectContaining({ name: 'deployments/status' }),
      ]),
    );
    for (const path of ['/healthz', '/livez', '/readyz']) {
      expect(await raw('GET', path, { token: 'none' })).toEqual({ code: 200, body: 'ok' });
    }
  });

  it.each([
    ['GET', '/api/v1/pods', { token: 'wrong' }, 401, 'Unauthorized'],
    ['GET', '/apis/nothing/v1/things', {}, 404, 'NotFound'],
    ['GET', '/nothing', {}, 404, 'NotFound'],
    ['GET', '/api/v1/pods?labelSelector=a+b', {}, 400, 'BadRequest'],
    ['GET', '/api/v1/pods?limit=many', {}, 400, 'BadRequest'],
    ['GET', '/api/v1/pods?watch=1&resourceVersion=soon', {}, 400, 'BadRequest'],
    ['GET', '/api/v1/pods?watch=1&resourceVersion=99999', {}, 410, 'Expired'],
    ['PUT', '/api/v1/namespaces/default/pods', { body: '{}' }, 405, 'MethodNotAllowed'],
    ['POST', '/api/v1/namespaces/default/configmaps', { body: '{nonsense' }, 400, 'BadRequest'],
    ['POST', '/api/v1/namespaces/default/configmaps', { body: '[]' }, 400, 'BadRequest'],
    [
      'POST',
      '/api/v1/namespaces/default/configmaps',
      { body: 'x', headers: { 'content-type': 'application/vnd.kubernetes.protobuf' } },
      415,
      'UnsupportedMediaType',
    ],
    ['POST', '/api/v1/namespaces/none/configmaps', { body: '{"metadata":{"name":"a"}}' }, 404, 'NotFound'],
    [
      'POST',
      '/api/v1/namespaces/default/configmaps',
      { body: '{"metadata":{"name":"A b"}}' },
      422,
      'Invalid',
    ],
    [
      'POST',
      '/api/v1/namespaces/default/configmaps',
      { body: '{"metadata":{"name":"a","namespace":"b"}}' },
      400,
      'BadRequest',
    ],
    [
      'POST',
      '/api/v1/namespaces/default/configmaps',
      { body: '{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"}}' },
      400,
      'BadRequest',
    ],
    [
      'PATCH',
      '/api/v1/namespaces/default',
      { body: '{', headers: { 'content-type': 'application/merge-patch+json' } },
      400,
      'BadRequest',
    ],
  ] as const)('%s %s %j is refused with %i %s', async (method, path, options, code, reason) => {
    const answer = await raw(method, path, options);
    expect(answer.code).toBe(code);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', status: 'Failure', code, reason });
    expect(answer.body).not.toMatch(/\.ts:\d|node_modules/);
  });

  it('refuses a body past the limit', async () => {
    await finish();
    await begin({ bodyLimitBytes: 1000 });
    const body = JSON.stringify(configMap('a', { x: 'y'.repeat(2000) }));
    expect((await raw('POST', '/api/v1/namespaces/default/configmaps', { body })).code).toBe(413);
  });

  it('names every wrong field, and unknown ones when validation is strict', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments?fieldValidation=';
    const wrong = { ...deployment(1), spec: { ...(deployment(1).spec as object), replicas: 'three' } };
    const refused = await raw('POST', `${path}Strict`, { body: JSON.stringify(wrong) });
    expect(refused.code).toBe(422);
    expect(refused.body).toContain('spec.replicas');
    const unknown = JSON.stringify({
      ...deployment(1),
      spec: { ...(deployment(1).spec as object), replica: 3 },
    });
    const strict = await raw('POST', `${path}Strict`, { body: unknown });
    expect([strict.code, strict.body]).toEqual([400, expect.stringContaining('spec.replica')]);
    expect((await raw('POST', `${path}Ignore`, { body: unknown })).code).toBe(201);
    expect((await raw('POST', `${path}Sometimes`, { body: unknown })).code).toBe(400);
  });

  it('does a dry run without a trace', async () => {
    const before = store.resourceVersion;
    const body = JSON.stringify(configMap('dry'));
    const answer = await raw('POST', '/api/v1/namespaces/default/configmaps?dryRun=All', { body });
    expect(answer.code).toBe(201);
    expect(store.resourceVersion).toBe(before);
    await expect(client.get(resources.ConfigMap, 'default', 'dry')).rejects.toMatchObject({ code: 404 });
  });

  it('takes YAML and deletes collections', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\n  labels: {app: y}\n';
    const headers = { 'content-type': 'application/yaml' };
    expect((await raw('POST', '/api/v1/namespaces/default/configmaps', { body, headers })).code).toBe(201);
    await client.create(resources.ConfigMap, configMap('kept'));
    await raw('DELETE', '/api/v1/namespaces/default/configmaps?labelSelector=app%3Dy');
    const { items } = await client.list(resources.ConfigMap);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['kept']);
  });

  it('passes logs and usage of pods on from their sources', async () => {
    await finish();
    const asked: unknown[] = [];
    await begin({
      logs: {
        async *logs(pod, options) {
          asked.push([pod, { ...options, signal: undefined }]);
          if (options.previous)
            throw Object.assign(new Error('previous terminated container "c" in pod "p" not found'), {
              code: 'NotFound',
            });
          yield Buffer.from('one\n');
          if (options.follow)
            await new Promise<void>((resolve) => options.signal?.addEventListener('abort', () => resolve()));
          yield Buffer.from('two\n');
        },
      },
      podUsage: {
        usage: ({ name }) =>
          name === 'p'
            ? {
                containers: [{ name: 'c', cpuNanocores: 250_000_000, memoryBytes: 64 * 2 ** 20 }],
                timestampMs: 0,
                windowSeconds: 15,
              }
            : undefined,
      },
      externalMetrics: {
        read: (namespace, metric, labels) =>
          metric === 's0-broken'
            ? Promise.reject(new Error('the queue is gone'))
            : Promise.resolve([`${namespace}/${metric}/${labels.a}`]),
      },
    });
    const spec = { containers: [{ name: 'c', image: 'i' }] };
    for (const name of ['p', 'q']) {
      await client.create(resources.Pod, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default' },
        spec,
      });
    }
    const log = await raw('GET', '/api/v1/namespaces/default/pods/p/log?container=c&tailLines=5');
    expect(log).toEqual({ code: 200, body: 'one\ntwo\n' });
    expect(asked).toEqual([
      [
        { namespace: 'default', name: 'p', container: 'c' },
        { previous: false, follow: false, tailLines: 5, signal: undefined },
      ],
    ]);
    expect(await raw('GET', '/api/v1/namespaces/default/pods/p/log?previous=true')).toMatchObject({
      code: 400,
      body: expect.stringContaining('previous terminated container') as string,
    });
    expect((await raw('GET', '/api/v1/namespaces/default/pods/none/log')).code).toBe(404);
    const { items } = await client.list(resources.PodMetrics, { namespace: 'default' });
    expect(items).toEqual([
      expect.objectContaining({
        window: '15s',
        containers: [{ name: 'c', usage: { cpu: '250000000n', memory: '65536Ki' } }],
      }),
    ]);
    await expect(client.get(resources.PodMetrics, 'default', 'q')).rejects.toMatchObject({ code: 404 });
    const external = '/apis/external.metrics.k8s.io/v1beta1/namespaces/default';
    expect(await getJson(`${external}/s0-queue?labelSelector=a%3Db`)).toMatchObject({
      items: [{ value: 'default/s0-queue/b' }],
    });
    expect(await raw('GET', `${external}/s0-broken`)).toMatchObject({
      code: 500,
      body: expect.stringContaining('the queue is gone') as string,
    });
  });

  it('is trusted by the kubeconfig it writes, which only its owner may read', async () => {
    const path = join(tempDir(), 'kubeconfig');
    writeKubeconfig(path, server.kubeconfig());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const fromFile = kubeClientFromKubeconfig(path);
    expect((await fromFile.list(resources.Namespace)).items).toHaveLength(1);
    fromFile.close();
    const certificate = new X509Certificate(server.authority);
    expect(certificate.ca).toBe(true);
    const untrusting = kubeClientFromKubeconfig({
      ...server.kubeconfig(),
      clusters: [{ name: 'scalelab', cluster: { server: server.url } }],
    });
    await expect(untrusting.list(resources.Namespace)).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
    });
    untrusting.close();
  });

  it('stops within a moment although clients watch', async () => {
    const ending = new AbortController();
    const watching = (async () => {
      for await (const event of client.watch(resources.ConfigMap, { signal: ending.signal }))
        expect(event).toBeDefined();
    })();
    await client.create(resources.ConfigMap, configMap('a'));
    const started = Date.now();
    await server.stop();
    await watching;
    expect(Date.now() - started).toBeLessThan(2000);
    await finish();
    await begin();
  });
});

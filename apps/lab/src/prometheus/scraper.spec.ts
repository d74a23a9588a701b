import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HeapScheduler, InformerSet, resources, type KubeClient, type KubeObject } from '@scalelab/kube';
import { evaluate, SampleStore } from '@scalelab/promql';
import { waitFor } from '@scalelab/testing';
import { inProcessClient, ObjectStore } from '../store';
import { publication, QueryServer, Scraper } from '.';

describe('scraping and asking', () => {
  let server: Server;
  let port = 0;
  let requests = 0;
  let client: KubeClient;
  let scraper: Scraper;
  let store: SampleStore;
  let queries: QueryServer;
  let scheduler: HeapScheduler;
  const errors: unknown[] = [];
  const end = new AbortController();

  beforeAll(async () => {
    server = createServer((_request, response) =>
      response.end(`# TYPE hits_total counter\nhits_total{code="200"} ${(requests += 10)}\n`),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    client = inProcessClient(new ObjectStore());
    scheduler = new HeapScheduler();
    const informers = new InformerSet({ client, scheduler });
    store = new SampleStore();
    scraper = new Scraper({
      informers,
      scheduler,
      store,
      monitorLabels: { release: 'kind-prometheus' },
      intervalMs: 30_000,
      connectTarget: (_address, to) => (to === port ? { host: '127.0.0.1', port } : undefined),
      onError: (_target, error) => errors.push(error),
    });
    informers.start(end.signal);
    await informers.synced();
    queries = await QueryServer.listen({
      store,
      now: Date.now,
      targets: () => scraper.targets,
      pages: (path, host) => (path === '/metrics' ? 'a 1\n' : path === '/host' ? [host] : undefined),
    });
  });

  afterAll(async () => {
    end.abort();
    scraper.stop();
    scheduler.stop();
    await queries.close();
    server.closeAllConnections();
    server.close();
  });

  const make = (object: KubeObject) =>
    client.create(
      Object.values(resources).find(({ kind }) => kind === object.kind)!,
      object,
    );

  const endpoints = (name: string, to: number): KubeObject => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: 'IPv4',
    metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    ports: [{ name: 'http', port: to }],
    endpoints: [
      { addresses: ['127.64.0.2'], conditions: { ready: true }, targetRef: { kind: 'Pod', name, uid: name } },
    ],
  });

  const ask = async (query: string) => {
    const answer = await fetch(
      `http://127.0.0.1:${queries.port}/api/v1/query?query=${encodeURIComponent(query)}`,
    );
    return {
      status: answer.status,
      body: (await answer.json()) as {
        status: string;
        error?: string;
        data?: { result: { value: [number, string] }[] };
      },
    };
  };

  test('a selected pod is scraped at its interval and answers rate queries; a pod that goes leaves no value', async () => {
    await make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await make({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      spec: { ports: [{ name: 'http', port: 80 }] },
    });
    await make({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'web', namespace: 'shop', labels: { release: 'kind-prometheus' } },
      spec: { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 'http', interval: '100ms' }] },
    });
    await make(endpoints('web-a', port));
    await waitFor(async () => (await ask('hits_total{pod="web-a"}')).body.data?.result[0]);
    await waitFor(
      async () => Number((await ask('sum(increase(hits_total[1m]))')).body.data?.result[0]?.value[1]) > 0,
    );
    await client.delete(resources.EndpointSlice, 'shop', 'web-a');
    await waitFor(async () => (await ask('hits_total')).body.data?.result.length === 0);
    expect(scraper.targets).toEqual([]);
  });

  test('a pod that does not answer is down, and the reason is told', async () => {
    await make(endpoints('web-b', 1));
    await waitFor(() => {
      const { samples = [] } = evaluate('up{pod="web-b"}', store, Date.now()) as {
        samples?: readonly { value: number }[];
      };
      return samples[0]?.value === 0;
    });
    expect(String(errors.at(-1))).toContain('nothing listens at 127.64.0.2:1');
    await client.delete(resources.EndpointSlice, 'shop', 'web-b');
  });

  test.each([
    ['', 400, 'parameter "query" is missing'],
    ['sum(', 400, ''],
    ['predict_linear(x[5m], 1)', 400, 'predict_linear'],
  ])('the query %j is refused with %i', async (query, status, message) => {
    const answer = await ask(query);
    expect(answer.status).toBe(status);
    expect(answer.body.status).toBe('error');
    expect(answer.body.error).toContain(message);
  });

  test('other pages are served beside, texts as metrics and the rest as JSON', async () => {
    const page = (path: string) => fetch(`http://127.0.0.1:${queries.port}${path}`);
    const metrics = await page('/metrics');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await metrics.text()).toBe('a 1\n');
    expect(await (await page('/host')).json()).toEqual([`127.0.0.1:${queries.port}`]);
    const missing = await page('/elsewhere');
    expect(missing.status).toBe(404);
    expect(((await missing.json()) as { error: string }).error).toContain('/metrics');
  });

  test('it is published under the name of kube-prometheus-stack', () => {
    const [, service, slice] = publication(4_000);
    expect(`${service?.metadata.name}.${service?.metadata.namespace}`).toBe(
      'kind-prometheus-kube-prome-prometheus.monitoring',
    );
    expect(slice).toMatchObject({ ports: [{ port: 4_000 }], endpoints: [{ addresses: ['127.0.0.1'] }] });
  });
});

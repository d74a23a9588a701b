import { HeapScheduler, resources, type KubeObject } from '@scalelab/kube';
import { FakeKubeClient } from '@scalelab/kube/testing';
import { tempDir, waitFor } from '@scalelab/testing';
import type { RouteState, ServiceState } from '../interceptor';
import { DataPlane } from './data-plane';
import { Network } from './network';

let client: FakeKubeClient;
let network: Network;
let dataPlane: DataPlane;
let scheduler: HeapScheduler;
const services = new Map<string, ServiceState>();
const routes = new Map<string, RouteState>();
const warnings: string[] = [];

beforeEach(async () => {
  client = new FakeKubeClient();
  scheduler = new HeapScheduler();
  network = await Network.open({ runDir: tempDir() });
  for (const told of [services, routes]) told.clear();
  dataPlane = new DataPlane({
    client,
    scheduler,
    network,
    interceptor: {
      setService: (state) => void services.set(state.key, state),
      dropService: (key) => void services.delete(key),
      setRoute: (state) => void routes.set(state.key, state),
      dropRoute: (key) => void routes.delete(key),
    },
    logger: { warn: (_fields, message) => void warnings.push(message) },
  });
  await dataPlane.start();
});

afterEach(async () => {
  dataPlane.stop();
  scheduler.stop();
  await network.close();
  expect(warnings).toEqual([]);
});

const service = (name: string, spec: object, annotations: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', annotations },
  spec,
});
const slice = (name: string, of: string, ports: object[], endpoints: object[]): KubeObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': of } },
  addressType: 'IPv4',
  ports,
  endpoints,
});
const told = (key: string): Promise<ServiceState> => waitFor(() => services.get(key), { what: key });

test('a Service gets an address of its own, a name, and the ports its annotations ask for', async () => {
  const ports = [
    { name: 'http', port: 80, targetPort: 'http' },
    { name: 'kafka', port: 9092 },
    { name: 'dns', port: 53, protocol: 'UDP' },
  ];
  await client.create(
    resources.Service,
    service('web', { ports }, { 'lab.scalelab.dev/host-port.http': '8080' }),
  );
  const state = await told('shop/web');
  expect(state).toMatchObject({
    proxy: false,
    ports: [
      { name: 'http', port: 80, http: true, hostPorts: [8080], endpoints: [] },
      { name: 'kafka', port: 9092, http: false, hostPorts: [] },
    ],
  });
  expect(network.book.owns(state.address ?? '')).toBe(true);
  expect(network.names.resolve('web.shop', 'elsewhere')).toEqual({
    kind: 'addresses',
    addresses: [state.address],
  });
  const stored = await waitFor(async () => {
    const found = await client.get<KubeObject & { spec: { clusterIP?: string; clusterIPs?: string[] } }>(
      resources.Service,
      'shop',
      'web',
    );
    return found.spec.clusterIP === undefined ? undefined : found;
  });
  expect(stored.spec).toMatchObject({ clusterIP: state.address, clusterIPs: [state.address] });
  await client.delete(resources.Service, 'shop', 'web');
  await waitFor(() => !services.has('shop/web'), { what: 'the Service forgotten' });
  expect(network.names.resolve('web.shop', 'elsewhere')).toBe('missing');
});

test('only ready endpoints are told, each slice with its own port numbers', async () => {
  await client.create(
    resources.Service,
    service('web', { ports: [{ name: 'http', port: 80, targetPort: 'http' }] }),
  );
  const at = (address: string, ready?: boolean) => ({
    addresses: [address],
    ...(ready === undefined ? {} : { conditions: { ready } }),
  });
  await client.create(
    resources.EndpointSlice,
    slice('a', 'web', [{ name: 'http', port: 8080 }], [at('127.64.0.1', true), at('127.64.0.2', false)]),
  );
  await client.create(
    resources.EndpointSlice,
    slice('b', 'web', [{ name: 'http', port: 9090 }], [at('127.64.0.3')]),
  );
  await waitFor(() => services.get('shop/web')?.ports[0]?.endpoints.length === 2, { what: 'two endpoints' });
  expect(services.get('shop/web')?.ports[0]?.endpoints).toEqual([
    { address: '127.64.0.1', port: 8080 },
    { address: '127.64.0.3', port: 9090 },
  ]);
  await client.delete(resources.EndpointSlice, 'shop', 'a');
  await waitFor(() => services.get('shop/web')?.ports[0]?.endpoints.length === 1, { what: 'one endpoint' });
});

test('a headless Service resolves to its pods, by host name too, and an external one to its alias', async () => {
  await client.create(resources.Service, service('db', { clusterIP: 'None', ports: [{ port: 5432 }] }));
  await client.create(
    resources.Service,
    service('outside', { type: 'ExternalName', externalName: 'example.com' }),
  );
  const endpoints = [
    { addresses: ['127.64.0.1'], hostname: 'db-0' },
    { addresses: ['127.64.0.2'], hostname: 'db-1', conditions: { ready: false } },
  ];
  await client.create(resources.EndpointSlice, slice('db', 'db', [{ port: 5432 }], endpoints));
  const names = (name: string) => network.names.resolve(name, 'shop');
  await waitFor(() => names('db-0.db.shop.svc'), { what: 'the pod by name' });
  expect(names('db-0.db.shop.svc.cluster.local')).toEqual({ kind: 'addresses', addresses: ['127.64.0.1'] });
  expect(names('db')).toEqual({ kind: 'addresses', addresses: ['127.64.0.1'] });
  expect(names('db-1.db.shop.svc')).toBe('missing');
  expect(names('outside')).toEqual({ kind: 'alias', name: 'example.com' });
  expect(names('example.com')).toBeUndefined();
  expect((await told('shop/db')).address).toBeUndefined();
});

test('a Service annotated for the interceptor routes by rules', async () => {
  await client.create(
    resources.Service,
    service('proxy', { ports: [{ name: 'proxy', port: 8080 }] }, { 'lab.scalelab.dev/interceptor': 'true' }),
  );
  expect((await told('shop/proxy')).proxy).toBe(true);
});

test('an InterceptorRoute is told with its limits in milliseconds, and gets its Ready condition', async () => {
  await client.create(resources.ConfigMap, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'pages', namespace: 'shop' },
    data: { 'index.html': 'wait' },
  });
  await client.create(resources.InterceptorRoute, {
    apiVersion: 'http.keda.sh/v1beta1',
    kind: 'InterceptorRoute',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      target: { service: 'web', portName: 'http' },
      rules: [{ hosts: ['web.shop'], paths: [{ value: '/a' }], headers: [{ name: 'x' }] }],
      scalingMetric: { concurrency: { targetValue: 5 } },
      coldStart: {
        fallback: { service: { name: 'spare', port: 81 } },
        placeholder: { response: { bodyFromConfigMap: { name: 'pages' } } },
      },
      timeouts: { readiness: '1m30s', request: '500ms' },
    },
  });
  const state = await waitFor(() =>
    routes.get('shop/web')?.placeholder?.body === 'wait' ? routes.get('shop/web') : undefined,
  );
  expect(state).toEqual({
    key: 'shop/web',
    target: { service: 'shop/web', port: 'http' },
    rules: [{ hosts: ['web.shop'], paths: ['/a'], headers: [{ name: 'x' }] }],
    readinessTimeoutMs: 90_000,
    requestTimeoutMs: 500,
    responseHeaderTimeoutMs: 300_000,
    fallback: { service: 'shop/spare', port: 81 },
    placeholder: { status: 503, headers: {}, body: 'wait' },
  });
  const ready = await waitFor(async () => {
    const route = await client.get<KubeObject & { status?: { conditions: object[] } }>(
      resources.InterceptorRoute,
      'shop',
      'web',
    );
    return route.status?.conditions[0];
  });
  expect(ready).toMatchObject({ type: 'Ready', status: 'True', reason: 'Reconciled' });
  await client.delete(resources.InterceptorRoute, 'shop', 'web');
  await waitFor(() => !routes.has('shop/web'), { what: 'the route forgotten' });
});

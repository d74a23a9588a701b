import type { EndpointSlice, Service, ServiceMonitor } from '@scalelab/manifests';
import { discover } from './discovery';

const options = { monitorLabels: { release: 'kind-prometheus' }, intervalMs: 30_000 };

const monitor = (
  over: Partial<ServiceMonitor['spec']> = {},
  labels: Record<string, string> = { release: 'kind-prometheus' },
): ServiceMonitor => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'ServiceMonitor',
  metadata: { name: 'web', namespace: 'shop', labels },
  spec: { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 'http', interval: '5s' }], ...over },
});

const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: { ports: [{ name: 'http', port: 80 }] },
};

const slice = (ready = true): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  addressType: 'IPv4',
  metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
  ports: [
    { name: 'http', port: 8080 },
    { name: 'other', port: 9 },
  ],
  endpoints: [
    {
      addresses: ['127.64.0.2'],
      conditions: { ready },
      targetRef: { kind: 'Pod', name: 'web-abc', uid: 'u1' },
    },
  ],
});

const found = (m: ServiceMonitor, slices = [slice()]) =>
  discover({ monitors: [m], services: [service], slices }, options);

test('a ready address behind a selected Service becomes a target with the operator’s labels', () => {
  expect(found(monitor())).toEqual([
    expect.objectContaining({
      labels: {
        job: 'web',
        namespace: 'shop',
        service: 'web',
        endpoint: 'http',
        instance: '127.64.0.2:8080',
        pod: 'web-abc',
      },
      address: '127.64.0.2',
      port: 8080,
      path: '/metrics',
      intervalMs: 5_000,
      timeoutMs: 5_000,
    }),
  ]);
});

test('a monitor without the release label is not taken, as in kube-prometheus-stack', () => {
  expect(found(monitor({}, {}))).toEqual([]);
});

test('an address that is not ready, another namespace and another port are left out', () => {
  expect(found(monitor(), [slice(false)])).toEqual([]);
  expect(found(monitor({ namespaceSelector: { matchNames: ['elsewhere'] } }))).toEqual([]);
  expect(found(monitor({ endpoints: [{ port: 'grpc' }] }))).toEqual([]);
  expect(found(monitor({ namespaceSelector: { any: true } }))).toHaveLength(1);
});

test('path, parameters and the default interval are taken', () => {
  const [target] = found(monitor({ endpoints: [{ port: 'http', path: '/m', params: { a: ['1', '2'] } }] }));
  expect(target).toMatchObject({ path: '/m?a=1&a=2', intervalMs: 30_000, timeoutMs: 10_000 });
});

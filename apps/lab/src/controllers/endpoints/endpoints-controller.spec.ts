import { resources, type KubeObject } from '@scalelab/kube';
import type { EndpointSlice } from '@scalelab/manifests';
import type { ControllerContext } from '../controller';
import { DeploymentController } from '../deployment/deployment-controller';
import { ReplicaSetController } from '../replicaset/replicaset-controller';
import { controllerWorld, deploymentOf, type ControllerWorld } from '../testing/controller-world';
import { EndpointsController } from './endpoints-controller';

const factories = [
  (context: ControllerContext) => new DeploymentController(context),
  (context: ControllerContext) => new ReplicaSetController(context),
  (context: ControllerContext) => new EndpointsController(context),
];

const service = (spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', labels: { team: 'a' } },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec },
});
const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }] }] },
};

describe('EndpointsController', () => {
  let world: ControllerWorld;
  beforeEach(async () => {
    world = await controllerWorld(factories, { stopAfterMs: 5000 });
  });
  afterEach(() => {
    world.stop();
    expect(world.warnings).toEqual([]);
  });
  const slices = () => world.list<EndpointSlice>(resources.EndpointSlice);
  const addresses = (ready: boolean) =>
    slices().flatMap(({ endpoints = [] }) =>
      endpoints
        .filter(({ conditions }) => conditions?.ready === ready)
        .flatMap((endpoint) => endpoint.addresses),
    );

  it('lists a Service without pods as one empty slice', async () => {
    await world.client.create(resources.Service, service());
    await world.clock.advance(10);
    expect(slices()).toMatchObject([
      {
        metadata: {
          labels: { 'kubernetes.io/service-name': 'web', team: 'a' },
          ownerReferences: [{ kind: 'Service', name: 'web' }],
        },
        addressType: 'IPv4',
        endpoints: [],
      },
    ]);
  });

  it('follows pods as they become ready, stop and go, by the name of their port', async () => {
    await world.client.create(resources.Service, service());
    await world.client.create(resources.Deployment, deploymentOf('web', 2, { template }));
    await world.clock.advance(3000);
    expect(addresses(true).toSorted()).toEqual(['127.1.0.1', '127.1.0.2']);
    expect(slices()).toHaveLength(1);
    expect(slices()[0]?.ports).toEqual([{ name: 'http', port: 8080, protocol: 'TCP' }]);
    const [pod] = world.pods();
    await world.kubelet.setReady(pod?.metadata.name ?? '', 'default', false);
    await world.clock.advance(10);
    expect(addresses(true)).toHaveLength(1);
    expect(slices().flatMap(({ endpoints = [] }) => endpoints)).toHaveLength(2);
    await world.client.updateScale(resources.Deployment, 'default', 'web', 0);
    await world.clock.advance(100);
    expect(addresses(true)).toEqual([]);
    await world.clock.advance(6000);
    expect(slices()[0]?.endpoints).toEqual([]);
  });

  it('restores slices that were deleted or edited by hand', async () => {
    await world.client.create(resources.Service, service());
    await world.client.create(resources.Deployment, deploymentOf('web', 1, { template }));
    await world.clock.advance(3000);
    const [slice] = slices();
    const name = slice?.metadata.name ?? '';
    await world.client.patch(resources.EndpointSlice, 'default', name, { endpoints: [] });
    await world.clock.advance(10);
    expect(addresses(true)).toHaveLength(1);
    await world.client.delete(resources.EndpointSlice, 'default', name);
    await world.clock.advance(10);
    expect(addresses(true)).toHaveLength(1);
  });

  it('does not touch slices of a Service without a selector, and publishes unready pods when asked to', async () => {
    const { selector: _selector, ...spec } = service().spec as Record<string, unknown>;
    await world.client.create(resources.Service, { ...service(), spec });
    await world.clock.advance(10);
    expect(slices()).toEqual([]);
    await world.client.patch(resources.Service, 'default', 'web', {
      spec: { selector: { app: 'web' }, publishNotReadyAddresses: true },
    });
    await world.client.create(resources.Deployment, deploymentOf('web', 1, { template }));
    await world.clock.advance(3000);
    await world.kubelet.setReady(world.pods()[0]?.metadata.name ?? '', 'default', false);
    await world.clock.advance(10);
    expect(slices().flatMap(({ endpoints = [] }) => endpoints)).toMatchObject([
      { conditions: { ready: true, serving: false, terminating: false } },
    ]);
  });
});

import { EventRecorder } from '../event-recorder';
import { inProcessClient, ObjectStore } from '../../store';
import { InformerSet, resources, type KubeObject } from '@scalelab/kube';
import type { Pod } from '@scalelab/manifests';
import { VirtualClock } from '@scalelab/testing';
import { startControllers } from '../controller';
import { PodScheduler } from './pod-scheduler';
import { podRequests } from './pod-requests';

const pod = (name: string, cpu: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: {
    containers: [{ name: 'c', image: 'i', resources: { requests: { cpu, memory: '64Mi' } } }],
    ...more,
  },
});
const node = (name: string, cpu: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { allocatable: { cpu, memory: '1Gi', pods: '10' } },
});

describe('PodScheduler', () => {
  const ending = new AbortController();
  let clock: VirtualClock;
  let store: ObjectStore;
  let client: ReturnType<typeof inProcessClient>;

  beforeEach(async () => {
    clock = new VirtualClock(Date.UTC(2026, 0, 1));
    store = new ObjectStore({ now: () => clock.now() });
    client = inProcessClient(store);
    await client.create(resources.Namespace, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default' },
    });
    const context = {
      client,
      scheduler: clock,
      informers: new InformerSet({ client, scheduler: clock }),
      events: new EventRecorder({ client, scheduler: clock }),
      log: { debug: () => undefined, warn: (fields: object) => expect(fields).toBeUndefined() },
    };
    await startControllers(context, [(ctx) => new PodScheduler(ctx)], ending.signal);
  });
  afterAll(() => ending.abort());
  const get = (name: string) => store.get(resources.Pod, 'default', name) as Pod;
  const scheduled = (name: string) =>
    get(name).status?.conditions?.find(({ type }) => type === 'PodScheduled');

  it('waits for a node, then binds', async () => {
    await client.create(resources.Pod, pod('a', '1'));
    await clock.advance(10);
    expect(scheduled('a')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: 'no nodes available to schedule pods',
    });
    await client.create(resources.Node, node('lab', '8'));
    await clock.advance(10);
    expect(get('a').spec.nodeName).toBe('lab');
    expect(scheduled('a')?.status).toBe('True');
  });

  it('keeps a pod pending with the reason while requests exceed the node, and binds it when another one goes', async () => {
    await client.create(resources.Node, node('lab', '2'));
    await client.create(resources.Pod, pod('a', '1500m'));
    await clock.advance(10);
    await client.create(resources.Pod, pod('b', '600m'));
    await clock.advance(10);
    expect(get('a').spec.nodeName).toBe('lab');
    expect(get('b').spec.nodeName).toBeUndefined();
    expect(scheduled('b')?.message).toBe(
      '0/1 nodes are available: 1 Insufficient cpu (asked 600m, free 500m of 2000m).',
    );
    expect(store.list(resources.Event).items).toContainEqual(
      expect.objectContaining({ reason: 'FailedScheduling', type: 'Warning' }),
    );
    await client.delete(resources.Pod, 'default', 'a', { gracePeriodSeconds: 0 });
    await clock.advance(10);
    expect(get('b').spec.nodeName).toBe('lab');
  });

  it('frees the room of a finished pod', async () => {
    await client.create(resources.Node, node('lab', '1'));
    await client.create(resources.Pod, pod('a', '1'));
    await client.create(resources.Pod, pod('b', '1'));
    await clock.advance(10);
    expect(get('b').spec.nodeName).toBeUndefined();
    await client.patch(
      resources.Pod,
      'default',
      'a',
      { status: { phase: 'Succeeded' } },
      { subresource: 'status' },
    );
    await clock.advance(10);
    expect(get('b').spec.nodeName).toBe('lab');
  });

  it('chooses by node selector and room, and says why a node was left out', async () => {
    await client.create(resources.Node, node('small', '1', { disk: 'ssd' }));
    await client.create(resources.Node, node('large', '4'));
    await clock.advance(10);
    await client.create(resources.Pod, pod('any', '100m'));
    await client.create(resources.Pod, pod('ssd', '100m', { nodeSelector: { disk: 'ssd' } }));
    await client.create(resources.Pod, pod('none', '2', { nodeSelector: { disk: 'ssd' } }));
    await clock.advance(10);
    expect(get('any').spec.nodeName).toBe('large');
    expect(get('ssd').spec.nodeName).toBe('small');
    expect(scheduled('none')?.message).toBe(
      "0/2 nodes are available: 1 Insufficient cpu (asked 2000m, free 900m of 1000m), 1 node(s) didn't match Pod's node affinity/selector.",
    );
  });

  it('writes nothing while a pod keeps waiting', async () => {
    await client.create(resources.Pod, pod('a', '1'));
    await clock.advance(10);
    const version = store.resourceVersion;
    await clock.advance(600_000);
    expect(store.resourceVersion).toBe(version);
  });

  it('counts the hungriest init container, and sidecars beside the containers', () => {
    const container = (cpu: string, more: object = {}) => ({
      name: 'c',
      image: 'i',
      resources: { requests: { cpu } },
      ...more,
    });
    const spec = {
      initContainers: [container('2'), container('100m', { restartPolicy: 'Always' })],
      containers: [container('500m'), container('250m')],
    };
    expect(podRequests({ ...pod('a', '1'), spec } as Pod).cpu).toBe(2000);
    expect(
      podRequests({
        ...pod('a', '1'),
        spec: { ...spec, initContainers: spec.initContainers.slice(1) },
      } as Pod).cpu,
    ).toBe(850);
  });
});

import { InformerSet, resources, type KubeClient, type KubeObject, type ResourceType } from '@scalelab/kube';
import type { Deployment, Pod, ReplicaSet } from '@scalelab/manifests';
import { VirtualClock } from '@scalelab/testing';
import { inProcessClient, ObjectStore, type ObjectStoreOptions } from '../../store';
import {
  startControllers,
  type ControllerContext,
  type ControllerFactory,
  type ControllerLog,
} from '../controller';
import { EventRecorder } from '../event-recorder';
import { FakeKubelet, type FakeKubeletOptions } from './fake-kubelet';

/** 2026-01-01T00:00:00Z. */
export const startMs = Date.UTC(2026, 0, 1);

/** A store, its client, controllers on virtual time and a kubelet that only pretends. */
export interface ControllerWorld {
  readonly clock: VirtualClock;
  readonly store: ObjectStore;
  readonly client: KubeClient;
  readonly context: ControllerContext;
  readonly kubelet: FakeKubelet;
  readonly warnings: unknown[];
  pods(namespace?: string): Pod[];
  deployment(name: string): Deployment;
  replicaSets(): ReplicaSet[];
  list<T extends KubeObject>(type: ResourceType, namespace?: string): T[];
  /** Reasons and messages of the events about objects of a kind, in order. */
  events(kind: string): string[];
  stop(): void;
}

export async function controllerWorld(
  factories: readonly ControllerFactory[],
  options: FakeKubeletOptions & { readonly store?: ObjectStoreOptions } = {},
): Promise<ControllerWorld> {
  const clock = new VirtualClock(startMs);
  const store = new ObjectStore({ now: () => clock.now(), ...options.store });
  const client = inProcessClient(store);
  const informers = new InformerSet({ client, scheduler: clock });
  const warnings: unknown[] = [];
  const log: ControllerLog = {
    debug: () => undefined,
    warn: (fields, message) => warnings.push({ ...fields, message }),
  };
  const events = new EventRecorder({ client, scheduler: clock, onError: (error) => warnings.push(error) });
  const context: ControllerContext = { client, informers, scheduler: clock, events, log };
  const kubelet = new FakeKubelet(client, informers, clock, options);
  const ending = new AbortController();
  await client.create(resources.Namespace, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'default' },
  });
  await startControllers(context, factories, ending.signal);
  const list = <T extends KubeObject>(type: ResourceType, namespace?: string): T[] =>
    store.list(type, namespace === undefined ? {} : { namespace }).items as T[];
  return {
    clock,
    store,
    client,
    context,
    kubelet,
    warnings,
    pods: (namespace) => list<Pod>(resources.Pod, namespace),
    deployment: (name) => store.get(resources.Deployment, 'default', name) as Deployment,
    replicaSets: () => list<ReplicaSet>(resources.ReplicaSet),
    list,
    events: (kind) =>
      list(resources.Event)
        .filter((event) => (event as { involvedObject?: { kind?: string } }).involvedObject?.kind === kind)
        .map((event) => `${String(event.reason)}: ${String(event.message)}`),
    stop: () => ending.abort(),
  };
}

/** A Deployment of one container; `image` makes templates differ. */
export function deploymentOf(name: string, replicas: number, spec: object = {}, image = 'web:1'): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { name: '', labels: { app: name } }, spec: { containers: [{ name, image }] } },
      ...spec,
    },
  };
}

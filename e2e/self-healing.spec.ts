import { join } from 'node:path';
import { resources, type KubeObject, type ResourceType } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { RunningLab } from './running-lab';

let lab: RunningLab;
const namespace = 'shop';

beforeAll(async () => {
  lab = await RunningLab.start({
    manifests: ['shop.yaml'],
    images: {
      web: `node ${join(__dirname, 'programs', 'web.mjs')}`,
      caller: `node ${join(__dirname, 'programs', 'caller.mjs')}`,
    },
  });
  await webIsReady();
}, 40_000);

const webIsReady = () =>
  waitFor(async () => (await lab.ready(namespace, 'web')) === 2, {
    timeoutMs: 20_000,
    what: 'two ready pods of web',
  });

const controlledBy = ({ metadata }: KubeObject, kind: string, name: string) =>
  metadata.ownerReferences?.some((owner) => owner.kind === kind && owner.name.startsWith(name)) ?? false;

/** Deletes the object and waits for a successor: another uid under the same owner. */
async function replaced(type: ResourceType, kind: string, owner: string): Promise<KubeObject> {
  const owned = async () =>
    (await lab.client.list(type, { namespace })).items.filter(
      (object) => object.metadata.deletionTimestamp === undefined && controlledBy(object, kind, owner),
    );
  const before = await owned();
  const [victim] = before;
  if (!victim) throw new Error(`no ${type.kind} is owned by ${kind} ${owner}`);
  const known = before.map(({ metadata }) => metadata.uid);
  await lab.client.delete(type, namespace, victim.metadata.name);
  return waitFor(
    async () => {
      const now = await owned();
      const fresh = now.filter(({ metadata }) => !known.includes(metadata.uid));
      return now.length === before.length ? fresh[0] : undefined;
    },
    { timeoutMs: 20_000, what: `another ${type.kind} in the place of ${victim.metadata.name}` },
  );
}

test.each([
  ['pod', resources.Pod, 'ReplicaSet', 'web-'],
  ['ReplicaSet', resources.ReplicaSet, 'Deployment', 'web'],
  ['HPA of a ScaledObject', resources.HorizontalPodAutoscaler, 'ScaledObject', 'web'],
  ['EndpointSlice', resources.EndpointSlice, 'Service', 'web'],
])(
  'a deleted %s comes back, and the Service answers',
  async (_name, type, kind, owner) => {
    const successor = await replaced(type, kind, owner);
    expect(controlledBy(successor, kind, owner)).toBe(true);
    await webIsReady();
    const names = new Set((await lab.pods(namespace, 'web')).map(({ metadata }) => metadata.name));
    await waitFor(
      async () => names.has((await (await fetch(await lab.url(namespace, 'web', 80))).text()).trim()),
      { timeoutMs: 10_000, what: 'an answer of a present pod' },
    );
  },
  40_000,
);

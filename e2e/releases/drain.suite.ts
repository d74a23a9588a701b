import { resources, type KubeObject } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { HelmInstaller } from './installer';
import { deleteNamespace, makeNamespace } from './namespaces';
import type { Conditioned, Deployment } from './objects';
import { releases, type Release } from './releases';
import { apiOf, skipped, target as readTarget, type Helm } from './target';

const target = readTarget();
const api = apiOf(target);
const { client } = api;
const [newest] = target.helms as [Helm];
const helm = new HelmInstaller(target, newest);
const release = releases.find(({ name }) => name === 'sqs-worker') as Release;
const { namespace } = release;
const name = 'sqs-worker-api';

async function pods(): Promise<readonly KubeObject[]> {
  const { items } = await client.list(resources.Pod, { namespace, labelSelector: `app=${name}` });
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Asks for an eviction as `kubectl drain` does; @returns false when a budget forbids it now */
async function evict({ metadata }: KubeObject): Promise<boolean> {
  const { status } = await api.post(`/api/v1/namespaces/${namespace}/pods/${metadata.name}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: metadata.name, namespace },
  });
  if (status !== 201 && status !== 429) throw new Error(`eviction of ${metadata.name}: ${status}`);
  return status === 201;
}

/** Waits until the budget of the api has counted its pods: allowed disruptions as expected. */
async function budgetAllows(allowed: number): Promise<void> {
  await waitFor(
    async () => {
      const { status } = await client.get<Conditioned>(resources.PodDisruptionBudget, namespace, name);
      const deployment = await client.get<Deployment>(resources.Deployment, namespace, name);
      return deployment.status?.readyReplicas === 2 && status?.disruptionsAllowed === allowed;
    },
    { timeoutMs: 60_000, intervalMs: 250, what: `two pods, of which ${allowed} may go` },
  );
}

const why = target.kind === 'lab' ? 'the lab has one node, and no evictions' : undefined;
if (why) skipped('drains', why);

(why ? describe.skip : describe)('a drain', () => {
  const blocked: Release = { ...release, values: { components: { api: { pdb: { minAvailable: 2 } } } } };

  beforeAll(async () => {
    await makeNamespace(api, namespace);
    await helm.install(release);
    await budgetAllows(1);
  });

  afterAll(async () => {
    await helm.uninstall(release);
    await deleteNamespace(api, namespace);
    api.close();
  });

  it('of every pod gets through, one after the other', async () => {
    const before = await pods();
    expect(before).toHaveLength(2);
    for (const pod of before)
      await waitFor(() => evict(pod), {
        timeoutMs: 30_000,
        intervalMs: 250,
        what: `${pod.metadata.name} to be let go`,
      });
    await waitFor(
      async () => {
        const names = (await pods()).map(({ metadata }) => metadata.name);
        return names.length >= 2 && before.every(({ metadata }) => !names.includes(metadata.name));
      },
      { timeoutMs: 30_000, intervalMs: 250, what: 'two other pods' },
    );
  });

  it('is blocked by a budget of the exact minimum, which is a choice', async () => {
    await helm.upgrade(blocked);
    await budgetAllows(0);
    const [pod] = await pods();
    expect(await evict(pod as KubeObject)).toBe(false);
    await expect(client.get(resources.Pod, namespace, pod?.metadata.name ?? '')).resolves.toBeDefined();
  });
});

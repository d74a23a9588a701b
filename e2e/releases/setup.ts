import { resources } from '@scalelab/kube';
import { ClusterApi } from './cluster-api';
import { addMissingCrds, removeCrds } from './foreign-crds';
import { OwnLab } from './own-lab';
import { emulators, releases } from './releases';
import { Signals } from './signals';
import { request, type Target, targetVariable } from './target';

/** What {@link teardown} has to clear up. */
export const cleanup: (() => Promise<void>)[] = [];

/** Brings up what the suites run against and tells them by an environment variable. */
export default async function setup(): Promise<void> {
  try {
    process.env[targetVariable] = JSON.stringify(await prepare());
  } catch (error) {
    await teardown();
    throw error;
  }
}

export async function teardown(): Promise<void> {
  for (const undo of cleanup.splice(0).reverse()) await undo();
}

async function prepare(): Promise<Target> {
  const asked = request();
  let { kubeconfig } = asked;
  if (kubeconfig === null) {
    const lab = await OwnLab.start();
    cleanup.push(() => lab.stop());
    kubeconfig = lab.kubeconfig;
  }
  const kind = asked.kubeconfig === null ? 'lab' : 'cluster';
  const api = new ClusterApi(kubeconfig, asked.context ?? undefined);
  cleanup.push(() => Promise.resolve(api.close()));
  if (kind === 'cluster') await refuseNamespacesInUse(api);
  if (kind === 'cluster' && asked.crds) {
    const added = await addMissingCrds(api);
    cleanup.push(() => removeCrds(api, added));
    if (added.length > 0) process.stdout.write(`CRDs added for this run: ${added.join(', ')}\n`);
  }
  const served = (await api.kinds()).map(({ group, kind: name, version }) => `${group}/${version}/${name}`);
  const { items } = await api.client.list(resources.Node);
  const simulated = items.some(({ metadata }) => 'kwok.x-k8s.io/node' in (metadata.annotations ?? {}));
  if (!simulated) return { ...asked, kind, kubeconfig, served, simulated, endpoints: null };
  const signals = await Signals.start('sqs-worker-messages');
  cleanup.push(() => signals.stop());
  return { ...asked, kind, kubeconfig, served, simulated, endpoints: signals.endpoints };
}

/** The namespaces are deleted at the end: they must not be somebody's. */
async function refuseNamespacesInUse(api: ClusterApi): Promise<void> {
  const mine = new Set([emulators, ...releases].map(({ namespace }) => namespace));
  const taken = [...(await api.inventory())]
    .filter((key) => key.startsWith('Namespace /'))
    .map((key) => key.slice('Namespace /'.length))
    .filter((name) => mine.has(name));
  if (taken.length > 0)
    throw new Error(
      `${api.server} has ${taken.join(', ')} already: these suites make and delete those namespaces; use a cluster without them`,
    );
}

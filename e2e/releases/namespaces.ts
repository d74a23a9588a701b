import { resources, type KubeObject } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import type { ClusterApi } from './cluster-api';

/** A namespace whose pods must pass Pod Security "restricted". One that is there already stays. */
export async function makeNamespace(api: ClusterApi, name: string): Promise<void> {
  if (await hasNamespace(api, name)) return;
  await api.client.create(resources.Namespace, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  // A namespace without its default ServiceAccount takes no pods yet.
  await waitFor(() => api.client.get(resources.ServiceAccount, name, 'default').catch(() => undefined), {
    timeoutMs: 20_000,
    intervalMs: 100,
    what: `the ServiceAccount of ${name}`,
  }).catch(() => undefined);
}

export async function deleteNamespace(api: ClusterApi, name: string): Promise<void> {
  if (!(await hasNamespace(api, name))) return;
  await api.client.delete(resources.Namespace, undefined, name);
  await waitFor(async () => !(await hasNamespace(api, name)), {
    timeoutMs: 90_000,
    intervalMs: 250,
    what: `namespace ${name} to be gone`,
  });
}

async function hasNamespace(api: ClusterApi, name: string): Promise<boolean> {
  const { items } = await api.client.list<KubeObject>(resources.Namespace);
  return items.some(({ metadata }) => metadata.name === name);
}

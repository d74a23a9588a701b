import { KubeApiError, resourceTypeOf, type KubeClient, type KubeObject } from '@scalelab/kube';
import type { LoadedManifest } from '@scalelab/manifests';
import { ManifestsError } from './manifest-source';

/** Kinds that others need at once, first. */
const early = [
  'CustomResourceDefinition',
  'Namespace',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
  'TriggerAuthentication',
];

/** Creates the objects, what others depend on first. An object that is there already (a shared Namespace) stays. @throws ManifestsError */
export async function applyManifests(
  client: KubeClient,
  manifests: readonly LoadedManifest[],
): Promise<void> {
  const rank = ({ object }: LoadedManifest) =>
    early.includes(object.kind) ? early.indexOf(object.kind) : early.length;
  for (const { object, file, line } of manifests.toSorted((a, b) => rank(a) - rank(b))) {
    const type = resourceTypeOf(object);
    if (!type) throw new ManifestsError(`${file}:${line}: ${object.apiVersion} ${object.kind} is not served`);
    try {
      await client.create(type, object as KubeObject);
    } catch (error) {
      if (error instanceof KubeApiError && error.reason === 'AlreadyExists') continue;
      throw new ManifestsError(`${file}:${line}: ${(error as Error).message}`, { cause: error });
    }
  }
}

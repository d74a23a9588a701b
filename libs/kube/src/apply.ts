import { isAlreadyExists, isNotFound } from './api-error';
import type { KubeClient, KubeObject, ResourceType } from './port';

export type ApplyOutcome = 'created' | 'configured' | 'unchanged';

/**
 * Creates the object, or merges it into the present one. Status is left alone, and what the object does not mention stays; lists
 * are replaced whole. Safe against another writer that creates it meanwhile.
 */
export async function applyObject<T extends KubeObject = KubeObject>(
  client: KubeClient,
  type: ResourceType,
  object: KubeObject,
): Promise<{ readonly outcome: ApplyOutcome; readonly object: T }> {
  const { status: _status, ...wanted } = object;
  const { namespace, name } = object.metadata;
  for (let attempt = 0; ; attempt++) {
    try {
      const present = await client.get<T>(type, namespace, name);
      const patched = await client.patch<T>(type, namespace, name, wanted, { type: 'merge' });
      const unchanged = patched.metadata.resourceVersion === present.metadata.resourceVersion;
      return { outcome: unchanged ? 'unchanged' : 'configured', object: patched };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    try {
      return { outcome: 'created', object: await client.create<T>(type, object) };
    } catch (error) {
      if (!isAlreadyExists(error) || attempt >= 3) throw error;
    }
  }
}

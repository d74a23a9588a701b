import {
  isNotFound,
  labelSelectorMatcher,
  type Informer,
  type KubeClient,
  type KubeObject,
  type LabelSelector,
} from '@scalelab/kube';
import { controllerIndex, controllerReference, orphansOf } from './owner';

/**
 * The objects an owner manages: those that carry its reference and match its selector. One that no longer matches is let go, one
 * that matches and has no controller is taken in.
 */
export async function claimed<T extends KubeObject>(
  client: KubeClient,
  informer: Informer<T>,
  owner: KubeObject,
  selector: LabelSelector | undefined,
): Promise<T[]> {
  const matches = labelSelectorMatcher(selector);
  const { namespace, uid } = owner.metadata;
  const mine: T[] = [];
  for (const object of informer.byIndex(controllerIndex, uid ?? '')) {
    if (matches(object.metadata.labels)) mine.push(object);
    else await setOwners(client, informer, object, otherOwners(object, uid));
  }
  if (owner.metadata.deletionTimestamp !== undefined) return mine;
  for (const object of informer.byIndex(controllerIndex, orphansOf(namespace))) {
    if (object.metadata.deletionTimestamp !== undefined || !matches(object.metadata.labels)) continue;
    const owners = [...otherOwners(object, uid), controllerReference(owner)];
    const adopted = await setOwners(client, informer, object, owners);
    if (adopted !== undefined) mine.push(adopted);
  }
  return mine;
}

const otherOwners = (object: KubeObject, uid: string | undefined) =>
  (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);

async function setOwners<T extends KubeObject>(
  client: KubeClient,
  informer: Informer<T>,
  object: T,
  owners: readonly unknown[],
): Promise<T | undefined> {
  const { namespace, name, uid } = object.metadata;
  // The uid makes sure that a namesake made meanwhile is not taken for it.
  const patch = { metadata: { uid, ownerReferences: owners } };
  try {
    const written = await client.patch<T>(informer.type, namespace, name, patch, { type: 'merge' });
    informer.observe(written);
    return written;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

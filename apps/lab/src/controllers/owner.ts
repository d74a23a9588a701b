import type { KubeObject, OwnerReference } from '@scalelab/kube';

/** The owner that manages an object, if any. */
export function controllerOf(object: Pick<KubeObject, 'metadata'>): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** The reference by which an object is owned and managed. */
export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Name of the index that `byController` fills. */
export const controllerIndex = 'controller';

/** Indexes objects by the uid of their controller, those without one by namespace. */
export function byController(object: KubeObject): string[] {
  return [controllerOf(object)?.uid ?? orphansOf(object.metadata.namespace)];
}

/** Where the index has the objects of a namespace that nobody manages. */
export function orphansOf(namespace: string | undefined): string {
  return `orphans:${namespace ?? ''}`;
}

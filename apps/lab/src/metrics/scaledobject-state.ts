import type { ScaledObject } from '@scalelab/scaling';
import type { Exposition } from './exposition';

/** Labels that kube-state-metrics gives every series of a custom resource. */
const kind = {
  customresource_group: 'keda.sh',
  customresource_kind: 'ScaledObject',
  customresource_version: 'v1alpha1',
} as const;

/**
 * Conditions of ScaledObjects, which KEDA 2.19 tells in their status alone: as kube-state-metrics does with
 * `observability/kubernetes/kube-state-metrics-values.yaml`.
 */
export function scaledObjectState(page: Exposition, objects: readonly ScaledObject[]): void {
  const condition = page.family(
    'kube_scaledobject_status_condition',
    'gauge',
    'Whether a condition of a ScaledObject is true.',
  );
  for (const { metadata, status } of objects)
    for (const { type, status: is } of status?.conditions ?? [])
      condition(
        { ...kind, namespace: metadata.namespace, scaledobject: metadata.name, condition: type },
        is === 'True' ? 1 : 0,
      );
  const max = page.family(
    'kube_scaledobject_spec_max_replicas',
    'gauge',
    'maxReplicaCount of a ScaledObject.',
  );
  for (const { metadata, spec } of objects)
    if (spec.maxReplicaCount !== undefined)
      max({ ...kind, namespace: metadata.namespace, scaledobject: metadata.name }, spec.maxReplicaCount);
}

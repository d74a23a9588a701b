import type { KubeObject } from '@scalelab/kube';

/** KEDA's own filter for ScaledObjects and ScaledJobs: a new generation, other annotations (pausing is one), a deletion. */
export function worthReconciling(object: KubeObject, old: KubeObject): boolean {
  return (
    object.metadata.generation !== old.metadata.generation ||
    object.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    JSON.stringify(object.metadata.annotations ?? {}) !== JSON.stringify(old.metadata.annotations ?? {})
  );
}

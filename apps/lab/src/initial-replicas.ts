import type { ManifestObject } from '@scalelab/manifests';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Deployments that leave `replicas` to an autoscaler, with the autoscaler's minimum filled in, as somebody who deploys by hand would.
 * Without it every workload would begin with one pod (Kubernetes' default), only to lose it or to wait 15 s for its second.
 */
export function withInitialReplicas<T extends { readonly object: ManifestObject }>(
  manifests: readonly T[],
): T[] {
  const minimum = new Map<string, number>();
  for (const { object } of manifests) {
    const spec = fields(object.spec);
    const target = fields(spec.scaleTargetRef);
    const key = `${object.metadata.namespace}/${String(target.name)}`;
    if (object.kind === 'ScaledObject') minimum.set(key, Number(spec.minReplicaCount ?? 0));
    if (object.kind === 'HorizontalPodAutoscaler') minimum.set(key, Number(spec.minReplicas ?? 1));
  }
  return manifests.map((manifest) => {
    const { object } = manifest;
    const spec = fields(object.spec);
    const replicas = minimum.get(`${object.metadata.namespace}/${object.metadata.name}`);
    if (object.kind !== 'Deployment' || spec.replicas !== undefined || replicas === undefined)
      return manifest;
    return { ...manifest, object: { ...object, spec: { ...spec, replicas } } };
  });
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

import { sameJson, timeMs } from '@scalelab/kube';
import type { Deployment, PodTemplateSpec, ReplicaSet } from '@scalelab/manifests';

export const hashLabel = 'pod-template-hash';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

/** Without vowels and look-alikes: the alphabet Kubernetes writes hashes in. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, canonical(member)]),
  );
}

/** FNV-1a over the template's canonical JSON: equal templates give equal ReplicaSet names, whatever the order of their keys. */
export function templateHash(template: PodTemplateSpec, collisionCount = 0): string {
  const text = JSON.stringify(canonical(template)) + (collisionCount > 0 ? `#${collisionCount}` : '');
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

function withoutHash(template: PodTemplateSpec | undefined): unknown {
  const { [hashLabel]: _hash, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}

export function sameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return sameJson(withoutHash(a), withoutHash(b));
}

export const createdMs = (replicaSet: ReplicaSet): number =>
  timeMs(replicaSet.metadata.creationTimestamp) || 0;

/** Oldest first; names decide between equals so that the order never changes. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return createdMs(a) - createdMs(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
}

/** The ReplicaSet of the present template; of several the oldest. */
export function newReplicaSetOf(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
): ReplicaSet | undefined {
  return owned
    .toSorted(byAge)
    .find((replicaSet) => sameTemplate(replicaSet.spec.template, deployment.spec.template));
}

export function revisionOf(object: { readonly metadata: Deployment['metadata'] }): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0) || 0;
}

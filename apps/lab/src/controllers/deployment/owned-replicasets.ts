import type { Deployment, ReplicaSet } from '@scalelab/manifests';
import { desiredAnnotation, newReplicaSetOf } from './revision';
import { wantedReplicas, type ReplicaCounts } from './rolling-update';

/** The ReplicaSets of one Deployment: the one of the present template, if made yet, and the others. */
export interface Owned {
  readonly fresh: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export const sizeOf = (replicaSet: ReplicaSet): number => replicaSet.spec.replicas ?? 1;
export const countsOf = (replicaSet: ReplicaSet): ReplicaCounts => ({
  name: replicaSet.metadata.name,
  wanted: sizeOf(replicaSet),
  available: replicaSet.status?.availableReplicas ?? 0,
});
export const all = ({ fresh, old }: Owned): ReplicaSet[] =>
  fresh === undefined ? [...old] : [fresh, ...old];

export function split(deployment: Deployment, owned: readonly ReplicaSet[]): Owned {
  const fresh = newReplicaSetOf(deployment, owned);
  return { fresh, old: owned.filter((replicaSet) => replicaSet !== fresh) };
}

/** Whether it alone has all the replicas wanted, and they are available. */
export function isSaturated(deployment: Deployment, fresh: ReplicaSet): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    sizeOf(fresh) === wanted &&
    Number(fresh.metadata.annotations?.[desiredAnnotation] ?? -1) === wanted &&
    (fresh.status?.availableReplicas ?? 0) === wanted
  );
}

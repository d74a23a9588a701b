import {
  isAlreadyExists,
  isNotFound,
  keyOf,
  objectKey,
  resources,
  sameJson,
  type Informer,
  type KubeObject,
  type WorkQueue,
} from '@scalelab/kube';
import type { Deployment, Pod, ReplicaSet } from '@scalelab/manifests';
import { claimed } from '../claims';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { byController, controllerIndex, controllerOf, controllerReference } from '../owner';
import { isActivePod } from '../pod-state';
import { deploymentStatus, isComplete, progressDeadlineMs, withRolloutStarted } from './deployment-status';
import {
  byAge,
  createdMs,
  desiredAnnotation,
  hashLabel,
  maxAnnotation,
  newReplicaSetOf,
  revisionAnnotation,
  revisionOf,
  templateHash,
} from './revision';
import {
  isRollingUpdate,
  newReplicaCount,
  oldReplicaCounts,
  proportionalCounts,
  rolloutLimits,
  wantedReplicas,
  type ReplicaCounts,
} from './rolling-update';

const defaultHistoryLimit = 10;

/** The ReplicaSets of one Deployment: the one of the present template, if made yet, and the others. */
interface Owned {
  readonly fresh: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

const sizeOf = (replicaSet: ReplicaSet): number => replicaSet.spec.replicas ?? 1;
const countsOf = (replicaSet: ReplicaSet): ReplicaCounts => ({
  name: replicaSet.metadata.name,
  wanted: sizeOf(replicaSet),
  available: replicaSet.status?.availableReplicas ?? 0,
});
const all = ({ fresh, old }: Owned): ReplicaSet[] => (fresh === undefined ? [...old] : [fresh, ...old]);

/** Rolls each Deployment's template out through ReplicaSets. */
export class DeploymentController implements Controller {
  readonly name = 'deployment-controller';
  readonly queue: WorkQueue;
  private readonly deployments: Informer<Deployment>;
  private readonly replicaSets: Informer<ReplicaSet>;
  private readonly pods: Informer<Pod>;

  constructor(private readonly context: ControllerContext) {
    this.queue = controllerQueue(context, this.name, 4);
    this.deployments = context.informers.of<Deployment>(resources.Deployment);
    this.replicaSets = context.informers.of<ReplicaSet>(resources.ReplicaSet);
    this.pods = context.informers.of<Pod>(resources.Pod);
    this.replicaSets.addIndex(controllerIndex, byController);
    this.pods.addIndex(controllerIndex, byController);
    const enqueue = (deployment: Deployment): void => this.queue.add(objectKey(deployment));
    this.deployments.on({ added: enqueue, updated: enqueue });
    const ownerOf = (replicaSet: ReplicaSet): void => this.enqueueOwner(replicaSet);
    this.replicaSets.on({
      added: ownerOf,
      updated: (replicaSet, before) => (ownerOf(before), ownerOf(replicaSet)),
      deleted: ownerOf,
    });
    // Recreate waits for the last old pod to be gone.
    this.pods.on({ deleted: (pod) => this.podGone(pod) });
  }

  async reconcile(key: string): Promise<void> {
    const deployment = this.deployments.getByKey(key);
    if (deployment === undefined) return;
    const owned = await claimed(this.context.client, this.replicaSets, deployment, deployment.spec.selector);
    if (deployment.metadata.deletionTimestamp !== undefined) {
      await this.writeStatus(deployment, split(deployment, owned));
      return;
    }
    const isPaused = deployment.spec.paused === true;
    const current = split(deployment, owned);
    if (isPaused || this.scaledMidway(deployment, owned)) {
      await this.scale(deployment, current);
      await this.writeStatus(deployment, this.reread(deployment, current));
      return;
    }
    if (isRollingUpdate(deployment)) await this.rollOut(deployment, current);
    else await this.recreate(deployment, current);
  }

  private enqueueOwner(replicaSet: ReplicaSet): void {
    const owner = controllerOf(replicaSet);
    if (owner?.kind === 'Deployment') this.queue.add(keyOf(replicaSet.metadata.namespace, owner.name));
    // An orphan may belong to any Deployment of its namespace; looking at one too many costs little.
    if (owner === undefined) {
      for (const deployment of this.deployments.list(replicaSet.metadata.namespace))
        this.queue.add(objectKey(deployment));
    }
  }

  private podGone(pod: Pod): void {
    const owner = controllerOf(pod);
    if (owner?.kind !== 'ReplicaSet') return;
    const replicaSet = this.replicaSets.get(pod.metadata.namespace, owner.name);
    if (replicaSet !== undefined) this.enqueueOwner(replicaSet);
  }

  /** spec.replicas differs from what the ReplicaSets were last made for: the size changes first, the rollout goes on after. */
  private scaledMidway(deployment: Deployment, owned: readonly ReplicaSet[]): boolean {
    return owned.some((replicaSet) => {
      const desired = replicaSet.metadata.annotations?.[desiredAnnotation];
      return (
        sizeOf(replicaSet) > 0 && desired !== undefined && Number(desired) !== wantedReplicas(deployment)
      );
    });
  }

  private async rollOut(deployment: Deployment, found: Owned): Promise<void> {
    const { owned, started } = await this.withNewReplicaSet(deployment, found);
    const { fresh } = owned;
    const limits = rolloutLimits(deployment);
    const wanted = wantedReplicas(deployment);
    const size = newReplicaCount(wanted, limits, true, countsOf(fresh), owned.old.map(countsOf));
    if (size !== sizeOf(fresh)) {
      await this.resize(deployment, fresh, size);
    } else {
      const sizes = oldReplicaCounts(
        wanted,
        limits,
        countsOf(fresh),
        owned.old.toSorted(byAge).map(countsOf),
      );
      for (const replicaSet of owned.old) {
        const less = sizes.get(replicaSet.metadata.name);
        if (less !== undefined) await this.resize(deployment, replicaSet, less);
      }
    }
    await this.finish(started, this.reread(started, owned));
  }

  private async recreate(deployment: Deployment, found: Owned): Promise<void> {
    for (const replicaSet of found.old)
      if (sizeOf(replicaSet) > 0) await this.resize(deployment, replicaSet, 0);
    const oldPods = found.old.flatMap(({ metadata }) =>
      this.pods.byIndex(controllerIndex, metadata.uid ?? ''),
    );
    const running = oldPods.some((pod) => isActivePod(pod) || pod.metadata.deletionTimestamp !== undefined);
    if (running) {
      await this.writeStatus(deployment, this.reread(deployment, found));
      return;
    }
    const { owned, started } = await this.withNewReplicaSet(deployment, found);
    const wanted = wantedReplicas(deployment);
    if (sizeOf(owned.fresh) !== wanted) await this.resize(deployment, owned.fresh, wanted);
    await this.finish(started, this.reread(started, owned));
  }

  private async finish(deployment: Deployment, owned: Owned): Promise<void> {
    const status = await this.writeStatus(deployment, owned);
    if (isComplete(deployment, status)) await this.forgetOldRevisions(deployment, owned.old);
  }

  /** The ReplicaSet of the present template, made when missing, with the revision it has. */
  private async withNewReplicaSet(
    deployment: Deployment,
    { fresh, old }: Owned,
  ): Promise<{ readonly owned: Owned & { readonly fresh: ReplicaSet }; readonly started: Deployment }> {
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    const now = this.context.scheduler.now();
    if (fresh === undefined) {
      const made = await this.createReplicaSet(deployment, old, revision);
      await this.writeRevision(deployment, revision);
      return { owned: { fresh: made, old }, started: withRolloutStarted(deployment, made, true, now) };
    }
    // A template that was rolled back to becomes the newest revision again.
    const current = Math.max(revision, revisionOf(fresh));
    const patch = {
      metadata: { annotations: { ...this.annotations(deployment), [revisionAnnotation]: String(current) } },
      spec: { minReadySeconds: deployment.spec.minReadySeconds ?? 0 },
    };
    const same =
      (fresh.spec.minReadySeconds ?? 0) === patch.spec.minReadySeconds &&
      Object.entries(patch.metadata.annotations).every(
        ([key, value]) => fresh.metadata.annotations?.[key] === value,
      );
    const kept = same ? fresh : await this.patchReplicaSet(fresh, patch);
    await this.writeRevision(deployment, current);
    return { owned: { fresh: kept, old }, started: withRolloutStarted(deployment, kept, false, now) };
  }

  private annotations(deployment: Deployment): Record<string, string> {
    const wanted = wantedReplicas(deployment);
    return {
      [desiredAnnotation]: String(wanted),
      [maxAnnotation]: String(wanted + rolloutLimits(deployment).maxSurge),
    };
  }

  private async createReplicaSet(
    deployment: Deployment,
    old: readonly ReplicaSet[],
    revision: number,
  ): Promise<ReplicaSet> {
    const { template, selector, minReadySeconds } = deployment.spec;
    const hash = templateHash(template, deployment.status?.collisionCount);
    const name = `${deployment.metadata.name}-${hash}`;
    const empty: ReplicaCounts = { name, wanted: 0, available: 0 };
    const replicas = newReplicaCount(
      wantedReplicas(deployment),
      rolloutLimits(deployment),
      isRollingUpdate(deployment),
      empty,
      old.map(countsOf),
    );
    const { [revisionAnnotation]: _revision, ...inherited } = deployment.metadata.annotations ?? {};
    const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...annotations } = inherited;
    const labels = { ...template.metadata?.labels, [hashLabel]: hash };
    const wanted: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
        labels,
        annotations: {
          ...annotations,
          ...this.annotations(deployment),
          [revisionAnnotation]: String(revision),
        },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas,
        ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    };
    try {
      const created = await this.context.client.create<ReplicaSet>(resources.ReplicaSet, wanted);
      this.replicaSets.observe(created);
      if (replicas > 0) this.tellScaled(deployment, 'up', name, 0, replicas);
      return created;
    } catch (error) {
      if (isAlreadyExists(error)) await this.nameTaken(deployment, name, error);
      throw error;
    }
  }

  /** Two templates hash alike: the next attempt hashes with the count of collisions. */
  private async nameTaken(deployment: Deployment, name: string, error: unknown): Promise<void> {
    const { client } = this.context;
    const present = await client.get<ReplicaSet>(resources.ReplicaSet, deployment.metadata.namespace, name);
    if (
      controllerOf(present)?.uid === deployment.metadata.uid &&
      newReplicaSetOf(deployment, [present]) !== undefined
    ) {
      this.replicaSets.observe(present);
      throw error;
    }
    const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
    this.deployments.observe(
      await client.updateStatus<Deployment>(resources.Deployment, { ...deployment, status }),
    );
  }

  private async scale(deployment: Deployment, owned: Owned): Promise<void> {
    const wanted = wantedReplicas(deployment);
    const active = all(owned).filter((replicaSet) => sizeOf(replicaSet) > 0);
    const only =
      active.length <= 1 ? (active[0] ?? owned.fresh ?? owned.old.toSorted(byAge).at(-1)) : undefined;
    if (only !== undefined) return this.resize(deployment, only, wanted);
    const { fresh } = owned;
    if (fresh !== undefined && isSaturated(deployment, fresh)) {
      for (const replicaSet of owned.old)
        if (sizeOf(replicaSet) > 0) await this.resize(deployment, replicaSet, 0);
      return;
    }
    if (!isRollingUpdate(deployment)) return;
    const sizes = proportionalCounts(
      wanted,
      rolloutLimits(deployment),
      active.map((replicaSet) => ({
        ...countsOf(replicaSet),
        annotatedMax: Number(replicaSet.metadata.annotations?.[maxAnnotation] ?? 0),
        createdMs: createdMs(replicaSet),
      })),
    );
    for (const replicaSet of active) {
      await this.resize(deployment, replicaSet, sizes.get(replicaSet.metadata.name) ?? sizeOf(replicaSet));
    }
  }

  private async resize(deployment: Deployment, replicaSet: ReplicaSet, replicas: number): Promise<void> {
    const from = sizeOf(replicaSet);
    const annotations = this.annotations(deployment);
    const upToDate = Object.entries(annotations).every(
      ([key, value]) => replicaSet.metadata.annotations?.[key] === value,
    );
    if (from === replicas && upToDate) return;
    await this.patchReplicaSet(replicaSet, { metadata: { annotations }, spec: { replicas } });
    if (from !== replicas)
      this.tellScaled(deployment, replicas > from ? 'up' : 'down', replicaSet.metadata.name, from, replicas);
  }

  private tellScaled(
    deployment: Deployment,
    direction: 'up' | 'down',
    name: string,
    from: number,
    to: number,
  ): void {
    const message = `Scaled ${direction} replica set ${name} from ${from} to ${to}`;
    this.context.events.record(deployment, 'Normal', 'ScalingReplicaSet', message, this.name);
  }

  private async patchReplicaSet(replicaSet: ReplicaSet, patch: object): Promise<ReplicaSet> {
    const { namespace, name } = replicaSet.metadata;
    const written = await this.context.client.patch<ReplicaSet>(resources.ReplicaSet, namespace, name, patch);
    this.replicaSets.observe(written);
    return written;
  }

  private async writeRevision(deployment: Deployment, revision: number): Promise<void> {
    if (revisionOf(deployment) === revision) return;
    const { namespace, name } = deployment.metadata;
    const patch = { metadata: { annotations: { [revisionAnnotation]: String(revision) } } };
    this.deployments.observe(
      await this.context.client.patch<Deployment>(resources.Deployment, namespace, name, patch),
    );
  }

  private async writeStatus(
    deployment: Deployment,
    owned: Owned,
  ): Promise<NonNullable<Deployment['status']>> {
    const now = this.context.scheduler.now();
    const status = deploymentStatus(deployment, all(owned), owned.fresh, now);
    const key = objectKey(deployment);
    const current = this.deployments.getByKey(key) ?? deployment;
    if (!sameJson(status, current.status)) {
      this.deployments.observe(
        await this.context.client.updateStatus<Deployment>(resources.Deployment, { ...current, status }),
      );
    }
    const deadlineMs = progressDeadlineMs(deployment, status);
    if (deadlineMs !== undefined) this.queue.addAt(key, deadlineMs);
    return status;
  }

  /** The ReplicaSets as they are after our own writes. */
  private reread(deployment: Deployment, owned: Owned): Owned {
    const now = all(owned).map(
      (replicaSet) => this.replicaSets.getByKey(objectKey(replicaSet)) ?? replicaSet,
    );
    return split(deployment, now);
  }

  private async forgetOldRevisions(deployment: Deployment, old: readonly ReplicaSet[]): Promise<void> {
    const limit = deployment.spec.revisionHistoryLimit ?? defaultHistoryLimit;
    const surplus = old
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .toSorted((a, b) => revisionOf(a) - revisionOf(b))
      .slice(0, Math.max(0, old.length - limit));
    for (const replicaSet of surplus) {
      const { namespace, name, generation = 0 } = replicaSet.metadata;
      const idle = sizeOf(replicaSet) === 0 && (replicaSet.status?.replicas ?? 0) === 0;
      if (!idle || (replicaSet.status?.observedGeneration ?? 0) < generation) continue;
      await this.context.client.delete(resources.ReplicaSet, namespace, name).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  }
}

function split(deployment: Deployment, owned: readonly ReplicaSet[]): Owned {
  const fresh = newReplicaSetOf(deployment, owned);
  return { fresh, old: owned.filter((replicaSet) => replicaSet !== fresh) };
}

function isSaturated(deployment: Deployment, fresh: ReplicaSet): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    sizeOf(fresh) === wanted &&
    Number(fresh.metadata.annotations?.[desiredAnnotation] ?? -1) === wanted &&
    (fresh.status?.availableReplicas ?? 0) === wanted
  );
}

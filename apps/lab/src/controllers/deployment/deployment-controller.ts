import { keyOf, objectKey, resources, sameJson, type Informer, type WorkQueue } from '@scalelab/kube';
import type { Deployment, Pod, ReplicaSet } from '@scalelab/manifests';
import { claimed } from '../claims';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { byController, controllerIndex, controllerOf } from '../owner';
import { isActivePod } from '../pod-state';
import { deploymentStatus, isComplete, progressDeadlineMs, withRolloutStarted } from './deployment-status';
import { all, countsOf, isSaturated, sizeOf, split, type Owned } from './owned-replicasets';
import { ReplicaSetWriter } from './replicaset-writer';
import {
  byAge,
  createdMs,
  desiredAnnotation,
  maxAnnotation,
  revisionAnnotation,
  revisionOf,
} from './revision';
import {
  isRollingUpdate,
  newReplicaCount,
  oldReplicaCounts,
  proportionalCounts,
  rolloutLimits,
  wantedReplicas,
} from './rolling-update';

/** Rolls each Deployment's template out through ReplicaSets. */
export class DeploymentController implements Controller {
  readonly name = 'deployment-controller';
  readonly queue: WorkQueue;
  private readonly deployments: Informer<Deployment>;
  private readonly replicaSets: Informer<ReplicaSet>;
  private readonly pods: Informer<Pod>;
  private readonly writer: ReplicaSetWriter;

  constructor(private readonly context: ControllerContext) {
    this.queue = controllerQueue(context, this.name, 4);
    this.deployments = context.informers.of<Deployment>(resources.Deployment);
    this.replicaSets = context.informers.of<ReplicaSet>(resources.ReplicaSet);
    this.pods = context.informers.of<Pod>(resources.Pod);
    const { deployments, replicaSets } = this;
    this.writer = new ReplicaSetWriter({ context, deployments, replicaSets, controller: this.name });
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
      await this.writer.resize(deployment, fresh, size);
    } else {
      const sizes = oldReplicaCounts(
        wanted,
        limits,
        countsOf(fresh),
        owned.old.toSorted(byAge).map(countsOf),
      );
      for (const replicaSet of owned.old) {
        const less = sizes.get(replicaSet.metadata.name);
        if (less !== undefined) await this.writer.resize(deployment, replicaSet, less);
      }
    }
    await this.finish(started, this.reread(started, owned));
  }

  private async recreate(deployment: Deployment, found: Owned): Promise<void> {
    for (const replicaSet of found.old)
      if (sizeOf(replicaSet) > 0) await this.writer.resize(deployment, replicaSet, 0);
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
    if (sizeOf(owned.fresh) !== wanted) await this.writer.resize(deployment, owned.fresh, wanted);
    await this.finish(started, this.reread(started, owned));
  }

  private async finish(deployment: Deployment, owned: Owned): Promise<void> {
    const status = await this.writeStatus(deployment, owned);
    if (isComplete(deployment, status)) await this.writer.forgetOldRevisions(deployment, owned.old);
  }

  /** The ReplicaSet of the present template, made when missing, with the revision it has. */
  private async withNewReplicaSet(
    deployment: Deployment,
    { fresh, old }: Owned,
  ): Promise<{ readonly owned: Owned & { readonly fresh: ReplicaSet }; readonly started: Deployment }> {
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    const now = this.context.scheduler.now();
    if (fresh === undefined) {
      const made = await this.writer.create(deployment, old, revision);
      await this.writeRevision(deployment, revision);
      return { owned: { fresh: made, old }, started: withRolloutStarted(deployment, made, true, now) };
    }
    // A template that was rolled back to becomes the newest revision again.
    const current = Math.max(revision, revisionOf(fresh));
    const patch = {
      metadata: {
        annotations: { ...this.writer.annotations(deployment), [revisionAnnotation]: String(current) },
      },
      spec: { minReadySeconds: deployment.spec.minReadySeconds ?? 0 },
    };
    const same =
      (fresh.spec.minReadySeconds ?? 0) === patch.spec.minReadySeconds &&
      Object.entries(patch.metadata.annotations).every(
        ([key, value]) => fresh.metadata.annotations?.[key] === value,
      );
    const kept = same ? fresh : await this.writer.patch(fresh, patch);
    await this.writeRevision(deployment, current);
    return { owned: { fresh: kept, old }, started: withRolloutStarted(deployment, kept, false, now) };
  }

  private async scale(deployment: Deployment, owned: Owned): Promise<void> {
    const wanted = wantedReplicas(deployment);
    const active = all(owned).filter((replicaSet) => sizeOf(replicaSet) > 0);
    const only =
      active.length <= 1 ? (active[0] ?? owned.fresh ?? owned.old.toSorted(byAge).at(-1)) : undefined;
    if (only !== undefined) return this.writer.resize(deployment, only, wanted);
    const { fresh } = owned;
    if (fresh !== undefined && isSaturated(deployment, fresh)) {
      for (const replicaSet of owned.old)
        if (sizeOf(replicaSet) > 0) await this.writer.resize(deployment, replicaSet, 0);
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
      await this.writer.resize(
        deployment,
        replicaSet,
        sizes.get(replicaSet.metadata.name) ?? sizeOf(replicaSet),
      );
    }
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
}

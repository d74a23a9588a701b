import { isAlreadyExists, isNotFound, resources, type Informer, type KubeObject } from '@scalelab/kube';
import type { Deployment, ReplicaSet } from '@scalelab/manifests';
import type { ControllerContext } from '../controller';
import { controllerOf, controllerReference } from '../owner';
import { countsOf, sizeOf } from './owned-replicasets';
import {
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
  rolloutLimits,
  wantedReplicas,
  type ReplicaCounts,
} from './rolling-update';

const defaultHistoryLimit = 10;

export interface ReplicaSetWriterOptions {
  readonly context: ControllerContext;
  readonly deployments: Informer<Deployment>;
  readonly replicaSets: Informer<ReplicaSet>;
  /** Component that events come from. */
  readonly controller: string;
}

/** What a Deployment's controller writes of ReplicaSets; each write is seen by the informers at once. */
export class ReplicaSetWriter {
  constructor(private readonly options: ReplicaSetWriterOptions) {}

  /** The ReplicaSet of the present template. */
  async create(deployment: Deployment, old: readonly ReplicaSet[], revision: number): Promise<ReplicaSet> {
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
      const created = await this.options.context.client.create<ReplicaSet>(resources.ReplicaSet, wanted);
      this.options.replicaSets.observe(created);
      if (replicas > 0) this.tellScaled(deployment, 'up', name, 0, replicas);
      return created;
    } catch (error) {
      if (isAlreadyExists(error)) await this.nameTaken(deployment, name, error);
      throw error;
    }
  }

  async resize(deployment: Deployment, replicaSet: ReplicaSet, replicas: number): Promise<void> {
    const from = sizeOf(replicaSet);
    const annotations = this.annotations(deployment);
    const upToDate = Object.entries(annotations).every(
      ([key, value]) => replicaSet.metadata.annotations?.[key] === value,
    );
    if (from === replicas && upToDate) return;
    await this.patch(replicaSet, { metadata: { annotations }, spec: { replicas } });
    if (from !== replicas)
      this.tellScaled(deployment, replicas > from ? 'up' : 'down', replicaSet.metadata.name, from, replicas);
  }

  async patch(replicaSet: ReplicaSet, patch: object): Promise<ReplicaSet> {
    const { namespace, name } = replicaSet.metadata;
    const written = await this.options.context.client.patch<ReplicaSet>(
      resources.ReplicaSet,
      namespace,
      name,
      patch,
    );
    this.options.replicaSets.observe(written);
    return written;
  }

  /** Sizes that the ReplicaSets of a Deployment are made for. */
  annotations(deployment: Deployment): Record<string, string> {
    const wanted = wantedReplicas(deployment);
    return {
      [desiredAnnotation]: String(wanted),
      [maxAnnotation]: String(wanted + rolloutLimits(deployment).maxSurge),
    };
  }

  /** Removes idle ReplicaSets beyond the history limit, oldest first. */
  async forgetOldRevisions(deployment: Deployment, old: readonly ReplicaSet[]): Promise<void> {
    const limit = deployment.spec.revisionHistoryLimit ?? defaultHistoryLimit;
    const surplus = old
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .toSorted((a, b) => revisionOf(a) - revisionOf(b))
      .slice(0, Math.max(0, old.length - limit));
    for (const replicaSet of surplus) {
      const { namespace, name, generation = 0 } = replicaSet.metadata;
      const idle = sizeOf(replicaSet) === 0 && (replicaSet.status?.replicas ?? 0) === 0;
      if (!idle || (replicaSet.status?.observedGeneration ?? 0) < generation) continue;
      await this.options.context.client
        .delete(resources.ReplicaSet, namespace, name)
        .catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
    }
  }

  /** Two templates hash alike: the next attempt hashes with the count of collisions. */
  private async nameTaken(deployment: Deployment, name: string, error: unknown): Promise<void> {
    const { client } = this.options.context;
    const present = await client.get<ReplicaSet>(resources.ReplicaSet, deployment.metadata.namespace, name);
    if (
      controllerOf(present)?.uid === deployment.metadata.uid &&
      newReplicaSetOf(deployment, [present]) !== undefined
    ) {
      this.options.replicaSets.observe(present);
      throw error;
    }
    const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
    this.options.deployments.observe(
      await client.updateStatus<Deployment>(resources.Deployment, { ...deployment, status }),
    );
  }

  private tellScaled(
    deployment: Deployment,
    direction: 'up' | 'down',
    name: string,
    from: number,
    to: number,
  ): void {
    const message = `Scaled ${direction} replica set ${name} from ${from} to ${to}`;
    this.options.context.events.record(
      deployment,
      'Normal',
      'ScalingReplicaSet',
      message,
      this.options.controller,
    );
  }
}

import { labelSelectorMatcher, objectKey, resources, resourceTypeOf, type Informer } from '@scalelab/kube';
import type { KubeObject } from '@scalelab/kube';
import type { Deployment, Pod } from '@scalelab/manifests';
import type { ScaledObject, WorkloadFacts } from '@scalelab/scaling';
import type { ControllerContext } from '../controller';

type Stored = ScaledObject & KubeObject;

/** What a ScaledObject scales, by the scale subresource of its kind. */
export class ScaleTargets {
  private readonly deployments: Informer<Deployment>;
  private readonly pods: Informer<Pod>;

  constructor(private readonly context: ControllerContext) {
    this.deployments = context.informers.of<Deployment>(resources.Deployment);
    this.pods = context.informers.of<Pod>(resources.Pod);
  }

  /** The target, where it is a Deployment. */
  deployment(object: Stored): Deployment | undefined {
    const { kind = 'Deployment', name } = object.spec.scaleTargetRef;
    return kind === 'Deployment' ? this.deployments.get(object.metadata.namespace, name) : undefined;
  }

  async facts(object: Stored): Promise<WorkloadFacts> {
    const { type, namespace, name } = scaleOf(object);
    if (!type) return { exists: false, replicas: 0 };
    try {
      const { specReplicas } = await this.context.client.getScale(type, namespace, name);
      return { replicas: specReplicas, readyPods: this.readyPods(object) };
    } catch {
      return { exists: false, replicas: 0 };
    }
  }

  /** @returns whether the API server took it */
  async setReplicas(object: Stored, replicas: number): Promise<boolean> {
    const { type, namespace, name } = scaleOf(object);
    if (!type) return false;
    try {
      await this.context.client.updateScale(type, namespace, name, replicas);
      return true;
    } catch (error) {
      this.context.log.debug({ err: error, key: objectKey(object) }, 'the scale was not updated');
      return false;
    }
  }

  private readyPods(object: Stored): number {
    const target = this.deployment(object);
    if (!target) return 0;
    const matches = labelSelectorMatcher(target.spec.selector);
    return this.pods
      .list(object.metadata.namespace)
      .filter(
        ({ metadata, status }) =>
          matches(metadata.labels) &&
          status?.phase === 'Running' &&
          status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      ).length;
  }
}

function scaleOf({ metadata, spec }: Stored) {
  const { apiVersion = 'apps/v1', kind = 'Deployment', name } = spec.scaleTargetRef;
  return { type: resourceTypeOf({ apiVersion, kind }), namespace: metadata.namespace ?? '', name };
}

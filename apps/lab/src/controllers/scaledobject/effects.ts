import { isConflict, isNotFound, resources, type KubeClient, type KubeObject } from '@scalelab/kube';
import type { HpaManifest, KedaEffect, ScaledObject } from '@scalelab/scaling';
import type { EventRecorder } from '../event-recorder';

const source = 'keda-operator';

/** Carries out what a step decided, in its order; `setScale`, `startLoop` and `stopLoop` are the controller's own business. */
export async function applyEffects(
  client: KubeClient,
  events: EventRecorder,
  object: ScaledObject & KubeObject,
  effects: readonly KedaEffect[],
): Promise<void> {
  for (const effect of effects) {
    switch (effect.kind) {
      case 'writeHpa':
        await writeHpa(client, object, effect.hpa);
        break;
      case 'deleteHpa':
        await client
          .delete(resources.HorizontalPodAutoscaler, object.metadata.namespace, effect.name)
          .catch(unlessGone);
        break;
      case 'status':
        await writeStatus(client, object, effect.status);
        break;
      case 'metadata':
        await client
          .patch(resources.ScaledObject, object.metadata.namespace, object.metadata.name, {
            metadata: { labels: effect.labels, finalizers: effect.finalizers },
          })
          .catch(unlessGone);
        break;
      case 'event':
        events.record(object, effect.type, effect.reason, effect.message, source);
        break;
      default:
    }
  }
}

async function writeHpa(
  client: KubeClient,
  object: ScaledObject & KubeObject,
  hpa: HpaManifest,
): Promise<void> {
  const namespace = object.metadata.namespace ?? '';
  const ownerReferences =
    hpa.metadata.ownerReferences?.map((owner) => ({ ...owner, uid: object.metadata.uid ?? '' })) ?? [];
  const wanted: KubeObject = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { ...hpa.metadata, namespace, ownerReferences },
    spec: hpa.spec,
  };
  const type = resources.HorizontalPodAutoscaler;
  const present = await client.get(type, namespace, hpa.metadata.name).catch((error: unknown) => {
    unlessGone(error);
    return undefined;
  });
  if (!present) await client.create(type, wanted);
  else
    await client.update(type, {
      ...present,
      metadata: { ...present.metadata, ...wanted.metadata },
      spec: hpa.spec,
    });
}

async function writeStatus(client: KubeClient, object: KubeObject, status: object): Promise<void> {
  const { namespace, name } = object.metadata;
  for (let tries = 0; ; tries += 1) {
    try {
      const present = await client.get(resources.ScaledObject, namespace, name);
      await client.updateStatus(resources.ScaledObject, { ...present, status });
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error) || tries >= 5) throw error;
    }
  }
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

import { isNotFound, resources, type Informer, type KubeObject } from '@scalelab/kube';
import type { Job, JobSpec } from '@scalelab/manifests';
import type { ScaledJob, ScaledJobEffect } from '@scalelab/scaling';
import type { ControllerContext } from '../controller';
import { controllerReference } from '../owner';

const source = 'keda-operator';

type CreateJobs = Extract<ScaledJobEffect, { kind: 'createJobs' }>;

/** Carries out what a step decided, in its order; the loop's start and stop are the controller's own business. */
export async function applyJobEffects(
  context: ControllerContext,
  jobs: Informer<Job>,
  object: ScaledJob & KubeObject,
  effects: readonly ScaledJobEffect[],
): Promise<void> {
  const { client, events } = context;
  const { namespace, name } = object.metadata;
  for (const effect of effects) {
    switch (effect.kind) {
      case 'createJobs':
        for (let i = 0; i < effect.count; i++) {
          jobs.observe(await client.create<Job>(resources.Job, jobOf(object, effect)));
        }
        break;
      case 'deleteJob': {
        const options = { propagationPolicy: effect.propagation };
        await client.delete(resources.Job, namespace, effect.name, options).catch(unlessGone);
        break;
      }
      case 'status':
        // KEDA is the one writer of this status, so it is written whatever the version.
        await writeStatus(context, object, effect.status);
        break;
      case 'metadata': {
        const patch = { metadata: { labels: effect.labels, finalizers: effect.finalizers } };
        await client.patch(resources.ScaledJob, namespace, name, patch).catch(unlessGone);
        break;
      }
      case 'event':
        events.record(object, effect.type, effect.reason, effect.message, source);
        break;
      default:
    }
  }
}

function jobOf(
  object: ScaledJob & KubeObject,
  { generateName, labels, annotations }: CreateJobs,
): KubeObject {
  const target = object.spec.jobTargetRef as JobSpec;
  const { template } = target;
  const { namespace } = object.metadata;
  // Jobs do not take the restart policy that pods have by default.
  const policy = template.spec?.restartPolicy;
  const restartPolicy = policy === undefined || policy === 'Always' ? 'OnFailure' : policy;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: '',
      generateName,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations,
      ownerReferences: [controllerReference(object)],
    },
    spec: { ...target, template: { ...template, spec: { ...template.spec, restartPolicy } } },
  };
}

async function writeStatus({ client }: ControllerContext, object: KubeObject, status: object): Promise<void> {
  const { namespace, name } = object.metadata;
  try {
    const { metadata, ...present } = await client.get(resources.ScaledJob, namespace, name);
    await client.updateStatus(resources.ScaledJob, { ...present, metadata, status });
  } catch (error) {
    unlessGone(error);
  }
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

import { hpaOwnershipAnnotation, transferOwnershipAnnotation } from './annotations';
import { resourceRequestErrors } from './admission-resources';
import { wantedHpaName } from './hpa-name';
import { type OwnerReference } from './hpa-manifest';
import { parseTarget, scaleTargetOf, targetKindText } from './scale-target';
import { compileModifiers, ScalingModifiersError, usesModifiers } from './scaling-modifiers';
import { type ScaledObject } from './scaled-object';
import { isResourceTrigger, triggerListError } from './trigger-list';

/** An object that is in the cluster already: ScaledObjects, HPAs, Deployments, StatefulSets and LimitRanges count. */
export interface ExistingObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly Pick<OwnerReference, 'kind' | 'name'>[];
  };
  readonly spec?: unknown;
}

type TargetRef = { readonly apiVersion?: string; readonly kind?: string; readonly name: string };

/**
 * What KEDA's admission webhook has against a ScaledObject that is to be created; nothing: it is allowed. KEDA runs the
 * checks in random order and reports the first complaint it meets; here all of them are given. Idle, min and max are not
 * among the checks: only the controller complains about those.
 */
export function admissionErrors(
  object: ScaledObject,
  existing: readonly ExistingObject[],
  options: { readonly dryRun?: boolean } = {},
): readonly string[] {
  const namespace = object.metadata.namespace ?? 'default';
  const near = existing.filter((other) => (other.metadata.namespace ?? 'default') === namespace);
  const target = scaleTargetOf(object);
  const errors =
    'error' in target
      ? [target.error]
      : [
          options.dryRun ? undefined : resourceRequestErrors(object, target, near),
          otherScaledObject(object, targetKindText(target), near),
          otherHpa(object, targetKindText(target), near),
          fallbackError(object),
        ].filter((error) => error !== undefined);
  if (errors.length > 0) return [...new Set(errors)];
  const triggers = triggerListError(object.spec.triggers);
  return triggers === undefined ? [] : [triggers];
}

function otherScaledObject(
  object: ScaledObject,
  kindText: string,
  near: readonly ExistingObject[],
): string | undefined {
  const { name } = object.spec.scaleTargetRef;
  for (const other of near) {
    if (other.kind !== 'ScaledObject' || other.metadata.name === object.metadata.name) continue;
    const theirs: ScaledObject = { metadata: other.metadata, spec: other.spec as ScaledObject['spec'] };
    const target = scaleTargetOf(theirs);
    if ('error' in target) return target.error;
    if (targetKindText(target) === kindText && theirs.spec.scaleTargetRef.name === name) {
      return `the workload '${name}' of type '${kindText}' is already managed by the ScaledObject '${other.metadata.name}'`;
    }
    if (wantedHpaName(theirs) === wantedHpaName(object)) {
      return `the HPA '${wantedHpaName(theirs)}' is already managed by the ScaledObject '${other.metadata.name}'`;
    }
  }
  return usesModifiers(object) ? modifiersError(object) : undefined;
}

function modifiersError(object: ScaledObject): string | undefined {
  try {
    compileModifiers(object.spec);
    return undefined;
  } catch (error) {
    if (error instanceof ScalingModifiersError) return error.message;
    throw error;
  }
}

function otherHpa(
  object: ScaledObject,
  kindText: string,
  near: readonly ExistingObject[],
): string | undefined {
  const { name } = object.spec.scaleTargetRef;
  for (const hpa of near) {
    if (hpa.kind !== 'HorizontalPodAutoscaler') continue;
    if (hpa.metadata.annotations?.[hpaOwnershipAnnotation] === 'false') continue;
    const { scaleTargetRef: ref } = hpa.spec as { readonly scaleTargetRef: TargetRef };
    const target = parseTarget(ref.apiVersion ?? '', ref.kind ?? '');
    if ('error' in target) return target.error;
    if (targetKindText(target) !== kindText || ref.name !== name || isOwnedBy(hpa, object)) continue;
    const workload = `the workload '${name}' of type '${kindText}'`;
    if (object.metadata.annotations?.[transferOwnershipAnnotation] !== 'true') {
      return `${workload} is already managed by the hpa '${hpa.metadata.name}'`;
    }
    if (object.spec.advanced?.horizontalPodAutoscalerConfig?.name !== hpa.metadata.name) {
      const forWorkload = `for workload '${name}' of type '${kindText}'`;
      return `the existing hpa '${hpa.metadata.name}' ${forWorkload} must be specified by name in advanced settings to enable ownership transfer`;
    }
  }
  return undefined;
}

const isOwnedBy = (hpa: ExistingObject, object: ScaledObject): boolean =>
  (hpa.metadata.ownerReferences ?? []).some(
    (owner) => owner.kind === (object.kind ?? 'ScaledObject') && owner.name === object.metadata.name,
  );

function fallbackError(object: ScaledObject): string | undefined {
  const { fallback, triggers } = object.spec;
  if (!fallback) return undefined;
  const { failureThreshold = 0, replicas = 0 } = fallback;
  if (failureThreshold < 0 || replicas < 0) {
    return `FailureThreshold=${failureThreshold} & Replicas=${replicas} must both be greater than or equal to 0`;
  }
  if (usesModifiers(object) || triggers.some((trigger) => !isResourceTrigger(trigger))) return undefined;
  return 'at least one trigger (that is not cpu or memory) has to have the `AverageValue` type for the fallback to be enabled';
}

import { GoTextError, parseBool, parseInt64 } from '../go/text';
import { type ScaledObject } from './scaled-object';

const prefix = 'autoscaling.keda.sh/';
export const pausedAnnotation = `${prefix}paused`;
export const pausedReplicasAnnotation = `${prefix}paused-replicas`;
export const pausedScaleInAnnotation = `${prefix}paused-scale-in`;
export const pausedScaleOutAnnotation = `${prefix}paused-scale-out`;
export const forceActivationAnnotation = `${prefix}force-activation`;
export const transferOwnershipAnnotation = 'scaledobject.keda.sh/transfer-hpa-ownership';
export const excludedLabelsAnnotation = 'scaledobject.keda.sh/hpa-excluded-labels';
/** On an HPA: "false" takes it out of the check for two autoscalers on one target. */
export const hpaOwnershipAnnotation = 'validations.keda.sh/hpa-ownership';

interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** Absent is false; a value that is no boolean counts as true. */
export function boolAnnotation(object: Annotated, name: string): boolean {
  const value = object.metadata.annotations?.[name];
  if (value === undefined) return false;
  try {
    return parseBool(value);
  } catch (error) {
    if (error instanceof GoTextError) return true;
    throw error;
  }
}

export const pausesScaleIn = (object: ScaledObject): boolean =>
  boolAnnotation(object, pausedScaleInAnnotation);
export const pausesScaleOut = (object: ScaledObject): boolean =>
  boolAnnotation(object, pausedScaleOutAnnotation);
export const forcesActivation = (object: ScaledObject): boolean =>
  boolAnnotation(object, forceActivationAnnotation);

/** Whether the object is to be paused altogether. Any paused-replicas pauses, even one that is no number. */
export const isPausedByAnnotation = (object: ScaledObject): boolean =>
  object.metadata.annotations?.[pausedReplicasAnnotation] !== undefined ||
  boolAnnotation(object, pausedAnnotation);

export const hasPausedAnnotation = (object: ScaledObject): boolean =>
  object.metadata.annotations?.[pausedReplicasAnnotation] !== undefined ||
  object.metadata.annotations?.[pausedAnnotation] !== undefined;

/** The count of paused-replicas: undefined when absent, an error text when it is no 32-bit integer. */
export function pausedReplicas(object: ScaledObject): number | undefined | { readonly error: string } {
  const text = object.metadata.annotations?.[pausedReplicasAnnotation];
  if (text === undefined) return undefined;
  try {
    return Number(parseInt64(text, 32));
  } catch (error) {
    if (error instanceof GoTextError) return { error: error.message };
    throw error;
  }
}

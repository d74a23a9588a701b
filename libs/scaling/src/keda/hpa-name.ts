import { type ScaledObject, type ScaledObjectStatus } from './scaled-object';

export const defaultHpaName = (object: ScaledObject): string => `keda-hpa-${object.metadata.name}`;

/** Name that the spec asks for. */
export const wantedHpaName = (object: ScaledObject): string =>
  object.spec.advanced?.horizontalPodAutoscalerConfig?.name || defaultHpaName(object);

/** Name under which KEDA looks for the HPA it has: the one in the status as long as there is one. */
export const hpaNameOf = (object: ScaledObject, status: ScaledObjectStatus): string =>
  status.hpaName || wantedHpaName(object);

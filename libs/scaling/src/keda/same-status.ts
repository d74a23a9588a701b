import { samePlain } from './plain-equality';
import { type ScaledObjectStatus } from './scaled-object';

/** What KEDA writes of a status, those first that change most often. */
const fields = Object.keys({
  lastActiveTime: true,
  conditions: true,
  triggersActivity: true,
  health: true,
  pausedReplicaCount: true,
  scaleTargetKind: true,
  scaleTargetGVKR: true,
  originalReplicaCount: true,
  externalMetricNames: true,
  resourceMetricNames: true,
  compositeScalerName: true,
  hpaName: true,
  triggersTypes: true,
  authenticationsTypes: true,
} satisfies Record<keyof ScaledObjectStatus, true>) as readonly (keyof ScaledObjectStatus)[];

/** Whether a step left the status as it was. Fields that are not KEDA's are never touched by one. */
export function sameStatus(before: ScaledObjectStatus, after: ScaledObjectStatus): boolean {
  if (before === after) return true;
  for (const field of fields) {
    if (before[field] !== after[field] && !samePlain(before[field], after[field])) return false;
  }
  return true;
}

import { samePlain } from './plain-equality';
import { type ScaledObjectStatus, type TriggerHealth } from './scaled-object';

/**
 * The stored status after a copy of it was changed and the difference sent as a merge patch: health is merged field by
 * field, conditions go over as a whole list. Only these two change where an old copy is written back.
 */
export function patchStatus(
  stored: ScaledObjectStatus,
  before: ScaledObjectStatus,
  after: ScaledObjectStatus,
): ScaledObjectStatus {
  if (before === after) return stored;
  const conditions = samePlain(before.conditions, after.conditions) ? undefined : after.conditions;
  const health: Record<string, TriggerHealth> = { ...stored.health };
  let changed = conditions !== undefined;
  for (const [name, next] of Object.entries(after.health ?? {})) {
    const previous = before.health?.[name];
    if (previous?.numberOfFailures === next.numberOfFailures && previous.status === next.status) continue;
    const kept = health[name];
    health[name] = {
      numberOfFailures:
        previous?.numberOfFailures === next.numberOfFailures && kept
          ? kept.numberOfFailures
          : next.numberOfFailures,
      status: previous?.status === next.status && kept ? kept.status : next.status,
    };
    changed = true;
  }
  if (!changed) return stored;
  return {
    ...stored,
    ...(conditions ? { conditions } : {}),
    ...(Object.keys(health).length > 0 ? { health } : {}),
  };
}

import { legacyScaleUpLimit, scaleDownLimit, scaleUpLimit, type RateLimit } from './rate-limit';
import type { EffectiveBehavior } from './spec';
import type { HpaMemory } from './state';
import type { LimitTrace } from './trace';

export const limitMessages: Readonly<Record<LimitTrace['reason'], string>> = {
  DesiredWithinRange: 'the desired count is within the acceptable range',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
};

export interface ReplicaBounds {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** Without `behavior`: at most double or 4 a sync, then max, then min. There is no limit to scaling down. */
export function limitLegacy(
  wanted: number,
  current: number,
  { minReplicas, maxReplicas }: ReplicaBounds,
): LimitTrace {
  const rate = legacyScaleUpLimit(current);
  if (wanted < minReplicas) return { reason: 'TooFewReplicas', wanted, result: minReplicas, rate };
  const rated = maxReplicas > rate;
  const highest = rated ? rate : maxReplicas;
  if (wanted > highest)
    return { reason: rated ? 'ScaleUpLimit' : 'TooManyReplicas', wanted, result: highest, rate };
  return { reason: 'DesiredWithinRange', wanted, result: wanted, rate };
}

/** With `behavior`: the policies of the direction, then max or min. A count beyond its limit stays, it never turns. */
export function limitWithBehavior(
  wanted: number,
  current: number,
  bounds: ReplicaBounds,
  memory: HpaMemory,
  behavior: EffectiveBehavior,
  nowMs: number,
): LimitTrace {
  if (wanted === current) return { reason: 'DesiredWithinRange', wanted, result: wanted };
  const up = wanted > current;
  const rules = up ? behavior.scaleUp : behavior.scaleDown;
  const found: RateLimit = (up ? scaleUpLimit : scaleDownLimit)(current, memory, rules, nowMs);
  const rate = up ? Math.max(found.limit, current) : Math.min(found.limit, current);
  const head = { wanted, rate, selectPolicy: rules.selectPolicy, policies: found.policies };
  if (up) {
    const rated = bounds.maxReplicas > rate;
    const highest = rated ? rate : bounds.maxReplicas;
    if (wanted > highest)
      return { ...head, reason: rated ? 'ScaleUpLimit' : 'TooManyReplicas', result: highest };
  } else {
    const rated = bounds.minReplicas < rate;
    const lowest = rated ? rate : bounds.minReplicas;
    if (wanted < lowest)
      return { ...head, reason: rated ? 'ScaleDownLimit' : 'TooFewReplicas', result: lowest };
  }
  return { ...head, reason: 'DesiredWithinRange', result: wanted };
}

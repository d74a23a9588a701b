import { addInt32, toInt32 } from './go-conversion';
import { changeWithin } from './scale-events';
import type { EffectiveScalingRules } from './spec';
import type { HpaMemory } from './state';
import type { PolicyTrace } from './trace';

export interface RateLimit {
  readonly limit: number;
  readonly policies: readonly PolicyTrace[];
}

const minInt32 = -2147483648;
const maxInt32 = 2147483647;

/** Without `behavior`: at most double, or 4, in one sync. */
export function legacyScaleUpLimit(current: number): number {
  return toInt32(Math.max(2 * current, 4));
}

/** The highest count that the scale-up policies allow now. */
export function scaleUpLimit(
  current: number,
  memory: HpaMemory,
  rules: EffectiveScalingRules,
  nowMs: number,
): RateLimit {
  if (rules.selectPolicy === 'Disabled') return { limit: current, policies: [] };
  const policies = applied(current, memory, rules, nowMs, (type, value, start) =>
    // Rounded up: a small percentage must still be able to add a replica.
    type === 'Pods' ? addInt32(start, value) : toInt32(Math.ceil(start * (1 + value / 100))),
  );
  const allowed = policies.map((p) => p.allows);
  const limit =
    rules.selectPolicy === 'Min' ? Math.min(maxInt32, ...allowed) : Math.max(minInt32, ...allowed);
  return { limit, policies };
}

/** The lowest count that the scale-down policies allow now. `Max` is the largest change, so the smaller count. */
export function scaleDownLimit(
  current: number,
  memory: HpaMemory,
  rules: EffectiveScalingRules,
  nowMs: number,
): RateLimit {
  if (rules.selectPolicy === 'Disabled') return { limit: current, policies: [] };
  const policies = applied(current, memory, rules, nowMs, (type, value, start) =>
    type === 'Pods' ? addInt32(start, -value) : toInt32(start * (1 - value / 100)),
  );
  const allowed = policies.map((p) => p.allows);
  const limit =
    rules.selectPolicy === 'Min' ? Math.max(minInt32, ...allowed) : Math.min(maxInt32, ...allowed);
  return { limit, policies };
}

function applied(
  current: number,
  memory: HpaMemory,
  rules: EffectiveScalingRules,
  nowMs: number,
  allows: (type: 'Pods' | 'Percent', value: number, periodStart: number) => number,
): PolicyTrace[] {
  return rules.policies.map(({ type, value, periodSeconds }) => {
    const added = changeWithin(memory.scaleUpEvents, periodSeconds, nowMs);
    const removed = changeWithin(memory.scaleDownEvents, periodSeconds, nowMs);
    const periodStart = addInt32(addInt32(current, -added), removed);
    return { type, value, periodSeconds, periodStart, allows: allows(type, value, periodStart) };
  });
}

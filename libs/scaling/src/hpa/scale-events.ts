import { addInt32 } from './go-conversion';
import type { EffectiveScalingRules } from './spec';
import type { HpaMemory, ScaleEvent } from './state';

/** Replicas moved by events younger than the period; one exactly as old no longer counts. */
export function changeWithin(events: readonly ScaleEvent[], periodSeconds: number, nowMs: number): number {
  const cutoff = nowMs - periodSeconds * 1000;
  let sum = 0;
  for (const { change, atMs } of events) if (atMs > cutoff) sum = addInt32(sum, change);
  return sum;
}

/** The memory after a scale by the HPA itself. Changes of others are never stored, nor any without a `behavior`. */
export function rememberScale(
  memory: HpaMemory,
  rules: { readonly scaleUp: EffectiveScalingRules; readonly scaleDown: EffectiveScalingRules } | null,
  from: number,
  to: number,
  nowMs: number,
): HpaMemory {
  if (rules === null) return memory;
  return to > from
    ? { ...memory, scaleUpEvents: stored(memory.scaleUpEvents, rules.scaleUp, to - from, nowMs) }
    : { ...memory, scaleDownEvents: stored(memory.scaleDownEvents, rules.scaleDown, from - to, nowMs) };
}

/** Takes the last outdated slot, or a new one. What was outdated once stays so, even if a period is lengthened. */
function stored(
  events: readonly ScaleEvent[],
  rules: EffectiveScalingRules,
  change: number,
  nowMs: number,
): readonly ScaleEvent[] {
  const longest = Math.max(0, ...rules.policies.map((p) => p.periodSeconds));
  const cutoff = nowMs - longest * 1000;
  const marked = events.map((e) => (e.outdated || e.atMs >= cutoff ? e : { ...e, outdated: true }));
  const entry = { change, atMs: nowMs, outdated: false };
  const slot = marked.findLastIndex((e) => e.outdated);
  return slot === -1 ? [...marked, entry] : marked.with(slot, entry);
}

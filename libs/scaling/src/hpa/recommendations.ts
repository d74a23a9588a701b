import type { EffectiveBehavior } from './spec';
import type { Recommendation } from './state';
import type { StabilizationTrace } from './trace';

export interface Stabilized {
  readonly recommendations: readonly Recommendation[];
  readonly trace: StabilizationTrace;
}

/**
 * Without `behavior`: the maximum of what was recommended within the window, this sync's own count included. An entry
 * exactly as old as the window still counts.
 */
export function stabilizeLegacy(
  recommendations: readonly Recommendation[],
  proposal: number,
  nowMs: number,
  windowSeconds: number,
): Stabilized {
  const cutoff = nowMs - windowSeconds * 1000;
  let highest = proposal;
  let heldBy = nowMs;
  let slot = -1;
  for (let i = 0; i < recommendations.length; i++) {
    const { replicas, atMs } = recommendations[i] as Recommendation;
    if (atMs < cutoff) slot = i;
    else if (replicas > highest || (replicas === highest && replicas > proposal && atMs > heldBy)) {
      highest = replicas;
      heldBy = atMs;
    }
  }
  return {
    recommendations: stored(recommendations, slot, { replicas: proposal, atMs: nowMs }),
    trace: {
      path: 'legacy',
      from: proposal,
      to: highest,
      windowSeconds,
      ...(highest === proposal ? {} : { heldUntilMs: heldBy + windowSeconds * 1000 }),
    },
  };
}

/**
 * With `behavior`: the current count, lifted to the lowest recommendation of the scale-up window and lowered to the highest
 * one of the scale-down window. Entries exactly as old as a window no longer count.
 */
export function stabilizeWithBehavior(
  recommendations: readonly Recommendation[],
  proposal: number,
  current: number,
  nowMs: number,
  behavior: EffectiveBehavior,
  downWindowSeconds: number,
): Stabilized {
  const upWindowSeconds = behavior.scaleUp.stabilizationWindowSeconds ?? 0;
  const upCutoff = nowMs - upWindowSeconds * 1000;
  const downCutoff = nowMs - downWindowSeconds * 1000;
  let lowest = proposal;
  let highest = proposal;
  let lowestAt = nowMs;
  let highestAt = nowMs;
  let slot = -1;
  for (let i = 0; i < recommendations.length; i++) {
    const { replicas, atMs } = recommendations[i] as Recommendation;
    if (
      atMs > upCutoff &&
      (replicas < lowest || (replicas === lowest && replicas < proposal && atMs > lowestAt))
    ) {
      lowest = replicas;
      lowestAt = atMs;
    }
    if (
      atMs > downCutoff &&
      (replicas > highest || (replicas === highest && replicas > proposal && atMs > highestAt))
    ) {
      highest = replicas;
      highestAt = atMs;
    }
    if (atMs < upCutoff && atMs < downCutoff) slot = i;
  }
  const to = Math.min(Math.max(current, lowest), highest);
  const up = proposal >= current;
  return {
    recommendations: stored(recommendations, slot, { replicas: proposal, atMs: nowMs }),
    trace: {
      path: 'behavior',
      from: proposal,
      to,
      windowSeconds: up ? upWindowSeconds : downWindowSeconds,
      ...(to === proposal
        ? {}
        : { heldUntilMs: up ? lowestAt + upWindowSeconds * 1000 : highestAt + downWindowSeconds * 1000 }),
    },
  };
}

/** The newest entry takes the last slot that no window needs, or a new one: old entries stay until then. */
function stored(
  recommendations: readonly Recommendation[],
  slot: number,
  entry: Recommendation,
): readonly Recommendation[] {
  return slot === -1 ? [...recommendations, entry] : recommendations.with(slot, entry);
}

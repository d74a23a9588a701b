import { GoTextError, parseFloat64 } from '../go/text';
import { maxJobs, minJobs, type ScaledJobSpec } from './scaled-job';

export interface JobCounts {
  /** Unfinished Jobs, pending ones among them. */
  readonly running: number;
  readonly pending: number;
}

export interface JobDecision {
  /** Jobs that may be created, not below 0. */
  readonly effectiveMaxScale: number;
  readonly scaleTo: number;
  /** Jobs to create now. */
  readonly create: number;
  readonly strategy: 'minimum' | 'default' | 'custom' | 'accurate' | 'eager';
}

/** How many Jobs a demand makes, by the strategy; below the minimum the missing ones come first. */
export function decideJobs(
  spec: ScaledJobSpec,
  demand: { readonly scaleTo: number; readonly maxScale: number },
  counts: JobCounts,
): JobDecision {
  const min = minJobs(spec);
  if (counts.running < min) return decision('minimum', min - counts.running, min - counts.running);
  const beyondMin = { running: counts.running - min, pending: counts.pending };
  return byStrategy(spec, demand, beyondMin);
}

function decision(strategy: JobDecision['strategy'], allowed: number, scaleTo: number): JobDecision {
  const effectiveMaxScale = Math.max(0, allowed);
  return {
    strategy,
    effectiveMaxScale,
    scaleTo,
    create: effectiveMaxScale > 0 ? Math.min(scaleTo, effectiveMaxScale) : 0,
  };
}

function byStrategy(
  spec: ScaledJobSpec,
  { scaleTo, maxScale }: { readonly scaleTo: number; readonly maxScale: number },
  { running, pending }: JobCounts,
): JobDecision {
  const { strategy, customScalingQueueLengthDeduction: deduction = 0 } = spec.scalingStrategy ?? {};
  const max = maxJobs(spec);
  const percentage = strategy === 'custom' ? readPercentage(spec) : undefined;
  if (percentage !== undefined) {
    return decision(
      'custom',
      Math.min(maxScale - deduction - Math.trunc(running * percentage), max),
      scaleTo,
    );
  }
  if (strategy === 'accurate') {
    const full = maxScale + running - pending > max;
    return decision('accurate', full ? max - running : maxScale - pending, scaleTo);
  }
  if (strategy === 'eager') return decision('eager', Math.min(max - running - pending, maxScale), max);
  return decision('default', maxScale - running, scaleTo);
}

/** Undefined: no number, and the strategy falls back to default. */
function readPercentage(spec: ScaledJobSpec): number | undefined {
  try {
    return parseFloat64(spec.scalingStrategy?.customScalingRunningJobPercentage ?? '');
  } catch (error) {
    if (error instanceof GoTextError) return undefined;
    throw error;
  }
}

import type { HpaCondition } from './decision';
import { limitLegacy, limitMessages, limitWithBehavior } from './limits';
import type { HpaPlan } from './plan';
import { stabilizeLegacy, stabilizeWithBehavior } from './recommendations';
import type { HpaMemory } from './state';
import type { LimitTrace, StabilizationTrace } from './trace';

type Finding = Omit<HpaCondition, 'lastTransitionMs'>;

export interface Normalized {
  readonly memory: HpaMemory;
  readonly stabilization: StabilizationTrace;
  readonly limit: LimitTrace;
  /** AbleToScale and ScalingLimited. */
  readonly conditions: readonly Finding[];
}

/** From the wanted count to the one that may be set now: windows first, then policies, then min and max. */
export function normalize(
  plan: HpaPlan,
  memory: HpaMemory,
  current: number,
  wanted: number,
  nowMs: number,
): Normalized {
  const { spec, flags } = plan;
  const { behavior } = spec;
  const recommendations = memory.recommendations ?? [];
  // The flag as an int32 of seconds, whatever fraction it was given.
  const downWindow = Math.trunc(flags.downscaleStabilisationSeconds);
  const stabilized =
    behavior === null
      ? stabilizeLegacy(recommendations, wanted, nowMs, flags.downscaleStabilisationSeconds)
      : stabilizeWithBehavior(
          recommendations,
          wanted,
          current,
          nowMs,
          behavior,
          behavior.scaleDown.stabilizationWindowSeconds ?? downWindow,
        );
  const stable = stabilized.trace.to;
  const limit =
    behavior === null
      ? limitLegacy(stable, current, spec)
      : limitWithBehavior(stable, current, spec, memory, behavior, nowMs);
  return {
    memory: { ...memory, recommendations: stabilized.recommendations },
    stabilization: stabilized.trace,
    limit,
    conditions: [
      stable === wanted
        ? readyForNewScale
        : behavior !== null && wanted >= current
          ? upStabilized
          : downStabilized,
      {
        type: 'ScalingLimited',
        status: limit.result === stable ? 'False' : 'True',
        reason: limit.reason,
        message: limitMessages[limit.reason],
      },
    ],
  };
}

const readyForNewScale: Finding = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
};
const upStabilized: Finding = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const downStabilized: Finding = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};

import { parseQuantity, toNumber } from '../quantity/quantity';
import type { ControllerFlags } from './controller-flags';
import type { HpaProfile } from './profile';
import type { EffectiveBehavior } from './spec';

/** Ratios: 0.1 holds a usage between 90 % and 110 % of the target. */
export interface Tolerances {
  readonly down: number;
  readonly up: number;
  readonly comparison: 'distance' | 'bounds';
}

/** The tolerances that count: the flag, or `behavior`'s own where the version or the gate allows them. */
export function tolerancesOf(
  behavior: EffectiveBehavior | null,
  flags: ControllerFlags,
  profile: HpaProfile,
): Tolerances {
  const configurable =
    profile.configurableTolerance || flags.featureGates?.includes('HPAConfigurableTolerance') === true;
  const own = configurable ? behavior : null;
  return {
    down: toleranceOf(own?.scaleDown.tolerance, flags.tolerance),
    up: toleranceOf(own?.scaleUp.tolerance, flags.tolerance),
    comparison: profile.toleranceComparison,
  };
}

function toleranceOf(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : toNumber(parseQuantity(text));
}

export function isWithin({ down, up, comparison }: Tolerances, ratio: number): boolean {
  if (comparison === 'distance') return Math.abs(1 - ratio) <= (ratio < 1 ? down : up);
  return 1 - down <= ratio && ratio <= 1 + up;
}

/** A random number in [0, 1). Injected, so that tests are seeded. */
export type Random = () => number;

export interface BackoffOptions {
  /** Ceiling of the first wait. */
  readonly base: number;
  /** Ceiling of every wait. */
  readonly cap: number;
}

/**
 * Full jitter: uniform between 0 and `min(cap, base * 2^(attempt - 1))`, so that failures of one moment do not come back as one.
 * `attempt` counts from 1. The unit is that of `base` and `cap`.
 */
export function fullJitter(attempt: number, { base, cap }: BackoffOptions, random: Random): number {
  return random() * ceiling(attempt, base, cap);
}

/** The same in whole seconds, both ends included: what a visibility timeout takes. */
export function fullJitterSeconds(attempt: number, { base, cap }: BackoffOptions, random: Random): number {
  return Math.floor(random() * (Math.floor(ceiling(attempt, base, cap)) + 1));
}

function ceiling(attempt: number, base: number, cap: number): number {
  return Math.min(cap, base * 2 ** Math.min(Math.max(0, attempt - 1), 30));
}

import type { TimedLine } from '@scalelab/recording';
import { replayDecisions } from '@scalelab/simulation';

/** Replica counts after each recorded decision within a stretch of time, decided again by the core from what was recorded as its input. */
export function rederive(lines: readonly TimedLine[], fromT: number, toT: number): number[] {
  return replayDecisions(lines)
    .filter(({ t }) => t >= fromT && t <= toT)
    .map(({ again }) => again);
}

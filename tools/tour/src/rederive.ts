import type { HeaderLine, TimedLine } from '@scalelab/recording';
import { replayRecording } from '@scalelab/simulation';

/** Replica counts after each decision within a stretch of time, decided again by the core from what was recorded as its input. */
export function rederive(
  header: HeaderLine,
  lines: readonly TimedLine[],
  fromT: number,
  toT: number,
): number[] {
  return replayRecording({ header, lines })
    .filter(({ t, kind }) => t >= fromT && t <= toT && kind !== 'metricRequest')
    .map(({ again }) => again);
}

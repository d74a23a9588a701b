import type { Disagreement } from '@scalelab/simulation';

/** Where a simulation and a recording first part, in one line. */
export function differenceText({ t, outside, count, band }: Disagreement): string {
  const other = outside === 'simulated' ? 'recorded' : 'simulated';
  const [low, high] = band;
  const had = count >= low && count <= high ? `${low} to ${high} but never ${count}` : `${low} to ${high}`;
  return `at ${t} s: ${outside} ${count} replicas, ${other} ${had} around that time`;
}

import type { LoadLine } from '@scalelab/recording';
import type { LoadPoint, LoadTrace } from '../load/load-trace';

/**
 * The loads of a recording as arrivals a second: a `count` arrives within a second, a `rate` goes on until the same workload's
 * next load. "N ms" in a description is what each item takes.
 *
 * @param workload whose items they become; what others' loads ask for has been done when they arrive
 * @param overheadSeconds that each item takes beside what it asks for
 */
export function labLoad(
  lines: readonly LoadLine[],
  workload: string,
  seconds: number,
  overheadSeconds: number,
): LoadTrace {
  const rates = new Float64Array(Math.ceil(seconds) + 1);
  const service: LoadPoint[] = [];
  for (const [i, line] of lines.entries()) {
    const from = Math.ceil(line.t);
    const next = lines.slice(i + 1).find(({ workload }) => workload.name === line.workload.name);
    const to = line.count === undefined ? Math.ceil(next?.t ?? seconds) : from + 1;
    for (let t = from; t < Math.min(to, rates.length); t++)
      rates[t] = (rates[t] ?? 0) + (line.count ?? line.rate ?? 0);
    const asked = line.workload.name === workload ? serviceSeconds(line.description) : 0;
    if (asked !== undefined) service.push([from, asked + overheadSeconds]);
  }
  const points = [...rates].flatMap((rate, t): LoadPoint[] => (rates[t - 1] === rate ? [] : [[t, rate]]));
  return { points, seconds, ...(service.length > 0 ? { service } : {}) };
}

/** What each item of a load is said to take. */
function serviceSeconds(description: string): number | undefined {
  const ms = /(\d+(?:\.\d+)?) ms\b/.exec(description)?.[1];
  return ms === undefined ? undefined : Number(ms) / 1_000;
}

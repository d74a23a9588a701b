import {
  isDecision as isDecisionLine,
  type Recording,
  type TimedLine,
  type WorkloadRef,
} from '@scalelab/recording';
import type { LoadPoint, LoadTrace } from '../load/load-trace';

/** What a recording tells of one workload: enough to put another autoscaler in its place. */
export interface RecordedRun {
  readonly workload: WorkloadRef;
  /** What each trigger was told, as recorded. */
  readonly signals: readonly LoadTrace[];
  /** Every change of spec.replicas; the first is the count at the start. */
  readonly replicas: readonly (readonly [seconds: number, replicas: number])[];
  readonly seconds: number;
}

/** The runs of all workloads that something decided about. */
export function recordedRun({ lines }: Recording): readonly RecordedRun[] {
  const byWorkload = new Map<string, TimedLine[]>();
  for (const line of lines) {
    if (!('workload' in line) || line.workload === undefined) continue;
    const key = `${line.workload.namespace}/${line.workload.name}`;
    const own = byWorkload.get(key);
    if (own) own.push(line);
    else byWorkload.set(key, [line]);
  }
  return [...byWorkload.values()].flatMap((own) => {
    const first = own.find(isDecisionLine);
    return first
      ? [
          {
            workload: first.workload,
            signals: signalsOf(own),
            replicas: replicasOf(own),
            seconds: own.at(-1)?.t ?? 0,
          },
        ]
      : [];
  });
}

/** Values by trigger out of polls and requests; of an HPA alone, its samples. */
function signalsOf(lines: readonly TimedLine[]): readonly LoadTrace[] {
  const points: LoadPoint[][] = [];
  for (const line of lines) {
    if (line.kind !== 'kedaPoll' && line.kind !== 'metricRequest') continue;
    for (const { index, valueMilli, error } of line.decision.trace.triggers ?? []) {
      const value = error !== undefined || valueMilli === undefined ? null : Number(valueMilli) / 1_000;
      (points[index] ??= []).push([line.t, value]);
    }
  }
  if (points.length === 0)
    points.push(lines.flatMap((line): LoadPoint[] => (line.kind === 'sample' ? [[line.t, line.value]] : [])));
  return Array.from(points, (list = []) => ({ points: list, seconds: list.at(-1)?.[0] ?? 0 }));
}

function replicasOf(lines: readonly TimedLine[]): RecordedRun['replicas'] {
  const changes: (readonly [number, number])[] = [];
  for (const line of lines) {
    if (!isDecisionLine(line)) continue;
    if (changes.length === 0) changes.push([0, line.from]);
    else if (changes.at(-1)?.[1] !== line.from) changes.push([line.t, line.from]);
    if (line.to !== line.from) changes.push([line.t, line.to]);
  }
  return changes;
}

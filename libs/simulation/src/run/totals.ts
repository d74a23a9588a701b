import type { World } from './world';

/** What a run cost and what it was good for. */
export interface Totals {
  /** Replicas times seconds, from creation to removal. */
  readonly podSeconds: number;
  readonly secondsAtMax: number;
  readonly peakReplicas: number;
  /** Changes back within 300 s. */
  readonly flaps: number;
  /** Times that replicas went up from 0. */
  readonly coldStarts: number;
  readonly hpaSyncs: number;
  readonly kedaPolls: number;
  /** Null where there is no workload model. */
  readonly work: WorkTotals | null;
}

export interface WorkTotals {
  readonly arrived: number;
  readonly done: number;
  /** Items waiting or under way, over time. */
  readonly backlog: { readonly p50: number; readonly p95: number; readonly max: number };
  /** Seconds from arrival until work begins, over items; those never begun count with their age at the end. */
  readonly age: { readonly p50: number; readonly p95: number; readonly max: number };
  /** Seconds from when most items waited until none did; null: that never came. */
  readonly drainSeconds: number | null;
}

const round = (value: number): number => Math.round(value * 10) / 10;

export function totalsOf({ history, counts, source }: World, seconds: number): Totals {
  const { queue } = source;
  return {
    podSeconds: round(history.podSeconds),
    secondsAtMax: round(Math.min(seconds, history.secondsAtMax)),
    peakReplicas: history.peak,
    flaps: history.flaps,
    coldStarts: history.coldStarts,
    hpaSyncs: counts.hpaSyncs,
    kedaPolls: counts.kedaPolls,
    work: queue && {
      arrived: queue.arrived,
      done: queue.done,
      backlog: {
        p50: queue.backlogs.quantile(0.5),
        p95: queue.backlogs.quantile(0.95),
        max: queue.backlogs.max,
      },
      age: { p50: queue.waits.quantile(0.5), p95: queue.waits.quantile(0.95), max: round(queue.waits.max) },
      drainSeconds: queue.drainSeconds === null ? null : round(queue.drainSeconds),
    },
  };
}

import type { DecisionLine, MetricRequestLine, WorkloadRef } from '@scalelab/recording';

/** A recorded decision, decided again from what was recorded as its input. */
export interface ReplayedDecision {
  /** Seconds since the recording's start. */
  readonly t: number;
  readonly kind: (DecisionLine | MetricRequestLine)['kind'];
  readonly workload: WorkloadRef;
  /** Replicas after the decision, as recorded. */
  readonly recorded: number;
  /** Replicas after the decision, decided again. */
  readonly again: number;
  /** Everything that the decision says is the same, not only the count. */
  readonly same: boolean;
}

import type { Int64 } from '../quantity/int64';
import type { CurrentMetric } from './decision';
import type { MetricTrace } from './trace';

/** What a metric's arithmetic found out, whatever its type. */
export interface Proposal {
  readonly proposal: number;
  readonly outcome: 'held' | 'computed' | 'reversed';
  readonly value: Int64;
  readonly ratio: number;
  readonly paddedRatio?: number;
  readonly base: number;
  readonly pods?: NonNullable<MetricTrace['pods']>;
}

/** A metric that gave no count. `detail` is the text of the condition and the event; `error` adds the outer words. */
export class MetricFailure {
  constructor(
    readonly detail: string,
    readonly error: string = detail,
  ) {}
}

export interface MetricSuccess {
  readonly proposal: number;
  readonly current: CurrentMetric;
  readonly trace: MetricTrace;
}

import type { Choice, Totals } from '@scalelab/simulation';

/** One configuration of a sweep and what came of it. */
export interface SweepRow {
  readonly choice: Choice;
  readonly totals: Totals;
  /** No other configuration is cheaper and at least as quick. */
  readonly onFront: boolean;
  readonly holds: boolean;
}

export const delayOf = ({ totals }: { readonly totals: Totals }): number => totals.work?.age.p95 ?? 0;
export const costOf = ({ totals }: { readonly totals: Totals }): number => totals.podSeconds;

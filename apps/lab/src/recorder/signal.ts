import type { HpaDecision, HpaInput, KedaDecision } from '@scalelab/scaling';
import { parseMilli } from '@scalelab/scaling';

/** The signal as one number, summed over all replicas; percent of the request for CPU and memory. Null: it could not be read. */
export function hpaSignal(input: HpaInput, decision: HpaDecision): number | null {
  const [first] = Object.values(input.externalMetrics ?? {});
  if (first && first.length > 0)
    return first.reduce((sum, quantity) => sum + Number(parseMilli(quantity)), 0) / 1_000;
  const resource = decision.currentMetrics.find(({ averageUtilization }) => averageUtilization !== undefined);
  return resource?.averageUtilization ?? null;
}

/** Undefined: this step looked at no trigger, so that the last value stands. */
export function kedaSignal(decision: KedaDecision): number | null | undefined {
  if (decision.kind !== 'poll') return undefined;
  const [first] = decision.metrics;
  if (first) return Number(first.valueMilli) / 1_000;
  return decision.isError ? null : undefined;
}

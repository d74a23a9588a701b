import { extrapolatedChange, lastChange, type RangeSamples, type Semantics } from './extrapolation';
import { kahanSum } from './kahan-sum';
import { quantileOf } from './quantile';

type OverTime = (range: RangeSamples, semantics: Semantics, parameter: number) => number | undefined;

function variance({ values }: RangeSamples): number {
  const mean = kahanSum(values) / values.length;
  return kahanSum(values.map((v) => (v - mean) ** 2)) / values.length;
}

function countWhere(
  values: readonly number[],
  differs: (previous: number, value: number) => boolean,
): number {
  let count = 0;
  for (let i = 1; i < values.length; i++) if (differs(values[i - 1] ?? 0, values[i] ?? 0)) count++;
  return count;
}

/** NaN loses against every number. */
function extreme(values: readonly number[], better: (a: number, b: number) => boolean): number {
  let best = values[0] ?? Number.NaN;
  for (const value of values) if (better(value, best) || Number.isNaN(best)) best = value;
  return best;
}

/** Functions of the samples of one series in a range; called with at least one sample. */
export const overTime: Readonly<Record<string, OverTime>> = {
  rate: (range, semantics) => extrapolatedChange(range, { counter: true, perSecond: true, semantics }),
  increase: (range, semantics) => extrapolatedChange(range, { counter: true, perSecond: false, semantics }),
  delta: (range, semantics) => extrapolatedChange(range, { counter: false, perSecond: false, semantics }),
  irate: (range) => lastChange(range, true),
  idelta: (range) => lastChange(range, false),
  changes: ({ values }) => countWhere(values, (a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b))),
  resets: ({ values }) => countWhere(values, (a, b) => b < a),
  avg_over_time: ({ values }) => kahanSum(values) / values.length,
  count_over_time: ({ values }) => values.length,
  last_over_time: ({ values }) => values[values.length - 1],
  max_over_time: ({ values }) => extreme(values, (a, b) => a > b),
  min_over_time: ({ values }) => extreme(values, (a, b) => a < b),
  present_over_time: () => 1,
  quantile_over_time: ({ values }, _semantics, parameter) => quantileOf(parameter, values),
  stddev_over_time: (range) => Math.sqrt(variance(range)),
  stdvar_over_time: variance,
  sum_over_time: ({ values }) => kahanSum(values),
};

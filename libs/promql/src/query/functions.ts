import type { ValueType } from './expression';

export interface FunctionShape {
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
}

const overTime: FunctionShape = { args: ['matrix'], returns: 'vector' };
const perElement: FunctionShape = { args: ['vector'], returns: 'vector' };

/** The functions that exist here; every other one of PromQL is refused by name. */
export const functions: Readonly<Record<string, FunctionShape>> = {
  rate: overTime,
  increase: overTime,
  irate: overTime,
  delta: overTime,
  idelta: overTime,
  changes: overTime,
  resets: overTime,
  avg_over_time: overTime,
  count_over_time: overTime,
  last_over_time: overTime,
  max_over_time: overTime,
  min_over_time: overTime,
  present_over_time: overTime,
  stddev_over_time: overTime,
  stdvar_over_time: overTime,
  sum_over_time: overTime,
  quantile_over_time: { args: ['scalar', 'matrix'], returns: 'vector' },
  abs: perElement,
  ceil: perElement,
  floor: perElement,
  clamp_max: { args: ['vector', 'scalar'], returns: 'vector' },
  clamp_min: { args: ['vector', 'scalar'], returns: 'vector' },
  histogram_quantile: { args: ['scalar', 'vector'], returns: 'vector' },
  scalar: { args: ['vector'], returns: 'scalar' },
  vector: { args: ['scalar'], returns: 'vector' },
  time: { args: [], returns: 'scalar' },
};

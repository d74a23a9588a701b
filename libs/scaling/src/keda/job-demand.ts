import { parseQuantity, toNumber } from '../quantity/quantity';
import { type ExternalMetricValue, type TriggerMetricSpec } from '../trigger/metric-spec';
import { milliToFloat, type Milli, truncateToInt64 } from '../trigger/milli';
import { maxJobs, minJobs, type ScaledJobSpec } from './scaled-job';

/** What one metric of one trigger asks for. */
export interface TriggerDemand {
  readonly queueLength: number;
  /** Jobs for that queue, at most the maximum. */
  readonly maxValue: number;
  readonly isActive: boolean;
}

export interface JobDemand {
  readonly isActive: boolean;
  /** Queue length, rounded up: the Jobs to create if nothing else limits them. */
  readonly scaleTo: number;
  /** Jobs the queue is worth at the triggers' targets, rounded up. */
  readonly maxScale: number;
}

/** Average of the triggers' AverageValue targets; a Value target counts as 0. */
function averageTarget(specs: readonly TriggerMetricSpec[]): number {
  const targets = specs.map(({ external }) => {
    const text = external?.target.averageValue;
    return text === undefined ? 0 : toNumber(parseQuantity(text, 'target'));
  });
  return targets.length === 0 ? 0 : targets.reduce((sum, target) => sum + target, 0) / targets.length;
}

/** Demand of one trigger; only values of its first metric count. */
export function triggerDemand(
  metrics: readonly ExternalMetricValue[],
  specs: readonly TriggerMetricSpec[],
  isActive: boolean,
  spec: ScaledJobSpec,
): TriggerDemand {
  const name = specs[0]?.external?.metric.name;
  const queueLength = metrics
    .filter((metric) => metric.name === name)
    .reduce((sum, { valueMilli }) => sum + milliToFloat(valueMilli), 0);
  const target = averageTarget(specs);
  return {
    queueLength,
    maxValue: target === 0 ? 0 : Math.min(queueLength / target, maxJobs(spec)),
    isActive,
  };
}

const wholeUp = (value: number): number => numberOf(truncateToInt64(Math.ceil(value)));
const numberOf = (value: Milli): number => Number(value);

/** Demand of all triggers together: the largest queue of an active one, or as multipleScalersCalculation says. */
export function combineDemands(demands: readonly TriggerDemand[], spec: ScaledJobSpec): JobDemand {
  const { queueLength, maxValue } = combined(demands, spec.scalingStrategy?.multipleScalersCalculation ?? '');
  const chosen = demands.filter((demand) => demand.isActive);
  const isActive = activeBy(chosen, spec) || minJobs(spec) > 0;
  return { isActive, scaleTo: wholeUp(queueLength), maxScale: wholeUp(Math.min(maxValue, maxJobs(spec))) };
}

/** With max an active trigger counts only if its queue is above 0. */
function activeBy(active: readonly TriggerDemand[], spec: ScaledJobSpec): boolean {
  const rule = spec.scalingStrategy?.multipleScalersCalculation ?? '';
  if (['min', 'avg', 'sum'].includes(rule)) return active.length > 0;
  return active.some((demand) => demand.queueLength > 0);
}

function combined(
  demands: readonly TriggerDemand[],
  rule: string,
): Pick<TriggerDemand, 'queueLength' | 'maxValue'> {
  const active = demands.filter((demand) => demand.isActive);
  const sum = (field: 'queueLength' | 'maxValue'): number =>
    active.reduce((total, demand) => total + demand[field], 0);
  if (rule === 'sum') return { queueLength: sum('queueLength'), maxValue: sum('maxValue') };
  if (rule === 'avg') {
    const count = Math.max(1, active.length);
    return { queueLength: sum('queueLength') / count, maxValue: sum('maxValue') / count };
  }
  let chosen = { queueLength: 0, maxValue: 0 };
  for (const demand of active) {
    const smaller = chosen.queueLength === 0 || demand.queueLength < chosen.queueLength;
    if (rule === 'min' ? smaller : demand.queueLength > chosen.queueLength) chosen = demand;
  }
  return chosen;
}

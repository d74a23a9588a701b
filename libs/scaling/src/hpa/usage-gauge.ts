import { addInt64, divideInt64, multiplyInt64, type Int64 } from '../quantity/int64';
import { narrowToInt32 } from './go-conversion';

export interface Usage {
  /** Usage over target. */
  readonly ratio: number;
  /** What the ratio was made of: percent for Utilization, otherwise the average. */
  readonly value: Int64;
  /** Average per pod in milli-units. */
  readonly average: Int64;
}

/** Holds the usage of pods against the target. Values are in milli-units, one a pod; undefined: not counted. */
export interface UsageGauge {
  /** undefined: the counted pods request nothing. */
  measure(values: readonly (Int64 | undefined)[]): Usage | undefined;
  /** What a pod without a sample is taken to use when the others want fewer replicas. */
  full(index: number): Int64;
}

/** Average per pod against a target average. */
export function averageGauge(target: Int64): UsageGauge {
  return {
    measure(values) {
      let total: Int64 = 0;
      let count = 0;
      for (const value of values) {
        if (value === undefined) continue;
        total = addInt64(total, value);
        count++;
      }
      const average = divideInt64(total, count);
      return { ratio: Number(average) / Number(target), value: average, average };
    },
    full: () => target,
  };
}

/** Percent of the requests, cut to a whole percent before it is compared with the target percentage. */
export function utilizationGauge(targetPercent: number, requests: readonly Int64[]): UsageGauge {
  return {
    measure(values) {
      let used: Int64 = 0;
      let requested: Int64 = 0;
      let count = 0;
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value === undefined) continue;
        used = addInt64(used, value);
        requested = addInt64(requested, requests[i] as Int64);
        count++;
      }
      if (requested === 0) return undefined;
      const percent = narrowToInt32(divideInt64(multiplyInt64(used, 100), requested));
      return { ratio: percent / targetPercent, value: percent, average: divideInt64(used, count) };
    },
    // A target above 100 % would otherwise read a full pod as idle.
    full: (index) => divideInt64(multiplyInt64(requests[index] as Int64, Math.max(100, targetPercent)), 100),
  };
}

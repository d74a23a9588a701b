import { type Int64, minInt64, wrapInt64 } from '../quantity/int64';

/**
 * A metric value in thousandths: a plain number as long as it is exact, a bigint beyond 2^53, since quantities are int64.
 */
export type Milli = Int64;

const two63 = 2 ** 63;

/** int64(x) of Go on amd64: toward zero; what does not fit (NaN, infinities, too large) gives the smallest int64. */
export function truncateToInt64(x: number): Milli {
  const whole = Math.trunc(x);
  // `+ 0` turns -0 into 0.
  if (Number.isSafeInteger(whole)) return whole + 0;
  return x >= -two63 && x < two63 ? wrapInt64(BigInt(whole)) : minInt64;
}

/** A value as KEDA hands it to the HPA: cut off (not rounded) after three decimals, so 1.005 is 1.004. */
export const toMilli = (value: number): Milli => truncateToInt64(value * 1000);

/** The approximate float of a milli quantity, with Kubernetes' own rounding: multiplied by 0.001, not divided by 1000. */
export const milliToFloat = (milli: Milli): number => Number(milli) * 0.001;

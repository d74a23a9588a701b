/**
 * A metric value in thousandths. A plain number as long as it is exact (up to 2^53), a bigint beyond, since
 * Kubernetes quantities are int64.
 */
export type Milli = number | bigint;

const minInt64 = -(2n ** 63n);
const two63 = 2 ** 63;

/** int64(x) of Go on amd64: toward zero; what does not fit (NaN, infinities, too large) gives the smallest int64. */
export function truncateToInt64(x: number): Milli {
  if (Number.isSafeInteger(Math.trunc(x))) return Math.trunc(x) + 0;
  return x >= -two63 && x < two63 ? BigInt(Math.trunc(x)) : minInt64;
}

/** A value as KEDA hands it to the HPA: cut off (not rounded) after three decimals, so 1.005 is 1.004. */
export const toMilli = (value: number): Milli => truncateToInt64(value * 1000);

/** The approximate float of a milli quantity, with the same rounding: multiplied by 0.001, not divided by 1000. */
export const milliToFloat = (milli: Milli): number => Number(milli) * 0.001;

/** The narrowest form of an integer: a number while exact. */
export const asMilli = (value: bigint): Milli =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;

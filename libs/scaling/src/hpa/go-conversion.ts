import { minInt64, wrapInt64, type Int64 } from '../quantity/int64';

const minInt32 = -2147483648;
const two63 = 2 ** 63;

/**
 * Go's conversion of a double to int32 on amd64. What does not fit (NaN, infinities, too large) is left to the processor,
 * whose answer is the smallest int32: an overflowing proposal scales down.
 */
export function toInt32(x: number): number {
  const whole = Math.trunc(x);
  return whole >= minInt32 && whole <= 2147483647 ? whole + 0 : minInt32;
}

/** The same for int64. */
export function toInt64(x: number): Int64 {
  if (!(x >= -two63 && x < two63)) return minInt64;
  const whole = Math.trunc(x);
  return Number.isSafeInteger(whole) ? whole + 0 : wrapInt64(BigInt(whole));
}

/** The low 32 bits of an int64, as Go narrows it. */
export function narrowToInt32(x: Int64): number {
  return typeof x === 'number' && x >= minInt32 && x <= 2147483647 ? x : Number(BigInt.asIntN(32, BigInt(x)));
}

/** Sums and differences of int32 values wrap. */
export function addInt32(a: number, b: number): number {
  return (a + b) | 0;
}

/**
 * A 64-bit signed integer as Go has it: a plain number while it is a safe integer, a BigInt beyond. Every function here
 * gives numbers back where they fit, so the common case never allocates.
 */
export type Int64 = number | bigint;

export const maxInt64 = 2n ** 63n - 1n;
export const minInt64 = -(2n ** 63n);

/** The value modulo 2^64, as Go's overflow leaves it. */
export function wrapInt64(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= -9007199254740991n && wrapped <= 9007199254740991n ? Number(wrapped) : wrapped;
}

export function addInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return wrapInt64(BigInt(a) + BigInt(b));
}

export function multiplyInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    // `+ 0` turns -0 into 0.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return wrapInt64(BigInt(a) * BigInt(b));
}

/** Division that drops the fraction. `b` must not be 0. */
export function divideInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0;
  return wrapInt64(BigInt(a) / BigInt(b));
}

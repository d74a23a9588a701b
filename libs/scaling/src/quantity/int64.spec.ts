import fc from 'fast-check';
import { addInt64, divideInt64, maxInt64, minInt64, multiplyInt64, wrapInt64, type Int64 } from './int64';

const int64 = fc
  .oneof(
    fc.maxSafeInteger(),
    fc.integer(),
    fc.bigInt({ min: minInt64, max: maxInt64 }),
    fc.constantFrom<Int64>(0, 1, -1, maxInt64, minInt64, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  )
  .map((x) => wrapInt64(BigInt(x)));

const exact = (x: bigint) => BigInt.asIntN(64, x);

/** A number where it is safe, a BigInt beyond, and never -0. */
function isNormal(x: Int64): boolean {
  return typeof x === 'number'
    ? Number.isSafeInteger(x) && !Object.is(x, -0)
    : !Number.isSafeInteger(Number(x));
}

describe('64-bit integers', () => {
  it.each([
    ['add', addInt64, (a: bigint, b: bigint) => exact(a + b)],
    ['multiply', multiplyInt64, (a: bigint, b: bigint) => exact(a * b)],
    ['divide', divideInt64, (a: bigint, b: bigint) => exact(a / b)],
  ] as const)('%s like Go: exact, wrapping, dropping fractions', (name, operation, reference) => {
    fc.assert(
      fc.property(int64, int64, (a, b) => {
        fc.pre(name !== 'divide' || BigInt(b) !== 0n);
        const result = operation(a, b);
        expect(BigInt(result)).toBe(reference(BigInt(a), BigInt(b)));
        expect(isNormal(result)).toBe(true);
      }),
      { seed: 20260101, numRuns: 2000 },
    );
  });

  it('wraps past both ends', () => {
    expect(addInt64(maxInt64, 1)).toBe(minInt64);
    expect(addInt64(minInt64, -1)).toBe(maxInt64);
    expect(addInt64(maxInt64, -maxInt64)).toBe(0);
    expect(multiplyInt64(4611686018427387904n, 2)).toBe(minInt64);
    expect(multiplyInt64(3, -0)).toBe(0);
    expect(divideInt64(-7, 2)).toBe(-3);
    expect(divideInt64(-1, 2)).toBe(0);
    expect(divideInt64(minInt64, -1)).toBe(minInt64);
  });

  it('makes no BigInt for numbers whose result is a safe integer', () => {
    const bigInt = globalThis.BigInt;
    const used: unknown[] = [];
    globalThis.BigInt = Object.assign(
      (value: number) => {
        used.push(value);
        return bigInt(value);
      },
      { asIntN: bigInt.asIntN, asUintN: bigInt.asUintN },
    ) as unknown as typeof bigInt;
    try {
      expect(addInt64(Number.MAX_SAFE_INTEGER - 1, 1)).toBe(Number.MAX_SAFE_INTEGER);
      expect(multiplyInt64(-7, 6)).toBe(-42);
      expect(divideInt64(-43, 6)).toBe(-7);
      expect(used).toEqual([]);
      expect(addInt64(Number.MAX_SAFE_INTEGER, 1)).toBe(9007199254740992n);
      expect(used).not.toEqual([]);
    } finally {
      globalThis.BigInt = bigInt;
    }
  });
});

import { addInt32, narrowToInt32, toInt32, toInt64 } from './go-conversion';

const min32 = -2147483648;
const min64 = -9223372036854775808n;

describe('conversions of Go on amd64', () => {
  it.each([
    [0, 0],
    [-0, 0],
    [1.9, 1],
    [-1.9, -1],
    [-0.5, 0],
    [2147483647, 2147483647],
    [2147483647.9, 2147483647],
    [2147483648, min32],
    [-2147483648, min32],
    [-2147483648.5, min32],
    [-2147483649, min32],
    [5e9, min32],
    [Infinity, min32],
    [-Infinity, min32],
    [NaN, min32],
  ])('int32(%p) is %p', (x, expected) => {
    expect(toInt32(x)).toBe(expected);
  });

  it.each([
    [0, 0],
    [-0.5, 0],
    [12.9, 12],
    [-12.9, -12],
    [2 ** 53, 9007199254740992n],
    [-(2 ** 62), -4611686018427387904n],
    [2 ** 63, min64],
    [-(2 ** 63), min64],
    [-(2 ** 64), min64],
    [Infinity, min64],
    [NaN, min64],
  ])('int64(%p) is %p', (x, expected) => {
    expect(toInt64(x)).toBe(expected);
  });

  it.each([
    [5, 5],
    [-5, -5],
    [2147483648, min32],
    [4294967297, 1],
    [-2147483649, 2147483647],
    [2n ** 60n + 7n, 7],
  ])('int32(int64 %p) is %p', (x, expected) => {
    expect(narrowToInt32(x)).toBe(expected);
  });

  it('wraps sums of int32', () => {
    expect(addInt32(2147483647, 1)).toBe(min32);
    expect(addInt32(-2147483648, -1)).toBe(2147483647);
    expect(addInt32(3, -5)).toBe(-2);
  });
});

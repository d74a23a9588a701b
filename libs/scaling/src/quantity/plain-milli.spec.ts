import { assert, constantFrom, integer, property, string, tuple } from 'fast-check';
import { toMilli } from './milli';
import { plainMilli } from './plain-milli';
import { parseQuantity } from './quantity';

const seed = 20260703;

describe('quantities of every day, read without an allocation', () => {
  it.each([
    ['0', 0],
    ['9', 9_000],
    ['118', 118_000],
    ['500m', 500],
    ['0.5', 500],
    ['5.', 5_000],
    ['1.2345', 1_235],
    ['1.234', 1_234],
    ['12.5k', 12_500_000],
    ['7k', 7_000_000],
    ['3M', 3_000_000_000],
    ['2G', 2_000_000_000_000],
    ['1500u', 2],
    ['1500000u', 1_500],
    ['2000000n', 2],
    ['2000001n', 3],
    ['1n', 1],
    ['0n', 0],
    ['12Ki', 12_288_000],
    ['128Mi', 134_217_728_000],
    ['2Gi', 2_147_483_648_000],
    ['123456789012345m', 123_456_789_012_345],
    ['9007199254740', 9_007_199_254_740_000],
    ['123456789.01234', 123_456_789_013],
  ])('%s is %d milli-units', (text, milli) => {
    expect(plainMilli(text)).toBe(milli);
  });

  it.each([
    ['no digit', 'k'],
    ['no digit', 'Ki'],
    ['no digit before the point', '.5'],
    ['a sign', '-5'],
    ['a sign', '+5'],
    ['an exponent', '1e3'],
    ['an unknown letter', '5x'],
    ['an unknown letter', '5K'],
    ['a suffix that is no suffix', '5Kb'],
    ['a suffix that is no suffix', '5ki'],
    ['letters behind the suffix', '5Kii'],
    ['two points', '1.2.3'],
    ['a fraction with a binary suffix', '1.5Ki'],
    ['a character before 0', '1/2'],
    ['a character behind 9', '1:2'],
    ['a rare suffix', '5T'],
    ['a rare suffix', '5Ti'],
    ['sixteen digits', '1234567890123456'],
    ['sixteen characters', '1234567.89012345'],
    ['more than 2^53', '9007199254741'],
    ['more than 2^53', '9999999999999G'],
    ['more than 2^53', '99999999Gi'],
    ['nothing', ''],
  ])('%s is for the general way: %s', (_, text) => {
    expect(plainMilli(text)).toBeUndefined();
  });

  const digits = (maxLength: number) =>
    string({ unit: constantFrom(...'0123456789'), minLength: 1, maxLength });
  const suffix = constantFrom('', 'm', 'u', 'n', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'e3');

  it('give what the general way gives, or nothing', () => {
    const decimals = tuple(digits(17), constantFrom('', '.'), digits(6), suffix);
    assert(
      property(decimals, ([whole, point, fraction, ending]) => {
        const text = `${whole}${point}${point === '' ? '' : fraction}${ending}`;
        const milli = plainMilli(text);
        if (milli !== undefined) expect(milli).toBe(toMilli(parseQuantity(text)));
      }),
      { seed, numRuns: 2000 },
    );
  });

  it('are answered up to fifteen digits', () => {
    assert(
      property(integer({ min: 0, max: 9_007_199_254_740 }), constantFrom('', 'm'), (count, ending) => {
        expect(plainMilli(`${count}${ending}`)).toBe(ending === 'm' ? count : count * 1000);
      }),
      { seed, numRuns: 200 },
    );
  });
});

import fc from 'fast-check';
import { formatInstant, parseInstant } from './rfc3339';

describe('times of the API', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-11-21T23:08:41Z', 1_795_302_521_000],
    ['2026-11-21T23:08:41.250Z', 1_795_302_521_250],
    ['2026-11-22T01:08:41+02:00', 1_795_302_521_000],
    ['2026-11-21T18:08:41-05:00', 1_795_302_521_000],
    ['1969-12-31T23:59:59z', -1000],
  ])('%s is %d', (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });

  it.each(['', '2026-11-21', '2026-11-21T23:08:41', 'now'])('%j is no time', (text) => {
    expect(() => parseInstant(text)).toThrow(RangeError);
  });

  it('cuts fractions off', () => {
    expect(formatInstant(1_795_302_521_999)).toBe('2026-11-21T23:08:41Z');
  });

  it('agrees with the built-in calendar', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_000_000_000, max: 250_000_000_000 }), (seconds) => {
        const text = formatInstant(seconds * 1000);
        expect(text).toBe(new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));
        expect(parseInstant(text)).toBe(seconds * 1000);
      }),
    );
  });
});

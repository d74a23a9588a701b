import fc from 'fast-check';
import { TrailingSum } from './trailing-sum';

describe('a sum over the last seconds', () => {
  it('is that of all amounts of these seconds, whatever came before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 })), {
          maxLength: 80,
        }),
        fc.integer({ min: 1, max: 30 }),
        (steps, seconds) => {
          const sum = new TrailingSum(30);
          const all: [second: number, amount: number][] = [];
          let now = 1_700_000_000;
          for (const [wait, amount] of steps) {
            now += wait;
            sum.add(now * 1_000, amount);
            all.push([now, amount]);
          }
          const expected = all.reduce((total, [at, amount]) => total + (at > now - seconds ? amount : 0), 0);
          expect(sum.over(now * 1_000, seconds)).toBe(expected);
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });
});

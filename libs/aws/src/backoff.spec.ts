import { seededRandom } from '@scalelab/testing';
import { fullJitter, fullJitterSeconds } from './backoff';

describe('full jitter', () => {
  const options = { base: 100, cap: 1_000 };

  it('stays below a ceiling that doubles up to the cap', () => {
    const almostOne = () => 0.999999;
    const ceilings = [1, 2, 3, 4, 5, 50, 5_000].map((attempt) =>
      Math.ceil(fullJitter(attempt, options, almostOne)),
    );
    expect(ceilings).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it('spreads over the whole range', () => {
    const random = seededRandom(7);
    const waits = Array.from({ length: 2_000 }, () => fullJitter(3, options, () => random.next()));
    expect(Math.min(...waits)).toBeLessThan(20);
    expect(Math.max(...waits)).toBeGreaterThan(380);
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeCloseTo(200, -1);
  });

  it('gives whole seconds, both ends included', () => {
    const random = seededRandom(11);
    const seconds = Array.from({ length: 500 }, () =>
      fullJitterSeconds(2, { base: 1, cap: 300 }, () => random.next()),
    );
    expect(new Set(seconds)).toEqual(new Set([0, 1, 2]));
  });
});

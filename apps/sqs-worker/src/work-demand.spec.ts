import { seededRandom } from '@scalelab/testing';
import { demandOf, type WorkKnobs } from './work-demand';

const knobs: WorkKnobs = { workMs: 100, jitterMs: 50, failureRate: 0, fromMessage: true };
const half = () => 0.5;

describe('work demand', () => {
  it('is the configured time and jitter', () => {
    expect(demandOf({}, knobs, half)).toEqual({ workMs: 125, fails: false });
  });

  it('is overruled by the message, without jitter', () => {
    expect(demandOf({ work: { ms: 7 } }, knobs, half)).toEqual({ workMs: 7, fails: false });
  });

  it('ignores the message unless that is switched on', () => {
    const off = { ...knobs, fromMessage: false };
    expect(demandOf({ work: { ms: 7, poison: true } }, off, half)).toEqual({ workMs: 125, fails: false });
    expect(demandOf({ work: 'what a service may send' }, off, half)).toEqual({ workMs: 125, fails: false });
  });

  it('fails at the configured rate, or at that of the message', () => {
    const random = seededRandom(3);
    const rate = (body: object, failureRate: number) =>
      Array.from({ length: 2_000 }, () =>
        demandOf({ ...body }, { ...knobs, failureRate }, () => random.next()),
      ).filter(({ fails }) => fails).length / 2_000;
    expect(rate({}, 0)).toBe(0);
    expect(rate({}, 0.25)).toBeCloseTo(0.25, 1);
    expect(rate({ work: { fail: 0.75 } }, 0.25)).toBeCloseTo(0.75, 1);
    expect(rate({ work: { fail: 0 } }, 1)).toBe(0);
    expect(rate({ work: { poison: true } }, 0)).toBe(1);
  });

  it.each([
    [{ work: 3 }, 'work is a number, allowed: an object {ms, fail, poison}'],
    [{ work: { ms: -1 } }, 'work.ms is -1, allowed: a number from 0 to 3600000'],
    [{ work: { ms: '5' } }, 'work.ms is a string, allowed: a number from 0 to 3600000'],
    [{ work: { fail: 1.5 } }, 'work.fail is 1.5, allowed: a number from 0 to 1'],
    [{ work: { poison: 'yes' } }, 'work.poison is a string, allowed: true or false'],
  ])('refuses %j', (body, message) => {
    expect(() => demandOf(body, knobs, half)).toThrow(new TypeError(message));
  });
});

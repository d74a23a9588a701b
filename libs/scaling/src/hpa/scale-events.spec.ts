import { defaultBehavior } from './defaults';
import { changeWithin, rememberScale } from './scale-events';
import { emptyMemory, type ScaleEvent } from './state';

const now = 1_000_000;
const ago = (seconds: number, change: number, outdated = false): ScaleEvent => ({
  change,
  atMs: now - seconds * 1000,
  outdated,
});
const rules = defaultBehavior({
  scaleUp: {
    policies: [
      { type: 'Pods', value: 1, periodSeconds: 60 },
      { type: 'Pods', value: 1, periodSeconds: 30 },
    ],
  },
});

describe('scale events', () => {
  it('sums what is younger than the period; outdated marks do not matter', () => {
    const events = [ago(60, 1), ago(59.999, 2), ago(10, 4, true)];
    expect(changeWithin(events, 60, now)).toBe(6);
    expect(changeWithin(events, 61, now)).toBe(7);
    expect(changeWithin([], 60, now)).toBe(0);
  });

  it('stores a step up and a step down apart, as positive numbers', () => {
    expect(rememberScale(emptyMemory, rules, 2, 5, now)).toEqual({
      ...emptyMemory,
      scaleUpEvents: [ago(0, 3)],
    });
    expect(rememberScale(emptyMemory, rules, 5, 2, now)).toEqual({
      ...emptyMemory,
      scaleDownEvents: [ago(0, 3)],
    });
  });

  it('stores nothing without a behavior', () => {
    expect(rememberScale(emptyMemory, null, 2, 5, now)).toBe(emptyMemory);
  });

  it('marks events older than the longest period and reuses the last marked slot', () => {
    const memory = { ...emptyMemory, scaleUpEvents: [ago(90, 1), ago(61, 2), ago(60, 3)] };
    expect(rememberScale(memory, rules, 1, 2, now).scaleUpEvents).toEqual([
      ago(90, 1, true),
      ago(0, 1),
      ago(60, 3),
    ]);
    expect(memory.scaleUpEvents[0]).toEqual(ago(90, 1));
  });

  it('keeps a mark even where the period would now be long enough', () => {
    const memory = { ...emptyMemory, scaleUpEvents: [ago(20, 1, true)] };
    expect(rememberScale(memory, rules, 1, 2, now).scaleUpEvents).toEqual([ago(0, 1)]);
  });
});

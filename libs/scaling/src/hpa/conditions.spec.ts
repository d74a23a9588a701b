import { sameConditions, setCondition } from './conditions';
import type { HpaCondition } from './decision';

const ready: HpaCondition = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'Ready',
  message: 'm',
  lastTransitionMs: 5,
};
const active: HpaCondition = {
  type: 'ScalingActive',
  status: 'False',
  reason: 'Off',
  message: 'n',
  lastTransitionMs: 6,
};

describe('conditions', () => {
  it('appends a new type', () => {
    const { lastTransitionMs: _, ...rest } = active;
    expect(setCondition([ready], rest, 9)).toEqual([ready, { ...active, lastTransitionMs: 9 }]);
  });

  it('replaces in place, and moves the transition only with the status', () => {
    const list = [ready, active];
    expect(setCondition(list, { ...ready, reason: 'Other' }, 9)).toEqual([
      { ...ready, reason: 'Other' },
      active,
    ]);
    expect(setCondition(list, { ...ready, status: 'False' }, 9)).toEqual([
      { ...ready, status: 'False', lastTransitionMs: 9 },
      active,
    ]);
    expect(list).toEqual([ready, active]);
  });

  it.each<[Partial<HpaCondition>, boolean]>([
    [{}, true],
    [{ type: 'ScalingLimited' }, false],
    [{ status: 'False' }, false],
    [{ reason: 'x' }, false],
    [{ message: 'x' }, false],
    [{ lastTransitionMs: 1 }, false],
  ])('compares by value: %j same %p', (difference, same) => {
    expect(sameConditions([ready, active], [{ ...ready, ...difference }, { ...active }])).toBe(same);
  });

  it('tells lists of different lengths apart', () => {
    expect(sameConditions([ready], [ready, active])).toBe(false);
    expect(sameConditions([ready, active], [ready])).toBe(false);
  });
});

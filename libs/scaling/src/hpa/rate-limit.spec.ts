import { defaultBehavior } from './defaults';
import { legacyScaleUpLimit, scaleDownLimit, scaleUpLimit } from './rate-limit';
import type { ScalingPolicy, SelectPolicy } from './spec';
import { emptyMemory } from './state';

const now = 1_000_000;
const pods = (value: number, periodSeconds = 15): ScalingPolicy => ({ type: 'Pods', value, periodSeconds });
const percent = (value: number, periodSeconds = 15): ScalingPolicy => ({
  type: 'Percent',
  value,
  periodSeconds,
});
const rulesOf = (policies: readonly ScalingPolicy[], selectPolicy: SelectPolicy) => {
  const filled = defaultBehavior({ scaleUp: { policies, selectPolicy } });
  if (filled === null) throw new Error('no behavior');
  return filled.scaleUp;
};

describe('limits of one step', () => {
  it.each([
    [0, 4],
    [1, 4],
    [2, 4],
    [3, 6],
    [100, 200],
    [1073741824, -2147483648],
  ])('without behavior, %d goes to at most %d', (current, limit) => {
    expect(legacyScaleUpLimit(current)).toBe(limit);
  });

  it.each<[number, readonly ScalingPolicy[], SelectPolicy, number]>([
    [3, [pods(4), percent(100)], 'Max', 7],
    [6, [pods(4), percent(100)], 'Max', 12],
    [3, [pods(4), percent(100)], 'Min', 6],
    [6, [pods(4), percent(100)], 'Min', 10],
    [3, [percent(1)], 'Max', 4],
    // 25 x 1.12 is 28 plus a little in doubles.
    [25, [percent(12)], 'Max', 29],
    [5, [pods(1)], 'Disabled', 5],
    [2147483647, [pods(1)], 'Max', -2147483648],
  ])('from %d up by %j (%s): %d', (current, policies, select, limit) => {
    expect(scaleUpLimit(current, emptyMemory, rulesOf(policies, select), now).limit).toBe(limit);
  });

  it.each<[number, readonly ScalingPolicy[], SelectPolicy, number]>([
    [10, [pods(4), percent(10)], 'Max', 6],
    [10, [pods(4), percent(10)], 'Min', 9],
    [10, [percent(100)], 'Max', 0],
    // 5 x 0.2 is 1 less a little in doubles.
    [5, [percent(80)], 'Max', 0],
    [5, [percent(30)], 'Max', 3],
    [5, [pods(1)], 'Disabled', 5],
    [2, [pods(4)], 'Max', -2],
  ])('from %d down by %j (%s): %d', (current, policies, select, limit) => {
    expect(scaleDownLimit(current, emptyMemory, rulesOf(policies, select), now).limit).toBe(limit);
  });

  it('counts from the start of each period: less what was added, plus what was removed', () => {
    const memory = {
      ...emptyMemory,
      scaleUpEvents: [{ change: 4, atMs: now - 20_000, outdated: false }],
      scaleDownEvents: [{ change: 1, atMs: now - 5_000, outdated: false }],
    };
    const rules = rulesOf([pods(4, 60), pods(4, 15)], 'Max');
    expect(scaleUpLimit(10, memory, rules, now)).toEqual({
      limit: 15,
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 60, periodStart: 7, allows: 11 },
        { type: 'Pods', value: 4, periodSeconds: 15, periodStart: 11, allows: 15 },
      ],
    });
    expect(scaleDownLimit(10, memory, rules, now).policies.map((p) => p.allows)).toEqual([3, 7]);
  });

  it('lists no policies where the direction is disabled', () => {
    expect(scaleUpLimit(5, emptyMemory, rulesOf([pods(1)], 'Disabled'), now).policies).toEqual([]);
    expect(scaleDownLimit(5, emptyMemory, rulesOf([pods(1)], 'Disabled'), now).policies).toEqual([]);
  });
});

import { defaultBehavior } from './defaults';
import { limitLegacy, limitWithBehavior } from './limits';
import type { ScalingRules } from './spec';
import { emptyMemory } from './state';

const bounds = { minReplicas: 2, maxReplicas: 20 };

describe('without behavior', () => {
  it.each([
    // wanted, current, result, reason
    [5, 5, 5, 'DesiredWithinRange'],
    [10, 5, 10, 'DesiredWithinRange'],
    [11, 5, 10, 'ScaleUpLimit'],
    [20, 10, 20, 'DesiredWithinRange'],
    [21, 10, 20, 'TooManyReplicas'],
    [40, 9, 18, 'ScaleUpLimit'],
    [3, 20, 3, 'DesiredWithinRange'],
    [2, 20, 2, 'DesiredWithinRange'],
    [1, 20, 2, 'TooFewReplicas'],
  ])('wanted %d at %d: %d, %s', (wanted, current, result, reason) => {
    expect(limitLegacy(wanted, current, bounds)).toMatchObject({ wanted, result, reason });
  });
});

describe('with behavior', () => {
  const one = { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } as const;
  const limit = (wanted: number, current: number, rules: ScalingRules = {}, memory = emptyMemory) => {
    const filled = defaultBehavior({ scaleUp: rules, scaleDown: rules });
    if (filled === null) throw new Error('no behavior');
    return limitWithBehavior(wanted, current, bounds, memory, filled, 1_000_000);
  };

  it.each<[number, number, ScalingRules, number, string]>([
    [5, 5, one, 5, 'DesiredWithinRange'],
    [6, 5, one, 6, 'DesiredWithinRange'],
    [7, 5, one, 6, 'ScaleUpLimit'],
    [30, 20, one, 20, 'TooManyReplicas'],
    [30, 19, one, 20, 'TooManyReplicas'],
    [4, 5, one, 4, 'DesiredWithinRange'],
    [3, 5, one, 4, 'ScaleDownLimit'],
    [1, 2, one, 2, 'TooFewReplicas'],
    [0, 3, one, 2, 'TooFewReplicas'],
    [9, 5, { selectPolicy: 'Disabled' }, 5, 'ScaleUpLimit'],
    [3, 5, { selectPolicy: 'Disabled' }, 5, 'ScaleDownLimit'],
  ])('wanted %d at %d by %j: %d, %s', (wanted, current, rules, result, reason) => {
    expect(limit(wanted, current, rules)).toMatchObject({ wanted, result, reason });
  });

  it('never turns the direction when the budget is overdrawn', () => {
    const event = { change: 4, atMs: 999_000, outdated: false };
    const up = { ...emptyMemory, scaleUpEvents: [event] };
    expect(limit(9, 5, one, up)).toMatchObject({ result: 5, rate: 5, reason: 'ScaleUpLimit' });
    const down = { ...emptyMemory, scaleDownEvents: [event] };
    expect(limit(3, 5, one, down)).toMatchObject({ result: 5, rate: 5, reason: 'ScaleDownLimit' });
  });

  it('tells the policies only where there was a direction', () => {
    expect(limit(5, 5)).toEqual({ wanted: 5, result: 5, reason: 'DesiredWithinRange' });
    expect(limit(6, 5)).toMatchObject({ selectPolicy: 'Max', rate: 10 });
    expect(limit(6, 5).policies).toHaveLength(2);
  });
});

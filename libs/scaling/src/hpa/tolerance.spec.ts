import { defaultControllerFlags } from './controller-flags';
import { defaultBehavior } from './defaults';
import { hpaProfile } from './profile';
import { isWithin, tolerancesOf } from './tolerance';

const behavior = defaultBehavior({ scaleUp: { tolerance: '0.57' }, scaleDown: { tolerance: '20m' } });
const gated = { ...defaultControllerFlags, featureGates: ['HPAConfigurableTolerance'] };

describe('tolerance', () => {
  it.each([
    ['bounds', 1.1, true],
    ['bounds', 1.1000000000000003, false],
    ['bounds', 0.9, true],
    ['bounds', 0.8999999999999999, false],
    ['bounds', 1, true],
    ['bounds', NaN, false],
    ['bounds', Infinity, false],
    // 1 - 1.1 is a little more than 0.1 away.
    ['distance', 1.1, false],
    ['distance', 1.0999999999999999, true],
    ['distance', 0.9, true],
    ['distance', 0.89, false],
  ] as const)('by %s, a ratio of %d is held: %p', (comparison, ratio, held) => {
    expect(isWithin({ down: 0.1, up: 0.1, comparison }, ratio)).toBe(held);
  });

  it.each([
    [1.2, true],
    [1.21, false],
    [0.95, true],
    [0.94, false],
  ])('holds %d: %p with 20 % up and 5 % down', (ratio, held) => {
    expect(isWithin({ down: 0.05, up: 0.2, comparison: 'bounds' }, ratio)).toBe(held);
    expect(
      isWithin({ down: 0.05, up: 0.2, comparison: 'distance' }, ratio + (ratio > 1 ? -0.001 : 0.001)),
    ).toBe(held);
  });

  it('takes the flag for both directions, whatever behavior says, while the gate is off', () => {
    const expected = { down: 0.1, up: 0.1, comparison: 'bounds' };
    expect(tolerancesOf(behavior, defaultControllerFlags, hpaProfile('1.34'))).toEqual(expected);
    expect(tolerancesOf(null, gated, hpaProfile('1.34'))).toEqual(expected);
  });

  it('takes behavior’s own with the gate, or from 1.35 without it', () => {
    // 0.57 is stored as 570m, and 570 x 0.001 is not the double 0.57.
    const expected = { down: 0.02, up: 0.5700000000000001, comparison: 'bounds' };
    expect(tolerancesOf(behavior, gated, hpaProfile('1.34'))).toEqual(expected);
    expect(tolerancesOf(behavior, defaultControllerFlags, hpaProfile('1.35'))).toEqual(expected);
    expect(tolerancesOf(defaultBehavior({}), gated, hpaProfile('1.34'))).toMatchObject({
      down: 0.1,
      up: 0.1,
    });
  });
});

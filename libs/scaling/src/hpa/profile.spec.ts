import { hpaProfile } from './profile';

describe('profiles', () => {
  const at132 = {
    toleranceComparison: 'distance',
    configurableTolerance: false,
    binaryMemory: false,
    averageOverflowGuard: false,
    valueOverflowGuard: false,
    podLevelRequests: false,
    containerRequired: false,
  };
  const at133 = { ...at132, toleranceComparison: 'bounds' };
  const at134 = { ...at133, binaryMemory: true, averageOverflowGuard: true, podLevelRequests: true };
  const at135 = { ...at134, configurableTolerance: true, valueOverflowGuard: true, containerRequired: true };

  it.each([
    ['1.28', '1.28', at132],
    ['1.32', '1.32', at132],
    ['1.31+', '1.31', at132],
    ['1.33', '1.33', at133],
    ['v1.34.4', '1.34', at134],
    ['1.35.0-rc.1', '1.35', at135],
    ['1.36', '1.36', at135],
  ])('%s is %s', (version, kubernetes, expected) => {
    expect(hpaProfile(version)).toEqual({ kubernetes, ...expected });
  });

  it('is 1.34 by default', () => {
    expect(hpaProfile()).toEqual(hpaProfile('1.34'));
  });

  it.each(['', '2.0', 'latest', '1', '1.x', ' 1.34', '1.34x'])('refuses %p', (version) => {
    expect(() => hpaProfile(version)).toThrow(
      `kubernetes: ${JSON.stringify(version)} is not a version; allowed: 1.23 and later`,
    );
  });

  it('refuses versions before autoscaling/v2', () => {
    expect(() => hpaProfile('1.22')).toThrow(
      'kubernetes: "1.22" has no autoscaling/v2; allowed: 1.23 and later',
    );
    expect(hpaProfile('1.23').kubernetes).toBe('1.23');
  });
});

import { hpaProfile } from './profile';

describe('profiles', () => {
  it.each([
    ['1.28', 'distance', false, false],
    ['1.32', 'distance', false, false],
    ['1.33', 'bounds', false, false],
    ['v1.34.4', 'bounds', false, true],
    ['1.35.0-rc.1', 'bounds', true, true],
    ['1.31+', 'distance', false, false],
  ])('%s compares by %s', (version, toleranceComparison, configurableTolerance, binaryMemory) => {
    expect(hpaProfile(version)).toEqual({
      kubernetes: /1\.\d+/.exec(version)?.[0],
      toleranceComparison,
      configurableTolerance,
      binaryMemory,
    });
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

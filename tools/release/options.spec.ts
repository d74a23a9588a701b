import { Scenario } from './testing/scenario';

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario();
});
afterAll(() => scenario.checkout.remove());
beforeEach(() => scenario.reset());

describe('command line', () => {
  it.each([
    [[], /no command is given\n {2}use one of version, images, charts/],
    [['ship'], /there is no command ship/],
    [['images', 'lab'], /APP is "lab"\n {2}use some of backend-api/],
    [['images', '--tagg', 'x'], /images has no option --tagg\n {2}it has --registry/],
    [['images', '--tag'], /--tag needs a value/],
    [['images', '--tag', '--push'], /--tag needs a value/],
    [['images', '--tag', 'latest'], /--tag is "latest"\n {2}latest names another image tomorrow/],
    [['images', '--tag', '1.2.3-dirty'], /it names files that no commit has/],
    [['images', '--tag', 'a b'], /letters, digits/],
    [
      ['images', '--registry', 'https://ghcr.io'],
      /--registry is "https:\/\/ghcr\.io"\n {2}for example ghcr\.io\/scalelab/,
    ],
    [['images', '--registry', 'ghcr.io/ScaleLab'], /lower case/],
    [['images', '--sign'], /--sign needs --push/],
    [['images', '--push=yes'], /--push takes no value/],
    [['charts', '--chart-version', '1.2'], /--chart-version is "1\.2"\n {2}charts need SemVer/],
    [['charts', 'common'], /CHART is "common"/],
    [['notify', 'x'], /notify takes no "x"/],
    [['notify', '--status', 'maybe'], /--status is "maybe"/],
  ])('refuses %j with exit code 2 and a cure', async (args, message) => {
    const { code, stderr } = await scenario.release(args, {});
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(scenario.fakes.calls()).toEqual([]);
  });

  it('helps', async () => {
    const { code, stdout } = await scenario.release(['--help'], {});
    expect(code).toBe(0);
    for (const word of [
      'version',
      'images [APP...]',
      'charts [CHART...]',
      'deploy [RELEASE...]',
      'notify',
      '--dry-run',
      'default 10m',
    ])
      expect(stdout).toContain(word);
  });
});

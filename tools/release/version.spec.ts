import { Scenario } from './testing/scenario';

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario();
});
afterAll(() => scenario.checkout.remove());
beforeEach(() => scenario.reset());

describe('version', () => {
  it('names a commit of a branch so that tags sort by time and charts have SemVer', async () => {
    const { stdout } = await scenario.release(['version'], {});
    const hash = scenario.checkout.git('rev-parse', 'HEAD');
    expect(stdout).toBe(
      `image-tag=main-1767323045-${hash.slice(0, 7)}\nchart-version=0.1.0-main.1767323045.g${hash.slice(0, 7)}\ncommit=${hash}\n`,
    );
  });

  it.each([
    [['--ref', 'refs/tags/v2.0.0'], 'image-tag=2.0.0\nchart-version=2.0.0\n'],
    [['--ref', 'v2.0.0-rc.1'], 'image-tag=2.0.0-rc.1\n'],
    [['--ref', 'refs/heads/Feature/With_Odd-Names'], 'image-tag=feature-with-odd-names-1767323045-'],
    [['--ref', 'PR-12'], 'image-tag=pr-12-1767323045-'],
  ])('takes %j from the pipeline', async (args, expected) => {
    expect((await scenario.release(['version', ...args], {})).stdout).toContain(expected);
  });

  it('is that of a tag v* on the commit', async () => {
    scenario.checkout.git('tag', 'v3.1.4');
    try {
      expect((await scenario.release(['version'], {})).stdout).toMatch(
        /^image-tag=3\.1\.4\nchart-version=3\.1\.4\n/,
      );
    } finally {
      scenario.checkout.git('tag', '--delete', 'v3.1.4');
    }
  });

  it('needs a repository, and says so', async () => {
    const { code, stderr } = await scenario.release(['version'], { GIT_DIR: '/nowhere' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/release: version: git rev-parse: exit 128.*\n {2}run this in a clone/);
  });
});

import { digest } from './testing/happy-path';
import { Scenario, secrets } from './testing/scenario';

const charts = [
  'backend-api',
  'data-api',
  'emulators',
  'health-check',
  'http-demo',
  'kafka-consumer',
  'sqs-worker',
];

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario();
});
afterAll(() => scenario.checkout.remove());
beforeEach(() => scenario.reset());

describe('charts', () => {
  const release = (...args: readonly string[]) =>
    scenario.release(['charts', '--chart-version', '1.2.3', '--tag', '1.2.3', ...args], secrets);

  it('lints every chart with every profile before it packages one, and packages all before it pushes one', async () => {
    const { code, stdout } = await release('--push', '--sign');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('7 charts 1.2.3 at oci://ghcr.io/scalelab/charts'),
    });
    const verbs = scenario.fakes.lines().map((line) => line.split(' ').slice(0, 2).join(' '));
    const order = ['helm lint', 'helm package', 'helm registry', 'docker login', 'helm push'];
    expect(order.map((verb) => verbs.indexOf(verb))).toEqual(
      order.map((verb) => verbs.indexOf(verb)).sort((a, b) => a - b),
    );
    expect(verbs.lastIndexOf('helm lint')).toBeLessThan(verbs.indexOf('helm package'));
    expect(verbs.lastIndexOf('helm package')).toBeLessThan(verbs.indexOf('helm push'));
    expect(scenario.linesOf(/^helm push/)).toHaveLength(charts.length);
    expect(scenario.linesOf(/^cosign/)).toEqual(
      charts.map(
        (chart) =>
          `cosign sign --yes --key env://COSIGN_PRIVATE_KEY ghcr.io/scalelab/charts/${chart}@${digest}`,
      ),
    );
    for (const profile of ['kind-demo', 'production', 'eks'])
      expect(scenario.linesOf(/^helm lint charts\/sqs-worker/).join('\n')).toContain(
        `--values charts/shared-values.yaml --values charts/sqs-worker/profiles/${profile}.yaml`,
      );
    expect(scenario.linesOf(/^helm lint charts\/http-demo/).join('\n')).toContain(
      '--values charts/http-demo/profiles/zero.yaml',
    );
    expect(scenario.linesOf(/logout/)).toEqual(['docker logout ghcr.io', 'helm registry logout ghcr.io']);
    expect(scenario.fakes.calls().filter(({ stdin }) => stdin === 'correct-horse')).toHaveLength(2);
    expect(scenario.checkout.git('status', '--porcelain')).toBe('');
  });

  it.each([
    [
      'lint charts/http-demo*',
      /release: lint chart http-demo: helm lint: exit 1.*\n {2}bad value\n {2}the same by hand: helm lint charts\/http-demo/,
      /package|push|login/,
    ],
    ['package*data-api*', /release: package chart data-api: helm package: exit 1/, /push|login/],
    ['registry login*', /release: login helm ghcr\.io: helm registry: exit 1/, /^helm push|docker/],
    [
      'push*/backend-api*',
      /release: push chart backend-api: .*\n {2}check that the account may write to ghcr\.io\/scalelab\/charts\/backend-api/,
      /push.*data-api|cosign/,
    ],
  ])('stops at helm %s', async (when, message, never) => {
    scenario.fakes.on({ program: 'helm', when, stdout: 'bad value\n', stderr: 'no\n', exit: 1 });
    const { code, stderr } = await release('--push', '--sign');
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(scenario.fakes.lines().filter((line) => never.test(line))).toEqual([]);
    expect(scenario.leaks(stderr)).toEqual([]);
  });

  it('fails when Helm makes no package, or tells no digest', async () => {
    scenario.fakes.on({ program: 'helm', when: 'package*', stdout: 'done' });
    expect((await release('--out', '.cache/none')).stderr).toMatch(
      /helm package made no .*\n {2}update Helm/,
    );
    scenario.reset();
    scenario.fakes.on({ program: 'helm', when: 'push*', stdout: 'Pushed' });
    expect((await release('--push')).stderr).toMatch(/helm push told no digest/);
  });
});

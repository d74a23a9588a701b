import { Scenario } from './testing/scenario';

const production = ['--context', 'keda-cluster', '--profile', 'eks', '--tag', '1.2.3'];
const deploy = (...args: readonly string[]) => scenario.release(['deploy', ...args]);

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario();
});
afterAll(() => scenario.checkout.remove());
beforeEach(() => scenario.reset());

describe('deploy', () => {
  const targets = [
    'http-demo',
    'http-demo-zero',
    'sqs-worker',
    'kafka-consumer',
    'backend-api',
    'data-api',
    'health-check',
  ];
  const applied = () => scenario.linesOf(/^helm upgrade/).filter((line) => !line.includes('--dry-run'));

  it('asks the cluster, tries every release, then applies one after another in order', async () => {
    const { code, stdout } = await deploy(...production, '--test');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining(`7 releases 1.2.3 on keda-cluster: ${targets.join(', ')}`),
    });
    const lines = scenario.fakes.lines();
    expect(lines.slice(0, 3)).toEqual([
      'kubectl config get-contexts --output name',
      'kubectl --context keda-cluster get --raw /readyz --request-timeout 15s',
      'helm version --template {{.Version}}',
    ]);
    expect(lines.slice(3, 10).map((line) => [line.split(' ')[2], line.endsWith('--dry-run=server')])).toEqual(
      targets.map((target) => [target, true]),
    );
    expect(lines.slice(10).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual(
      targets.flatMap((target) => [`upgrade ${target}`, `test ${target}`]),
    );
    expect(applied()[2]).toBe(
      'helm upgrade sqs-worker charts/sqs-worker --install --namespace sqs-worker --create-namespace --kube-context keda-cluster' +
        ' --values charts/shared-values.yaml --values charts/sqs-worker/profiles/eks.yaml' +
        ' --set-string global.image.registry=ghcr.io/scalelab,global.image.tag=1.2.3 --history-max 10 --rollback-on-failure --wait --timeout 10m',
    );
    expect(applied()[4]).toContain('--namespace backend-namespace');
    // Its volume is bound by its first job.
    expect(applied()[6]).not.toMatch(/--wait|--rollback/);
  });

  it('speaks to Helm 3 in its own words, takes a kubeconfig, more values and a timeout', async () => {
    scenario.fakes.on({ program: 'helm', when: 'version*', stdout: 'v3.19.0' });
    const { code } = await deploy(
      ...production,
      '--kubeconfig',
      '/k',
      '--values',
      'a.yaml',
      '--values=b.yaml',
      '--timeout',
      '90s',
      'data-api',
    );
    expect(code).toBe(0);
    expect(applied()).toHaveLength(1);
    expect(applied()[0]).toContain('--kubeconfig /k');
    expect(applied()[0]).toContain(
      '--values charts/data-api/profiles/eks.yaml --values a.yaml --values b.yaml',
    );
    expect(applied()[0]).toContain('--atomic --wait --timeout 90s');
    expect(scenario.linesOf(/^kubectl/).every((line) => line.includes('--kubeconfig /k'))).toBe(true);
  });

  it('deploys the emulators first where the profile has them', async () => {
    const { code } = await deploy('--context', 'kind-dev-cluster', '--profile', 'kind-demo', '--tag', 'e2e');
    expect(code).toBe(0);
    expect(applied().map((line) => line.split(' ')[2])).toEqual(['emulators', ...targets]);
  });

  it('applies nothing in a dry run', async () => {
    expect((await deploy(...production, '--dry-run')).stdout).toContain(
      'dry run: nothing applied, 7 releases tried',
    );
    expect(applied()).toEqual([]);
  });

  it('applies nothing when one release would be refused', async () => {
    scenario.fakes.on({
      program: 'helm',
      when: '*kafka-consumer*--dry-run*',
      stderr: 'the cluster has no KEDA\n',
      exit: 1,
    });
    const { code, stderr } = await deploy(...production);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /release: try kafka-consumer: .*\n {2}nothing was applied\. the cluster has no KEDA\n.*name the others: http-demo http-demo-zero sqs-worker backend-api/,
    );
    expect(applied()).toEqual([]);
  });

  it('stops at the first release that fails and says what is in place and what is not', async () => {
    scenario.fakes.on({
      program: 'helm',
      when: 'upgrade sqs-worker*--wait*',
      stderr: 'timed out\n',
      exit: 1,
    });
    const { code, stderr } = await deploy(...production);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /release: deploy sqs-worker: helm upgrade: exit 1: timed out\n {2}Helm rolled it back; kubectl --context keda-cluster -n sqs-worker get events,pods says why/,
    );
    expect(stderr).toContain(
      'deployed before: http-demo, http-demo-zero; not touched: kafka-consumer, backend-api, data-api, health-check',
    );
    expect(applied().map((line) => line.split(' ')[2])).toEqual([
      'http-demo',
      'http-demo-zero',
      'sqs-worker',
    ]);
  });

  it('stops at a release that does not answer', async () => {
    scenario.fakes.on({ program: 'helm', when: 'test http-demo *', exit: 1 });
    const { code, stderr } = await deploy(...production, '--test');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /release: test http-demo: .*\n.*helm rollback http-demo --namespace http-demo --kube-context keda-cluster/,
    );
    expect(applied()).toHaveLength(1);
  });

  it.each([
    [
      ['--context', 'kind-dev-cluster', '--profile', 'eks'],
      /context kind-dev-cluster is a kind cluster, but profile eks is for a real one/,
    ],
    [
      ['--context', 'keda-cluster', '--profile', 'kind-demo'],
      /context keda-cluster is no kind cluster, but profile kind-demo is for kind/,
    ],
    [
      ['--context', 'elsewhere', '--profile', 'eks'],
      /the kubeconfig has no context elsewhere\n {2}it has keda-cluster, kind-dev-cluster: correct --context/,
    ],
    [['--profile', 'eks'], /--context is missing/],
    [['--context', 'keda-cluster'], /--profile is missing/],
    [
      ['--context', 'keda-cluster', '--profile', 'lab'],
      /--profile is "lab"\n {2}use one of kind-demo, production, eks/,
    ],
    [
      ['--context', 'keda-cluster', '--profile', 'eks', 'emulators'],
      /emulators is no release of profile eks/,
    ],
    [
      ['--context', 'keda-cluster', '--profile', 'eks', '--timeout', 'soon'],
      /--timeout is "soon"\n {2}for example 90s or 10m/,
    ],
  ])('refuses %j with exit code 2, before anything is applied', async (args, message) => {
    const { code, stderr } = await deploy('--tag', '1.2.3', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(scenario.linesOf(/^helm/)).toEqual([]);
  });

  it('says so when the cluster cannot be reached', async () => {
    scenario.fakes.on({ program: 'kubectl', when: '*readyz*', stderr: 'connection refused\n', exit: 1 });
    const { code, stderr } = await deploy(...production);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /release: reach cluster: kubectl --context: exit 1: connection refused\n {2}nothing was applied\. Check that the cluster/,
    );
    expect(scenario.linesOf(/^helm/)).toEqual([]);
  });

  it.each(['helm', 'kubectl'])('needs %s', async (program) => {
    scenario.fakes.remove(program);
    expect(await deploy(...production)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${program} is not in PATH`),
    });
    expect(scenario.fakes.calls()).toEqual([]);
  });

  it.each(['v3.9.0', 'v2.17.0', 'dev'])('refuses Helm %s', async (stdout) => {
    scenario.fakes.on({ program: 'helm', when: 'version*', stdout });
    expect((await deploy(...production)).stderr).toMatch(
      /release: ask helm: helm says its version is .*\n {2}install Helm 3\.17/,
    );
    expect(applied()).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout, type Outcome } from '../release/testing/checkout';
import type { Fakes, Rule } from '../release/testing/fakes';
import { happyPath } from '../release/testing/happy-path';
import { webhook } from '../release/testing/webhook';

const root = join(__dirname, '../..');
const groovy = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'groovy-jar.mjs')], { encoding: 'utf8' }),
) as { readonly jar: string; readonly java: string } | { readonly skipped: string };
if ('skipped' in groovy) process.stdout.write(`skipped: the Jenkinsfile is not played: ${groovy.skipped}\n`);
const withGroovy = 'skipped' in groovy ? describe.skip : describe;

// A JVM, and some forty processes, a build.
jest.setTimeout(300_000);

const secrets = {
  CREDENTIALS_registry: 'correct-horse',
  'CREDENTIALS_cosign-private-key': 'c2VjcmV0LWtleQ==',
  'CREDENTIALS_cosign-password': 'battery-staple',
};

withGroovy('the Jenkinsfile, played by Groovy with the release tool and recording fakes', () => {
  let checkout: Checkout;
  let fakes: Fakes;
  let log: Outcome;
  let told: readonly string[];
  beforeAll(() => {
    checkout = new Checkout();
    cpSync(join(root, 'Jenkinsfile'), join(checkout.folder, 'Jenkinsfile'));
    mkdirSync(join(checkout.folder, '.ci'));
    writeFileSync(join(checkout.folder, '.ci/run'), 'docker ci-run\n');
    checkout.git('add', '--all');
    checkout.commit('second');
  });
  afterAll(() => checkout.remove());

  async function play(
    env: Readonly<Record<string, string>>,
    rules: readonly Rule[] = [],
    statuses: readonly number[] = [],
  ): Promise<void> {
    if ('skipped' in groovy) return;
    fakes = checkout
      .fakes(['docker', 'helm', 'kubectl', 'cosign', 'npm'])
      .on(
        ...happyPath,
        { program: 'kubectl', when: 'config get-contexts*', stdout: 'keda-cluster\n' },
        ...rules,
      );
    symlinkSync(process.execPath, join(fakes.bin, 'node'));
    const hook = await webhook(statuses);
    log = await checkout.execute(
      groovy.java,
      ['-cp', groovy.jar, 'groovy.ui.GroovyMain', join(__dirname, 'testing/jenkins.groovy'), 'Jenkinsfile'],
      fakes,
      {
        ...secrets,
        CREDENTIALS_kubeconfig: '/secret/kubeconfig',
        'CREDENTIALS_notify-webhook': hook.url,
        BUILD_URL: 'https://ci.example/7',
        ...env,
      },
    );
    hook.close();
    told = hook.bodies;
  }
  const result = () => /RESULT=(\w+)/.exec(log.stdout)?.[1];
  const done = () => [...log.stdout.matchAll(/^STAGE (.*)$/gm)].map(([, stage]) => stage);
  const shown = () => [log.stdout, log.stderr, ...fakes.lines(), ...told].join('\n');
  const lines = (pattern: RegExp) => fakes.lines().filter((line) => pattern.test(line));

  it('goes through every stage on main, shows no secret and tells of success', async () => {
    await play({ BRANCH_NAME: 'main' });
    expect([log.stderr, result()]).toEqual([expect.anything(), 'SUCCESS']);
    expect(done()).toEqual([
      'Checkout',
      'Check',
      'Build images',
      'Push images',
      'Helm lint and package',
      'Push charts',
      'Deploy',
    ]);
    expect(lines(/images\.mjs .*--push/)).toHaveLength(7);
    expect(lines(/images\.mjs http-demo .*--push/)[0]).toMatch(
      /--tag main-\d+-\w{7} --platform linux\/amd64,linux\/arm64/,
    );
    expect(lines(/^cosign sign --yes --key env/)).toHaveLength(14);
    expect(lines(/^helm upgrade .*--history-max/)).toHaveLength(7);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ status: 'success' });
    for (const secret of Object.values(secrets)) expect(shown()).not.toContain(secret);
  });

  it('builds, lints and packages a pull request, and pushes and deploys nothing', async () => {
    await play({ BRANCH_NAME: 'PR-7', CHANGE_ID: '7' });
    expect(result()).toBe('SUCCESS');
    expect(done().filter((stage) => stage?.endsWith('skipped'))).toEqual([
      'Push images skipped',
      'Push charts skipped',
      'Deploy skipped',
    ]);
    expect(lines(/images\.mjs http-demo/)[0]).toMatch(/--tag pr-7-/);
    expect(lines(/--push|^helm push|upgrade|login|cosign/)).toEqual([]);
  });

  it('pushes a tag under its number', async () => {
    await play({ BRANCH_NAME: 'v1.2.3', TAG_NAME: 'v1.2.3' });
    expect(result()).toBe('SUCCESS');
    expect(lines(/images\.mjs http-demo .*--push/)[0]).toContain('--tag 1.2.3 ');
    expect(lines(/^helm push/)[0]).toContain('backend-api-1.2.3.tgz');
  });

  it('pushes and deploys nothing for other branches', async () => {
    await play({ BRANCH_NAME: 'feature' });
    expect(result()).toBe('SUCCESS');
    expect(lines(/--push|^helm push|upgrade/)).toEqual([]);
  });

  it.each([
    ['Check', { program: 'docker', when: 'ci-run' }, /images\.mjs|helm/],
    ['Build images', { program: 'docker', when: 'images.mjs data-api*' }, /--push|helm/],
    ['Push images', { program: 'docker', when: 'login*' }, /--push|helm/],
    ['Helm lint and package', { program: 'helm', when: 'lint charts/sqs-worker*' }, /helm push|upgrade/],
    ['Push charts', { program: 'helm', when: 'push*' }, /upgrade/],
    ['Deploy', { program: 'helm', when: 'upgrade backend-api*--wait*' }, /upgrade data-api.*--history-max/],
  ])('tells that %s failed, and does nothing later', async (stage, rule, never) => {
    await play({ BRANCH_NAME: 'main' }, [{ ...rule, exit: 1 }]);
    expect(result()).toBe('FAILURE');
    expect(done().at(-1)).toBe(stage);
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ status: 'failure', step: stage });
    expect(lines(never)).toEqual([]);
    for (const secret of Object.values(secrets)) expect(shown()).not.toContain(secret);
  });

  it('keeps its result when nobody can be told', async () => {
    await play({ BRANCH_NAME: 'feature' }, [], [404]);
    expect(log.stdout).toContain('catchError: nobody was told');
    expect(result()).toBe('SUCCESS');
  });

  it('releases nothing of what the image automation commits', async () => {
    checkout.git(
      '-c',
      'user.email=f@example.com',
      '-c',
      'user.name=fluxcdbot',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      'Images',
    );
    await play({ BRANCH_NAME: 'main' });
    expect(result()).toBe('SUCCESS');
    expect(lines(/--push|^helm push|upgrade/)).toEqual([]);
  });
});

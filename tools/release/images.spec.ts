import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from './testing/happy-path';
import { Scenario, secrets } from './testing/scenario';

const apps = [
  'backend-api',
  'data-api',
  'sqs-worker',
  'kafka-consumer',
  'http-demo',
  'health-check',
  'emulators',
];
const images = (...args: readonly string[]) => scenario.release(['images', ...args]);

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario();
});
afterAll(() => scenario.checkout.remove());
beforeEach(() => scenario.reset());

describe('images', () => {
  it('builds every app without a login when nothing is pushed', async () => {
    const { code } = await images('--tag', 'e2e');
    expect(code).toBe(0);
    expect(scenario.fakes.lines()).toEqual(
      apps.map((app) => `docker images.mjs ${app} --registry ghcr.io/scalelab --tag e2e`),
    );
  });

  it('pushes with SBOM and provenance, looks that they arrived, signs the digest, verifies, logs out', async () => {
    const { code, stdout } = await images(
      'http-demo',
      ...['--registry', 'r.example/x', '--tag', '1.2.3', '--platforms', 'linux/amd64,linux/arm64', '--push'],
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining(`r.example/x/http-demo:1.2.3 is ${digest}`),
    });
    expect(scenario.fakes.lines()).toEqual([
      'docker login r.example --username robot --password-stdin',
      'docker images.mjs http-demo --registry r.example/x --tag 1.2.3 --platform linux/amd64,linux/arm64 --push --sbom --provenance',
      'docker buildx imagetools inspect r.example/x/http-demo:1.2.3 --format {{json .Manifest}}',
      `docker buildx imagetools inspect r.example/x/http-demo@${digest} --format {{json .SBOM}}`,
      'docker logout r.example',
    ]);
    expect(scenario.fakes.calls()[0]?.stdin).toBe('correct-horse');
  });

  it('signs keyless with the identity of the pipeline, and verifies it at once', async () => {
    const { code } = await scenario.release(
      [
        'images',
        'http-demo',
        '--push',
        '--sign',
        '--tag',
        '1.2.3',
        '--identity',
        '^me$',
        '--issuer',
        'https://id.example',
      ],
      { SIGSTORE_ID_TOKEN: 'identity-token' },
    );
    expect(code).toBe(0);
    expect(scenario.linesOf(/^cosign/)).toEqual([
      `cosign sign --yes ghcr.io/scalelab/http-demo@${digest}`,
      `cosign verify --certificate-identity-regexp ^me$ --certificate-oidc-issuer https://id.example --output text ghcr.io/scalelab/http-demo@${digest}`,
    ]);
  });

  it('signs with a key where there is one', async () => {
    expect((await images('http-demo', '--push', '--sign', '--tag', '1.2.3')).code).toBe(0);
    expect(scenario.linesOf(/^cosign/)).toEqual([
      `cosign sign --yes --key env://COSIGN_PRIVATE_KEY ghcr.io/scalelab/http-demo@${digest}`,
    ]);
  });

  it('shows each program only the secrets that it needs, and no log any', async () => {
    const { stdout, stderr } = await images('http-demo', '--push', '--sign', '--tag', '1.2.3');
    expect(scenario.leaks(stdout + stderr)).toEqual([]);
    const seen = scenario.fakes
      .calls()
      .map(({ program, env }) => [
        program,
        ...env.filter((name) => name in secrets && name !== 'REGISTRY_USER').sort(),
      ]);
    for (const [program, ...names] of seen)
      expect(names).toEqual(program === 'cosign' ? ['COSIGN_PASSWORD', 'COSIGN_PRIVATE_KEY'] : []);
    expect(seen.some(([program]) => program === 'cosign')).toBe(true);
  });

  it('hides secrets that a program prints, in whatever form', async () => {
    const encoded = Buffer.from('correct-horse').toString('base64');
    scenario.fakes.on({
      program: 'docker',
      when: 'login*',
      stdout: 'got correct-horse\n',
      stderr: `and ${encoded}\n`,
      exit: 1,
    });
    const { stdout, stderr } = await images('http-demo', '--push', '--tag', '1.2.3');
    expect(stdout).toContain('got ***');
    expect(stderr).toContain('and ***');
    expect(scenario.leaks(stdout + stderr)).toEqual([]);
  });

  it.each([
    ['login*', /release: login docker ghcr\.io: docker login: exit 1: no\n {2}check REGISTRY_USER/, 1],
    [
      'images.mjs data-api*',
      /release: build and push image data-api: node .*: exit 1.*\n {2}see the build's log above/,
      // Login; build, digest and SBOM of the app before; the build that fails.
      5,
    ],
    [
      '*imagetools*',
      /release: inspect image backend-api: .*\n {2}the registry does not have what was just pushed/,
      // Login, build, the look that fails.
      3,
    ],
  ])('stops at docker %s: names the step and the cure, does nothing later', async (when, message, done) => {
    scenario.fakes.on({ program: 'docker', when, stderr: 'no\n', exit: 1 });
    const { code, stderr } = await images('--push', '--tag', '1.2.3');
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(scenario.linesOf(/^cosign/)).toEqual([]);
    expect(scenario.fakes.lines().filter((line) => !/logout/.test(line))).toHaveLength(done);
    // Logged out again whenever it was logged in.
    expect(scenario.linesOf(/logout/)).toHaveLength(when.startsWith('login') ? 0 : 1);
  });

  it.each(['null\n', '{}\n'])('refuses an image whose SBOM is %j', async (stdout) => {
    scenario.fakes.on({ program: 'docker', when: '*.SBOM*', stdout });
    const { code, stderr } = await images('http-demo', '--push', '--sign', '--tag', '1.2.3');
    expect(code).toBe(1);
    expect(stderr).toMatch(/http-demo@sha256:a+ has no SBOM\n {2}the builder drops attestations/);
    expect(scenario.linesOf(/^cosign/)).toEqual([]);
  });

  it.each([
    ['sign*', /release: sign ghcr\.io\/.*\n {2}keyless signing needs an identity/],
    ['verify*', /release: verify the signature of .*\n {2}the signature is of another identity/],
  ])('fails when cosign %s does', async (when, message) => {
    scenario.fakes.on({ program: 'cosign', when, exit: 1 });
    const { code, stderr } = await scenario.release(
      [
        'images',
        'http-demo',
        'data-api',
        '--push',
        '--sign',
        '--tag',
        '1.2.3',
        '--identity',
        'x',
        '--issuer',
        'y',
      ],
      {},
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(scenario.linesOf(/images\.mjs data-api/)).toEqual([]);
  });

  it('fails when an image has no digest', async () => {
    scenario.fakes.on({ program: 'docker', when: '*.Manifest*', stdout: '{}' });
    expect((await images('http-demo', '--push', '--tag', '1.2.3')).stderr).toMatch(
      /http-demo:1\.2\.3 has no digest.*\n {2}update Docker/,
    );
  });

  it.each(['docker', 'cosign'])('needs %s, and asks for it before anything else', async (program) => {
    scenario.fakes.remove(program);
    const { code, stderr } = await images('--push', '--sign', '--tag', '1.2.3');
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`release: find ${program}: ${program} is not in PATH\n {2}install`));
    expect(scenario.fakes.calls()).toEqual([]);
  });

  it('pushes nothing from a dirty checkout, but builds', async () => {
    appendFileSync(join(scenario.checkout.folder, 'package.json'), '\n');
    try {
      const { code, stderr } = await images('http-demo', '--push');
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /release: push images: the checkout differs from commit \w{7}.*\n {2}commit or discard/,
      );
      expect(scenario.fakes.calls()).toEqual([]);
      expect((await images('http-demo')).code).toBe(0);
    } finally {
      scenario.checkout.git('checkout', '--quiet', 'package.json');
    }
  });

  it('wants both parts of a login or none', async () => {
    const { code, stderr } = await scenario.release(['images', '--push', '--tag', '1'], {
      REGISTRY_USER: 'robot',
    });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/REGISTRY_PASSWORD is not set\n {2}set both/),
    });
    expect(scenario.fakes.calls()).toEqual([]);
  });

  it('asks tools/images.mjs for what it understands', async () => {
    expect(
      (await images('http-demo', '--push', '--tag', '1.2.3', '--platforms', 'linux/amd64,linux/arm64')).code,
    ).toBe(0);
    const asked = scenario.fakes.calls().find(({ argv }) => argv[0] === 'images.mjs');
    const printed = execFileSync(
      process.execPath,
      [join(__dirname, '../images.mjs'), ...(asked?.argv.slice(1) ?? []), '--print'],
      { encoding: 'utf8' },
    );
    expect(printed).toContain('--tag ghcr.io/scalelab/http-demo:1.2.3');
    for (const flag of [
      '--platform linux/amd64,linux/arm64',
      '--sbom=true',
      '--provenance=mode=max',
      '--push',
    ])
      expect(printed).toContain(flag);
  });
});

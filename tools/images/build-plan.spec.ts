import { evaluate } from './testing/evaluate';

interface Request {
  readonly services: string[];
  readonly registry: string;
  readonly tag: string;
  readonly push: boolean;
}

const defaults = { registry: 'ghcr.io/scalelab', tag: '1.2.3' };
const parse = (argv: string[], env: Record<string, string> = {}) =>
  evaluate('images/build-plan.mjs', 'm.parseRequest(input.argv, input.defaults, input.env)', {
    argv,
    defaults,
    env,
  }) as Request;

function docker(argv: string[], client: { buildx: boolean }) {
  const context = {
    revision: 'abc',
    created: '2026-01-02T03:04:05Z',
    secrets: [{ id: 'ca', path: '/etc/ca.pem' }],
  };
  return evaluate(
    'images/build-plan.mjs',
    'm.buildArguments(m.parseRequest(input.argv, input.defaults), "http-demo", input.client, input.context)',
    { argv, defaults, client, context },
  ) as string[];
}

describe('npm run images', () => {
  it('builds every service with the registry and tag of the charts', () => {
    const request = parse([]);
    expect(request.services).toHaveLength(7);
    expect(request).toMatchObject({ ...defaults, push: false });
  });

  it('takes registry and tag from options before the environment before the defaults', () => {
    const env = { REGISTRY: 'r.example/team', TAG: '9' };
    expect(parse([], env)).toMatchObject({ registry: 'r.example/team', tag: '9' });
    expect(parse(['--tag', '10'], env)).toMatchObject({ registry: 'r.example/team', tag: '10' });
  });

  it.each([
    [['http-dmo'], 'no service "http-dmo"'],
    [['--registry', 'HTTP://x'], '--registry is "HTTP://x"'],
    [['--tag', 'a b'], '--tag is "a b"'],
    [['--platform', 'linux/arm'], '--platform has "linux/arm": linux/amd64 or linux/arm64'],
    [['--platform', 'linux/amd64,linux/arm64'], 'two platforms needs --push'],
    [['--push', '--save', 'out'], '--save and --push exclude each other'],
    [['--sbom'], '--sbom and --provenance need --push'],
    [['--push', '--local-bases'], '--local-bases is for this machine only'],
    [['--pusch'], "Unknown option '--pusch'"],
  ])('refuses %j', (argv, message) => {
    expect(() => parse(argv)).toThrow(message);
  });

  it('builds with buildx into the local store, without attestations', () => {
    expect(docker([], { buildx: true })).toEqual([
      ...['buildx', 'build', '--file', 'Dockerfile', '--tag', 'ghcr.io/scalelab/http-demo:1.2.3'],
      ...['--build-arg', 'APP=http-demo'],
      ...['--build-arg', 'DESCRIPTION=Greets and counts; scaled by its own counter or by requests a second'],
      ...[
        '--build-arg',
        'VERSION=1.2.3',
        '--build-arg',
        'REVISION=abc',
        '--build-arg',
        'CREATED=2026-01-02T03:04:05Z',
      ],
      ...['--secret', 'id=ca,src=/etc/ca.pem', '--sbom=false', '--provenance=false', '--load', '.'],
    ]);
  });

  it('pushes both platforms with SBOM and full provenance', () => {
    const args = docker(['--push', '--platform', 'linux/amd64,linux/arm64'], { buildx: true });
    expect(args).toEqual(
      expect.arrayContaining(['linux/amd64,linux/arm64', '--sbom=true', '--provenance=mode=max', '--push']),
    );
    expect(docker(['--push', '--no-sbom', '--no-provenance'], { buildx: true })).toEqual(
      expect.arrayContaining(['--sbom=false', '--provenance=false']),
    );
  });

  it('asks a client without buildx for nothing that it does not know', () => {
    const args = docker(['--node-image', 'node:x', '--runtime-image', 'base:y'], { buildx: false });
    expect(args[0]).toBe('build');
    expect(args).toEqual(expect.arrayContaining(['NODE_IMAGE=node:x', 'RUNTIME_IMAGE=base:y']));
    expect(args.filter((word) => /^--(sbom|provenance|push|load)/.test(word))).toEqual([]);
  });

  it.each([
    [['--push'], '--push needs the buildx plugin'],
    [['--platform', 'linux/arm64'], '--platform needs the buildx plugin'],
  ])('says that %j needs buildx', (argv, message) => {
    const problem = evaluate(
      'images/build-plan.mjs',
      'm.clientProblem(m.parseRequest(input.argv, input.defaults), { buildx: false, path: "/usr/bin/docker", version: "20.10" })',
      { argv, defaults },
    );
    expect(problem).toContain(message);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { evaluate } from '../images/testing/evaluate';

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
interface Service {
  [key: string]: unknown;
  ports?: string[];
  environment?: Record<string, string>;
}
interface Compose {
  [key: string]: unknown;
  services: Record<string, Service>;
}
const load = () => parse(text, { merge: true }) as Compose;
const embedded = () =>
  parse(readFileSync(join(root, 'docker-compose.embedded.yml'), 'utf8'), { merge: true }) as Compose;
const problems = (compose: Compose) =>
  evaluate('compose/rules.mjs', 'm.composeProblems(input)', compose) as string[];

describe('rules of docker-compose.yml', () => {
  it('are kept', () => {
    expect(problems(load())).toEqual([]);
  });

  it.each<[string, (c: Compose) => unknown, string]>([
    ['a missing service', (c) => delete c.services['data-api'], 'services.data-api is missing'],
    [
      'an unknown service',
      (c) => (c.services['redis'] = { ...c.services['kafka'], ports: [] }),
      'services.redis is in no set',
    ],
    [
      'a profile on the default set',
      (c) => (c.services['kafka']!['profiles'] = ['observability']),
      'belongs to the default set',
    ],
    ['a port for everybody', (c) => (c.services['kafka']!.ports = ['9092:9092']), '"9092:9092" must be'],
    [
      'a port that is taken',
      (c) => (c.services['data-api']!.ports = ['${BIND_ADDRESS:-127.0.0.1}:5000:5000']),
      '5000 is taken by backend-api',
    ],
    [
      'a port on the worker',
      (c) => (c.services['sqs-worker']!.ports = ['${BIND_ADDRESS:-127.0.0.1}:5003:5003']),
      '--scale sqs-worker=4',
    ],
    ['a container name', (c) => (c.services['sqs-worker']!['container_name'] = 'w'), '--scale'],
    [
      'a root that can be written',
      (c) => (c.services['http-demo']!['read_only'] = false),
      'read_only must be true',
    ],
    ['capabilities', (c) => delete c.services['grafana']!['cap_drop'], 'services.grafana.cap_drop'],
    ['new privileges', (c) => delete c.services['kafka']!['security_opt'], 'services.kafka.security_opt'],
    [
      'the Docker socket',
      (c) => (c.services['localstack']!['volumes'] = ['/var/run/docker.sock:/x']),
      'the Docker socket',
    ],
    [
      'an image by tag alone',
      (c) => (c.services['kafka']!['image'] = 'apache/kafka:4.3.1'),
      'pinned by version and digest',
    ],
    [
      'no wait for health',
      (c) =>
        (c.services['backend-api']!['depends_on'] = { 'external-api': { condition: 'service_started' } }),
      'wait for service_healthy',
    ],
    [
      'a short grace period',
      (c) => (c.services['sqs-worker']!['stop_grace_period'] = '10s'),
      'stop_grace_period',
    ],
    [
      'another app in the build',
      (c) => (c.services['data-api']!['build'] = { context: '.', args: { APP: 'backend-api' } }),
      'services.data-api.build.args.APP is backend-api',
    ],
    ['syntax that 1.29 refuses', (c) => (c['name'] = 'x'), 'docker-compose 1.29'],
    [
      'no health check',
      (c) => delete c.services['kafka']!['healthcheck'],
      'services.kafka.healthcheck is missing',
    ],
  ])('refuse %s', (_name, breakIt, message) => {
    const compose = load();
    breakIt(compose);
    expect(problems(compose)).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });

  it('refuse an embedded file that leaves Kafka as it is', () => {
    const check = (override: Compose) =>
      evaluate('compose/rules.mjs', 'm.embeddedProblems(input.base, input.override)', {
        base: load(),
        override,
      });
    const override = embedded();
    expect(check(override)).toEqual([]);
    delete override.services['kafka'];
    expect(check(override)).toEqual([
      'docker-compose.embedded.yml: services.kafka must be the image emulators',
    ]);
  });

  it('refuse a variable that the app would ignore', () => {
    const compose = load();
    compose.services['http-demo']!.environment = { GRETING: 'x', GREETING: 'y' };
    const unknown = evaluate('compose/rules.mjs', 'm.unknownVariables(input, () => new Set(["GREETING"]))', {
      'http-demo': compose.services['http-demo'],
    });
    expect(unknown).toEqual(['services.http-demo.environment.GRETING: http-demo does not read it']);
  });

  it.each([
    ['A=1\n', []],
    ['', ['.env.example: A is missing']],
    ['A=2\n', ['.env.example: A=2, the default is 1']],
    ['A=1\nB=3\n', ['.env.example: no compose file reads B']],
  ])('hold .env.example %j against the defaults', (example, expected) => {
    expect(
      evaluate(
        'compose/rules.mjs',
        'm.environmentProblems(m.variables("x: ${A:-1}"), m.environmentFile(input))',
        example,
      ),
    ).toEqual(expected);
  });
});

describe('the ledger of a run', () => {
  const ledgerProblems = (sent: string[], stored: string[], unsure = 0) =>
    evaluate(
      'compose/real-checks.mjs',
      'm.ledgerProblems("t", m.ledger(input.sent, input.stored), input.unsure)',
      { sent, stored, unsure },
    );

  it('is clean when every id is there', () => {
    expect(ledgerProblems(['a', 'b'], ['b', 'a'])).toEqual([]);
  });

  it('sees one lost message among many', () => {
    expect(ledgerProblems(['a', 'b', 'c'], ['a', 'c'])).toEqual(['t: 1 lost, for example b']);
  });

  it('sees a row that nobody sent, unless a request got no answer', () => {
    expect(ledgerProblems(['a'], ['a', 'x'])).toEqual(['t: 1 that nobody sent, for example x']);
    expect(ledgerProblems(['a'], ['a', 'x'], 1)).toEqual([]);
  });
});

describe('the fence of running containers', () => {
  const container = (change: object = {}) => ({
    Name: '/x',
    Config: { User: '1000:1000' },
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      PortBindings: { '80/tcp': [{ HostIp: '127.0.77.1' }] },
      ...change,
    },
  });
  const fence = (change: object) =>
    (
      evaluate(
        'compose/real-checks.mjs',
        'm.fence([input], { address: "127.0.77.1" })',
        container(change),
      ) as { problems: string[] }
    ).problems;

  it.each([
    [{}, []],
    [{ ReadonlyRootfs: false }, ['/x: root file system can be written']],
    [{ CapDrop: null }, ['/x: has capabilities']],
    [{ SecurityOpt: null }, ['/x: may gain privileges']],
    [{ PortBindings: { '80/tcp': [{ HostIp: '0.0.0.0' }] } }, ['/x: publishes on 0.0.0.0']],
  ])('%j', (change, expected) => {
    expect(fence(change)).toEqual(expected);
  });
});

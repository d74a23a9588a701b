// Every service's start to listening, seen from outside, and its memory when nothing happens. Shipped bundles, warm compile cache.
import { join } from 'node:path';
import { bundleOf, freePort, root } from '../../apps/sqs-worker/bench/programs.mjs';
import { launch, rssMegabytesOf, untilListening } from './processes.mjs';
import { measuredRow } from './row.mjs';

const startRounds = 7;
const idleRounds = 3;
const idleMs = 5_000;

const aws = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' };

const services = [
  { name: 'http-demo', app: 'http-demo' },
  { name: 'backend-api', app: 'backend-api' },
  { name: 'data-api', app: 'data-api' },
  { name: 'sqs-worker-api', app: 'sqs-worker', env: { ROLE: 'api', ...aws } },
  { name: 'sqs-worker', app: 'sqs-worker', env: { ROLE: 'worker', ...aws } },
  { name: 'kafka-consumer', app: 'kafka-consumer', env: aws },
];

export async function benchStart() {
  const emulators = await startEmulators();
  const run = async ({ app, env = {} }) => {
    const port = await freePort();
    const program = launch(process.execPath, [bundleOf(app)], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        METRICS_PORT: String(port),
        LOG_DIR: join(root, '.cache', 'bench', 'logs'),
        LOCALSTACK_URL: emulators.aws,
        KAFKA_BROKERS: emulators.kafka,
        NODE_COMPILE_CACHE: join(root, '.cache', 'bench', 'compile'),
        ...env,
      },
    });
    return { program, listeningMs: await untilListening(program, port) };
  };
  const starts = new Map(services.map(({ name }) => [name, []]));
  const idle = new Map(services.map(({ name }) => [name, []]));
  try {
    for (const service of services) {
      // Node writes its compile cache when it ends by itself.
      const { program } = await run(service);
      await program.stop('SIGTERM');
    }
    for (let round = 0; round < startRounds; round += 1) {
      for (const service of services) {
        const { program, listeningMs } = await run(service);
        starts.get(service.name).push(listeningMs);
        await program.stop('SIGKILL');
      }
    }
    for (let round = 0; round < idleRounds; round += 1) {
      const all = [];
      for (const service of services) all.push(await run(service));
      await new Promise((resolve) => setTimeout(resolve, idleMs));
      for (const [index, { program }] of all.entries())
        idle.get(services[index].name).push(rssMegabytesOf(program.child.pid));
      await Promise.all(all.map(({ program }) => program.stop('SIGKILL')));
    }
  } finally {
    await emulators.stop();
  }
  return services.flatMap(({ name }) => [
    measuredRow({
      id: `${name}-start`,
      what: `${name}: start to listening`,
      reach: { atMost: 150 },
      unit: 'ms',
      rounds: starts.get(name),
      how: `${startRounds} starts of the bundle with a warm compile cache; from spawn until a connection is accepted`,
    }),
    measuredRow({
      id: `${name}-idle-rss`,
      what: `${name}: idle RSS`,
      reach: { atMost: 90 },
      unit: 'MB',
      rounds: idle.get(name),
      how: `VmRSS ${idleMs / 1_000} s after the start, consumers joined and polling, ${idleRounds} rounds`,
    }),
  ]);
}

async function startEmulators() {
  const [aws, kafka, external, probes] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const program = launch(process.execPath, [bundleOf('emulators')], {
    env: {
      PATH: process.env.PATH,
      AWS_PORT: String(aws),
      KAFKA_PORT: String(kafka),
      EXTERNAL_API_PORT: String(external),
      METRICS_PORT: String(probes),
      LOG_LEVEL: 'warn',
    },
  });
  for (const port of [aws, kafka, probes]) await untilListening(program, port);
  return { aws: `http://127.0.0.1:${aws}`, kafka: `127.0.0.1:${kafka}`, stop: () => program.stop('SIGKILL') };
}

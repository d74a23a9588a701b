// Start to listening and to ready, and idle memory, of the shipped bundles with a warm compile cache.
import { readFileSync } from 'node:fs';
import { bundleOf, freePort, median, printTable, start, startEmulators, untilReady } from './programs.mjs';

const rounds = Number(process.env.ROUNDS ?? 7);
const idleMs = Number(process.env.IDLE_MS ?? 3_000);

const rssMb = (pid) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;

async function measure(role, endpoint, { idle, signal }) {
  const port = await freePort();
  const program = start(bundleOf('sqs-worker'), {
    ROLE: role,
    PORT: String(port),
    METRICS_PORT: String(port),
    LOCALSTACK_URL: endpoint,
  });
  const ready = await untilReady(program, `http://127.0.0.1:${port}/readyz`);
  if (idle) await new Promise((resolve) => setTimeout(resolve, idleMs));
  const listening = await program.listenedMs();
  const rss = rssMb(program.child.pid);
  await program.stop(signal);
  return { listening, ready, rss };
}

export async function benchStart() {
  const emulators = await startEmulators();
  const rows = [];
  for (const role of ['api', 'worker']) {
    // Node writes its compile cache when it exits: this one must end by itself.
    await measure(role, emulators.url, { idle: false, signal: 'SIGTERM' });
    const samples = [];
    for (let round = 0; round < rounds; round += 1)
      samples.push(await measure(role, emulators.url, { idle: round === 0, signal: 'SIGKILL' }));
    rows.push({
      role,
      listeningMs: Math.round(median(samples.map(({ listening }) => listening))),
      readyMs: Math.round(median(samples.map(({ ready }) => ready))),
      idleRssMb: Math.round(samples[0].rss),
    });
  }
  await emulators.stop('SIGKILL');
  return { name: 'start', rows, reach: { listeningMs: 150, idleRssMb: 90 } };
}

if (import.meta.filename === process.argv[1]) {
  const result = await benchStart();
  printTable('start and idle memory of the bundle', result.rows);
  console.log(JSON.stringify(result));
}

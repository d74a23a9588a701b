// POST /process_message: messages a second with group commit against one SendMessage a request. Rounds alternate.
import {
  bundleOf,
  bundlePeer,
  cpuSeconds,
  freePort,
  median,
  printTable,
  start,
  startEmulators,
  untilReady,
} from './programs.mjs';
import { postLoad } from './http-load.mjs';

const rounds = Number(process.env.ROUNDS ?? 3);
const ms = Number(process.env.ROUND_MS ?? 3_000);
const connections = Number(process.env.CONNECTIONS ?? 64);
const body = JSON.stringify({ order: 4711, note: 'x'.repeat(150) });

export async function benchIntake() {
  const peer = await bundlePeer('single-send.peer.ts');
  const rates = { single: [], grouped: [] };
  const cpuUs = { single: [], grouped: [] };
  let refused = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ['single', 'grouped']) {
      const emulators = await startEmulators();
      const queueUrl = `${emulators.url}/000000000000/sqs-worker-messages`;
      const port = await freePort();
      const common = { LOCALSTACK_URL: emulators.url, PORT: String(port), ROLE: 'api', QUEUE_URL: queueUrl };
      const api = start(bundleOf('sqs-worker'), common);
      await untilReady(api, `http://127.0.0.1:${port}/readyz`);
      let program = api;
      if (kind === 'single') {
        // The API above has made the queue; the peer takes its place.
        await api.stop();
        program = start(peer, common);
        await untilReady(program, `http://127.0.0.1:${port}/readyz`);
      }
      const load = { port, path: '/process_message', body, connections };
      await postLoad({ ...load, ms: 1_000 });
      const before = cpuSeconds(program) + cpuSeconds(emulators);
      const result = await postLoad({ ...load, ms });
      rates[kind].push(result.perSecond);
      cpuUs[kind].push(((cpuSeconds(program) + cpuSeconds(emulators) - before) / result.accepted) * 1e6);
      refused += result.refused;
      await program.stop('SIGKILL');
      await emulators.stop('SIGKILL');
    }
  }
  const [single, grouped] = [median(rates.single), median(rates.grouped)];
  return {
    name: 'intake',
    what: `POST /process_message, ${connections} connections`,
    single: Math.round(single),
    grouped: Math.round(grouped),
    ratio: Number((grouped / single).toFixed(2)),
    reach: 4,
    cpuUs: { single: Math.round(median(cpuUs.single)), grouped: Math.round(median(cpuUs.grouped)) },
    refused,
    rounds: rates,
  };
}

if (import.meta.filename === process.argv[1]) {
  const result = await benchIntake();
  printTable('messages a second taken by the API', [
    {
      how: 'one SendMessage a request',
      'messages/s': result.single,
      ratio: 1,
      'CPU us/message (API + emulator)': result.cpuUs.single,
    },
    {
      how: 'group commit',
      'messages/s': result.grouped,
      ratio: result.ratio,
      'CPU us/message (API + emulator)': result.cpuUs.grouped,
    },
  ]);
  console.log(JSON.stringify(result));
}

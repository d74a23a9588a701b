// http-demo's `GET /` against its peers. The server has one core for itself, the load the other; all get the same treatment.
import { mkdtempSync, openSync, closeSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOf, freePort, root } from '../../apps/sqs-worker/bench/programs.mjs';
import { flask } from './flask.mjs';
import { cpuSecondsOfGroup, launch, untilListening } from './processes.mjs';
import { measuredRow, median, pairedRatios, skippedRow } from './row.mjs';
import { hasTaskset, hasWrk, httpLoad } from './wrk.mjs';

const [serverCore, loadCore] = [0, 1];
const rounds = 3;
const seconds = 3;

const peers = [
  {
    id: 'http-demo-against-bare',
    peer: 'bare',
    what: 'http-demo GET / against bare node:http',
    atLeast: 0.4,
  },
  {
    id: 'http-demo-against-express',
    peer: 'express',
    what: 'http-demo GET / against Express + express-prom-bundle + pino-http',
    atLeast: 2,
  },
  {
    id: 'http-demo-against-flask',
    peer: 'flask',
    what: 'http-demo GET / against Flask + prometheus_client, gunicorn, 1 worker',
    atLeast: 7,
  },
];

export async function benchHttpDemo() {
  const missing = hasWrk ? (hasTaskset ? undefined : 'no taskset here') : 'no wrk here';
  if (missing)
    return peers.map(({ id, what, atLeast }) => skippedRow({ id, what, reach: { atLeast }, why: missing }));
  const node = (file) => (env, options) => launch(process.execPath, [file], { ...options, env });
  const python = flask();
  const programs = {
    ours: node(bundleOf('http-demo')),
    bare: node(join(import.meta.dirname, 'peers', 'bare.mjs')),
    express: node(join(import.meta.dirname, 'peers', 'express.mjs')),
    ...('gunicorn' in python && {
      flask: ({ PORT, ...env }, options) =>
        launch(
          python.gunicorn,
          [
            '-w',
            '1',
            '-b',
            `127.0.0.1:${PORT}`,
            '--backlog',
            '2048',
            '--access-logfile',
            '-',
            '--log-level',
            'warning',
            'flask_service:app',
          ],
          { ...options, env, cwd: join(import.meta.dirname, 'peers') },
        ),
    }),
  };
  const names = Object.keys(programs);
  const rates = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // The order turns, so that none always comes first.
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      rates[name].push(await measure(programs[name]));
    }
  }
  const of = (name, key) => rates[name].map((sample) => sample[key]);
  return peers.map(({ id, peer, what, atLeast }) => {
    if (!(peer in programs)) return skippedRow({ id, what, reach: { atLeast }, why: python.skipped });
    return measuredRow({
      id,
      what,
      reach: { atLeast },
      unit: 'x',
      rounds: pairedRatios(of('ours', 'perSecond'), of(peer, 'perSecond')),
      how: `wrk -t1 -c64 -d${seconds}s on core ${loadCore}, one server after the other on core ${serverCore}, logs to a file, ${rounds} rounds in turn after 1 s of warm-up`,
      detail: {
        'http-demo requests/s': Math.round(median(of('ours', 'perSecond'))),
        'peer requests/s': Math.round(median(of(peer, 'perSecond'))),
        'http-demo CPU us/request': Math.round(median(of('ours', 'cpuUs'))),
        'peer CPU us/request': Math.round(median(of(peer, 'cpuUs'))),
      },
    });
  });
}

async function measure(start) {
  const folder = mkdtempSync(join(tmpdir(), 'scalelab-bench-'));
  const log = openSync(join(folder, 'log'), 'a');
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: String(port),
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: join(root, '.cache', 'bench', 'compile'),
  };
  const program = start(env, { core: serverCore, stdio: ['ignore', log, log] });
  closeSync(log);
  try {
    await untilListening(program, port);
    const url = `http://127.0.0.1:${port}/`;
    await httpLoad(url, { seconds: 1, core: loadCore });
    const before = cpuSecondsOfGroup(program.child.pid);
    const { perSecond, requests } = await httpLoad(url, { seconds, core: loadCore });
    return { perSecond, cpuUs: ((cpuSecondsOfGroup(program.child.pid) - before) / requests) * 1e6 };
  } finally {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

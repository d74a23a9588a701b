// npm run bench -- scaling: how fast the decision core decides, simulates, sweeps and conforms; figures in bench/results/scaling.json.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'apps/cli/dist/main.cjs');
const folder = mkdtempSync(join(tmpdir(), 'scalelab-bench-'));

/** A bench of a library, bundled and loaded. */
async function load(file) {
  const outfile = join(folder, `${file.replaceAll('/', '-')}.mjs`);
  await build({
    entryPoints: [join(root, file)],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'node24',
    platform: 'node',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return import(outfile);
}

/** Runs the command line; seconds until it ends, and the most memory that its process had (Linux, MiB). */
function time(...args) {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const child = spawn(process.execPath, [cli, ...args], { cwd: root });
    let out = '';
    let peak = 0;
    child.stdout.on('data', (data) => (out += data));
    const look = setInterval(() => {
      try {
        const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
        peak = Math.max(peak, Number(kib ?? 0) / 1024);
      } catch {
        // The process is gone, or this is no Linux.
      }
    }, 100);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(look);
      resolve({ seconds: (performance.now() - from) / 1_000, code, out, peakMiB: Math.round(peak) });
    });
  });
}

const rows = [];
const row = (what, value, unit, limit, how) => {
  const figure = Number(value.toFixed(value < 100 ? 1 : 0));
  rows.push({ what, value: figure, unit, limit, ok: figure <= limit, how });
  process.stdout.write(
    `${what.padEnd(52)} ${String(figure).padStart(8)} ${unit.padEnd(4)} limit ${String(limit).padStart(4)}  ${figure <= limit ? 'ok' : 'MISSED'}\n`,
  );
};

try {
  const { benchHpa } = await load('libs/scaling/bench/hpa.bench.ts');
  for (const { name, bestMicroseconds, medianMicroseconds } of benchHpa(() => performance.now()))
    row(
      `HPA decision: ${name}`,
      bestMicroseconds,
      'us',
      20,
      `best of 15 rounds of 2,000; median ${medianMicroseconds} us`,
    );

  const { benchDays } = await load('libs/simulation/bench/day.bench.ts');
  for (const { name, bestMs, medianMs, syncs, polls } of benchDays(() => performance.now()))
    row(name, bestMs, 'ms', 60, `${syncs} syncs and ${polls} polls; best of 15 days, median ${medianMs} ms`);

  const model = join(folder, 'model.json');
  writeFileSync(model, JSON.stringify({ serviceSeconds: 0.5, concurrency: 4 }));
  const thresholds = Array.from({ length: 20 }, (_, i) => 5 * (i + 1)).join(',');
  const sweep = await time(
    'simulate',
    '-f',
    'examples/lint/good/spike-keeps-scaling.yaml',
    '--load',
    'daily:1..100',
    '--model',
    model,
    '--sweep',
    `trigger.threshold=${thresholds}`,
    '--sweep',
    'maxReplicaCount=10,15,20,25,30,35,40,45,50,60',
  );
  if (!sweep.out.includes('200 configurations'))
    throw new Error(`the sweep did not run: ${sweep.out.slice(0, 200)}`);
  row('sweep of 200 configurations x 1 day', sweep.seconds, 's', 10, `whole process, ${cpus().length} cores`);
  if (sweep.peakMiB > 0)
    row('memory of the sweep, all threads', sweep.peakMiB, 'MiB', 300, 'VmHWM of the process');

  const conform = await time('conform', 'libs/scaling/conformance');
  if (conform.code !== 0) throw new Error(`conform failed: ${conform.out}`);
  row(`conform: ${conform.out.trim()}`, conform.seconds, 's', 15, 'whole process');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const [{ model: cpu = 'unknown' } = {}] = cpus();
mkdirSync(join(root, 'bench/results'), { recursive: true });
writeFileSync(
  join(root, 'bench/results/scaling.json'),
  `${JSON.stringify({ bench: 'scaling', at: new Date().toISOString(), node: process.version, cpu, cores: cpus().length, memoryMiB: Math.round(totalmem() / 2 ** 20), rows }, null, 2)}\n`,
);
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;

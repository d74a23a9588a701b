// npm run bench -- scaling: how fast the decision core decides, simulates, sweeps and conforms; figures in bench/results/scaling.json
// and docs/numbers.md.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { writeSection } from '../tools/numbers-page.mjs';
import { figures, results } from './scaling/numbers.mjs';

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

/** Runs the command line; seconds until it ends, its CPU time and the most memory that its process had (both Linux, s and MiB). */
function time(...args) {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const child = spawn(process.execPath, [cli, ...args], { cwd: root });
    let out = '';
    let peak = 0;
    let cpuSeconds = 0;
    child.stdout.on('data', (data) => (out += data));
    const look = setInterval(() => {
      try {
        const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
        peak = Math.max(peak, Number(kib ?? 0) / 1024);
        const [, fields = ''] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ');
        const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
        cpuSeconds = (user + system) / 100;
      } catch {
        // The process is gone, or this is no Linux.
      }
    }, 100);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(look);
      resolve({
        seconds: (performance.now() - from) / 1_000,
        code,
        out,
        peakMiB: Math.round(peak),
        cpuSeconds,
      });
    });
  });
}

const [loadBefore] = loadavg();
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
  let peakMiB = 0;
  for (const second of [
    'maxReplicaCount=10,15,20,25,30,35,40,45,50,60',
    'cooldownPeriod=30,60,90,120,150,200,250,300,400,600',
  ]) {
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
      second,
    );
    if (!sweep.out.includes('200 configurations'))
      throw new Error(`the sweep did not run: ${sweep.out.slice(0, 200)}`);
    const simulated = /(\d+) of them were simulated/.exec(sweep.out)?.[1] ?? 'all';
    row(
      `sweep of 200 configurations x 1 day, threshold and ${second.split('=')[0]}`,
      sweep.seconds,
      's',
      10,
      `whole process, ${cpus().length} cores, with a workload model; ${simulated} simulated; ${sweep.cpuSeconds.toFixed(1)} s of CPU`,
    );
    peakMiB = Math.max(peakMiB, sweep.peakMiB);
  }
  if (peakMiB > 0) row('memory of the sweeps, all threads', peakMiB, 'MiB', 300, 'VmHWM of the process');

  const conform = await time('conform', 'libs/scaling/conformance');
  if (conform.code !== 0) throw new Error(`conform failed: ${conform.out}`);
  row(`conform: ${conform.out.trim()}`, conform.seconds, 's', 15, 'whole process');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const [{ model: cpu = 'unknown' } = {}] = cpus();
const result = {
  bench: 'scaling',
  at: new Date().toISOString(),
  node: process.version,
  cpu,
  cores: cpus().length,
  memoryMiB: Math.round(totalmem() / 2 ** 20),
  loadAverage: { before: loadBefore, after: loadavg()[0] },
  rows,
};
mkdirSync(join(root, 'bench/results'), { recursive: true });
writeFileSync(results, `${JSON.stringify(result, null, 2)}\n`);
await writeSection('scaling', figures(result));
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;

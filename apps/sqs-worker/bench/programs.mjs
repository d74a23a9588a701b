// Programs under measurement: the shipped bundles, and peers bundled with the same options.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..', '..');
const compileCache = join(root, '.cache', 'bench', 'compile');

const children = new Set();
// Whatever ends the bench, an error or a signal, no program is left behind.
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export function bundleOf(app) {
  const file = join(root, 'apps', app, 'dist', 'main.cjs');
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  return file;
}

/** Bundles a peer as tools/bundle.mjs bundles an app. */
export async function bundlePeer(name) {
  const outfile = join(root, '.cache', 'bench', `${basename(name, '.ts')}.cjs`);
  await build({
    entryPoints: [join(here, name)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

export function start(file, env) {
  mkdirSync(compileCache, { recursive: true });
  const startedAt = performance.now();
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const gone = once(child, 'exit').then(() => children.delete(child));
  let head = '';
  child.stdout.on('data', (chunk) => {
    if (head.length < 65_536) head += chunk;
  });
  return {
    child,
    startedAt,
    /** What the program says of its own start: milliseconds of its process until it listened. */
    async listenedMs() {
      for (;;) {
        const line = head.split('\n').find((text) => text.includes('"msg":"listening"'));
        if (line) return JSON.parse(line).startMs;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await gone;
    },
  };
}

/** CPU seconds that a process has used. Beside a rate it tells what the machine's other load cannot blur. */
export function cpuSeconds({ child }) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Milliseconds from spawn until the URL answers 200. */
export async function untilReady(program, url, timeoutMs = 20_000) {
  for (;;) {
    try {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      if (answer.status === 200) return performance.now() - program.startedAt;
    } catch {
      // Not listening yet.
    }
    if (performance.now() - program.startedAt > timeoutMs) throw new Error(`${url} did not become ready`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export async function startEmulators(env = {}) {
  const aws = await freePort();
  const probes = await freePort();
  const program = start(bundleOf('emulators'), {
    AWS_PORT: String(aws),
    METRICS_PORT: String(probes),
    KAFKA_ENABLED: 'false',
    EXTERNAL_API_ENABLED: 'false',
    LOG_LEVEL: 'warn',
    ...env,
  });
  await untilReady(program, `http://127.0.0.1:${probes}/readyz`);
  return { ...program, url: `http://127.0.0.1:${aws}` };
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

export function printTable(title, rows) {
  process.stdout.write(`\n${title}\n`);
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => String(row[column]).length)),
  );
  const line = (cells) =>
    cells
      .map((cell, index) => String(cell).padEnd(widths[index]))
      .join('  ')
      .trimEnd();
  process.stdout.write(`${line(columns)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}\n`);
  for (const row of rows) process.stdout.write(`${line(columns.map((column) => row[column]))}\n`);
}

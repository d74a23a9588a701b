// Installs and builds what is missing, once: fast and silent when nothing changed. Only Node built-ins.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundledNode, projectNode, root } from './node.mjs';

const installMark = join(root, 'node_modules', '.scalelab-installed');
const buildMark = join(root, '.cache', 'built.json');

/** Environment for Nx: no cloud, no prompts, no terminal UI, no daemon left behind. */
export const nxEnv = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_VERBOSE_LOGGING: 'false',
  CI: 'true',
};

function say(text) {
  process.stderr.write(`scalelab: ${text}\n`);
}

function minimumNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 11)) {
    say(`Node ${process.version} is too old: install Node 20.11 or newer from your package manager`);
    process.exit(1);
  }
}

/** Runs `npm ci` unless node_modules was installed from this very lockfile. */
export function ensureInstalled() {
  minimumNode();
  const want = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  if (existsSync(installMark) && readFileSync(installMark, 'utf8') === want) return;
  say('installing dependencies from the lockfile (once; about half a minute)');
  const started = Date.now();
  const result = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    say('npm ci failed: the lines above say why; `npm start` tries again');
    process.exit(result.status ?? 1);
  }
  if (!bundledNode()) say(`no packaged Node for ${process.platform}-${process.arch}: using ${projectNode()}`);
  writeFileSync(installMark, want);
  say(`installed in ${seconds(started)}`);
}

/** Builds the bundles unless sources, lockfile and bundler are those of the last build. */
export function ensureBuilt() {
  const want = fingerprint(buildInputs());
  if (existsSync(buildMark)) {
    try {
      const last = JSON.parse(readFileSync(buildMark, 'utf8'));
      if (last.fingerprint === want && last.outputs.every((file) => existsSync(join(root, file)))) return;
    } catch {
      // A broken mark is no mark: build.
    }
  }
  say('building the bundles');
  const started = Date.now();
  const result = spawnSync(
    projectNode(),
    [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build', '--outputStyle=static'],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...nxEnv },
    },
  );
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    say('the build failed: the lines above say where');
    process.exit(result.status ?? 1);
  }
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(buildMark, JSON.stringify({ fingerprint: want, outputs: buildOutputs() }));
  say(`built in ${seconds(started)}`);
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

function buildInputs() {
  const files = ['package-lock.json', 'tools/bundle.mjs', 'tsconfig.base.json'].map((f) => join(root, f));
  for (const group of ['libs', 'apps']) {
    for (const name of readdirSync(join(root, group))) files.push(...sources(join(root, group, name, 'src')));
  }
  files.push(...sources(join(root, 'tools/tour/src')));
  return files.filter((f) => !f.endsWith('.spec.ts'));
}

function buildOutputs() {
  const outputs = [];
  for (const folder of [...readdirSync(join(root, 'apps')).map((n) => `apps/${n}`), 'tools/tour']) {
    if (existsSync(join(root, folder, 'src/main.ts'))) outputs.push(`${folder}/dist/main.cjs`);
  }
  return outputs;
}

/** Every file under `folder`, depth first, in name order. */
export function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.name === 'dist') return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sources(path) : [path];
    });
}

function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

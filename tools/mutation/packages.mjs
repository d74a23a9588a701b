// Stryker at pinned versions, installed on demand into .cache/mutation: it is needed by this tool alone, and not by `npm ci`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { projectNode, root } from '../node.mjs';

export const cache = join(root, '.cache/mutation');
export const strykerVersion = '10.0.0';
const installed = join(cache, 'node_modules/@stryker-mutator/core/package.json');

/** @returns {{bin: string} | {skipped: string}} Stryker's entry, or why it cannot be had. */
export function findStryker() {
  const bin = join(cache, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  if (existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === strykerVersion)
    return { bin };
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{ "name": "mutation", "private": true }\n');
  const { status, stderr, error } = spawnSync(
    'npm',
    [
      'install',
      '--save-exact',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `@stryker-mutator/core@${strykerVersion}`,
    ],
    {
      cwd: cache,
      encoding: 'utf8',
      env: { ...process.env, PATH: [dirname(projectNode()), process.env.PATH].join(delimiter) },
    },
  );
  if (status === 0) return { bin };
  const why =
    error?.message ?? (stderr.split('\n').find((line) => line.startsWith('npm error')) || 'npm failed');
  return { skipped: `@stryker-mutator/core@${strykerVersion} could not be installed: ${why}` };
}

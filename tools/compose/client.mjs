// The compose programs of this machine: the docker plugin (v2 and newer) and the program docker-compose (1.29).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @typedef {{words: string[], version: string}} Compose what to type, for example ['docker', 'compose'] */

/** @returns {Compose[]} each that works; SCALELAB_COMPOSE names the only one to look at */
export function findComposes(env = process.env) {
  const inPath = (name) =>
    (env.PATH ?? '')
      .split(delimiter)
      .map((folder) => join(folder, name))
      .filter((path) => existsSync(path));
  const candidates = env.SCALELAB_COMPOSE
    ? [[env.SCALELAB_COMPOSE]]
    : [
        ...inPath('docker').map((path) => [path, 'compose']),
        ...inPath('docker-compose').map((path) => [path]),
      ];
  const found = new Map();
  for (const words of candidates) {
    const { status, stdout } = spawnSync(words[0], [...words.slice(1), 'version', '--short'], {
      encoding: 'utf8',
      env,
    });
    const version = stdout?.trim().replace(/^v/, '');
    if (status === 0 && /^\d+\.\d+/.test(version) && !found.has(version))
      found.set(version, { words, version });
  }
  return [...found.values()];
}

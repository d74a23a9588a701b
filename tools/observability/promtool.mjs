// promtool and prometheus of this machine: SCALELAB_PROMTOOL, or in PATH.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns {{path: string, version: string} | {skipped: string}} */
export function findTool(name, env = process.env) {
  const candidates = [
    env[`SCALELAB_${name.toUpperCase()}`],
    ...(env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)),
  ];
  const path = candidates.find((file) => file && existsSync(file));
  if (!path) return { skipped: `no ${name} in PATH (Debian: apt-get install prometheus)` };
  const { stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return { path, version: /version (\S+)/.exec(`${stdout}${stderr}`)?.[1] ?? 'unknown' };
}

/** @returns {{ok: boolean, output: string}} */
export function runPromtool(tool, args, cwd) {
  const { status, stdout, stderr } = spawnSync(tool.path, args, { encoding: 'utf8', cwd });
  return { ok: status === 0, output: `${stdout}${stderr}`.trim() };
}

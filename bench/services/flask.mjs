// Flask, gunicorn and prometheus_client in a virtual environment of their own, made once.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../apps/sqs-worker/bench/programs.mjs';

const packages = ['flask==3.1.2', 'gunicorn==23.0.0', 'prometheus_client==0.23.1'];

/** `{gunicorn}` with the command's path, or `{skipped}` with the reason. */
export function flask() {
  const folder = join(root, '.cache', 'bench', 'flask');
  const gunicorn = join(folder, 'bin', 'gunicorn');
  if (existsSync(gunicorn)) return { gunicorn };
  if (spawnSync('python3', ['-m', 'venv', folder]).status !== 0)
    return { skipped: 'no python3 with venv here' };
  const { status } = spawnSync(join(folder, 'bin', 'pip'), ['install', '--quiet', ...packages], {
    timeout: 120_000,
  });
  return status === 0 ? { gunicorn } : { skipped: `pip could not install ${packages.join(', ')}` };
}

// Ansible for the checks: the one named, the one in PATH, else an environment of its own, made once of ansible/requirements.txt.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from '../node.mjs';

const requirements = join(root, 'ansible/requirements.txt');
const programs = ['ansible-playbook', 'ansible-lint', 'ansible-galaxy'];

const environment = () =>
  join(
    root,
    '.cache/ansible',
    `venv-${createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)}`,
  );

/** Only where minutes are expected: the download is about 600 MB on disk and took 115 s. */
export function mayFetch(env = process.env) {
  if (env.SCALELAB_FETCH === 'off') return false;
  return (
    ['check:full', 'verify:kubernetes'].includes(env.npm_lifecycle_event ?? '') || env.SCALELAB_FETCH === 'on'
  );
}

/** @returns {{bin: string, version: string} | {skipped: string}} folder of ansible-playbook, ansible-lint and ansible-galaxy */
export function findAnsible({ fetch = mayFetch() } = {}) {
  const folders = [
    process.env.SCALELAB_ANSIBLE,
    ...(process.env.PATH ?? '').split(delimiter),
    ...(existsSync(join(environment(), 'complete')) ? [join(environment(), 'bin')] : []),
  ];
  const complete = (folder) => folder && programs.every((program) => existsSync(join(folder, program)));
  const bin = folders.find(complete);
  if (bin) return { bin, version: versionOf(bin) };
  if (!fetch)
    return {
      skipped: `no ${programs.join(', ')} in PATH or in the folder SCALELAB_ANSIBLE; "npm run check:full" fetches them (2 minutes)`,
    };
  try {
    make();
  } catch (error) {
    return { skipped: `no Ansible in PATH, and it could not be fetched: ${reason(error)}` };
  }
  return { bin: join(environment(), 'bin'), version: versionOf(join(environment(), 'bin')) };
}

function make() {
  // At its final place, since a virtual environment cannot be moved; one that was left half-made is made anew.
  const target = environment();
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, '..'), { recursive: true });
  const run = (...command) =>
    execFileSync(command[0], command.slice(1), {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 600_000,
    });
  run('python3', '-m', 'venv', target);
  run(join(target, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--requirement', requirements);
  writeFileSync(join(target, 'complete'), '');
}

function reason(error) {
  return String(error.stderr || error.message)
    .trim()
    .split('\n')
    .at(-1);
}

/** Runs one of Ansible's programs in ansible/, with nothing of the user's settings. */
export function runAnsible({ bin }, program, args, { env = {}, ...options } = {}) {
  return spawnSync(join(bin, program), args, {
    cwd: join(root, 'ansible'),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    ...options,
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      ANSIBLE_CONFIG: join(root, 'ansible/ansible.cfg'),
      ANSIBLE_NOCOLOR: '1',
      NO_COLOR: '1',
      ...env,
    },
  });
}

function versionOf(bin) {
  const { stdout } = runAnsible({ bin }, 'ansible-playbook', ['--version']);
  return /\[core ([^\]]+)\]/.exec(stdout)?.[1] ?? 'unknown';
}

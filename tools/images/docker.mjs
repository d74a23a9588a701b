// The docker client to build with, and a daemon to build on.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{path: string, version: string, buildx: boolean}} Client */

function capture(path, args, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(path, args, {
    encoding: 'utf8',
    env,
    maxBuffer: 64 << 20,
  });
  return {
    ok: status === 0,
    stdout: (stdout ?? '').trim(),
    stderr: (stderr ?? '').trim() || (error?.message ?? ''),
  };
}

/** From 23 on the client has no BuildKit of its own and needs the buildx plugin. */
export function canBuild({ version, buildx }) {
  return buildx || Number(version.split('.')[0]) < 23;
}

/**
 * The first client that can build: SCALELAB_DOCKER, else the ones in PATH.
 * @returns {{client: Client} | {problem: string}}
 */
export function findClient(env = process.env) {
  const given = env.SCALELAB_DOCKER;
  const paths = given ? [given] : (env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'docker'));
  const unable = [];
  for (const path of new Set(paths)) {
    if (!existsSync(path)) continue;
    const version = /Docker version (\d+[\w.+~-]*)/.exec(capture(path, ['--version'], env).stdout)?.[1];
    if (!version) continue;
    const buildx = capture(path, ['buildx', 'version'], env).ok;
    const client = { path, version, buildx };
    if (canBuild(client)) return { client };
    unable.push(`${path} is Docker ${version} without the buildx plugin`);
  }
  if (unable.length > 0) return { problem: `${unable.join('; ')}: install docker-buildx-plugin` };
  return {
    problem: given
      ? `SCALELAB_DOCKER is ${given}, where no docker is`
      : 'no docker in PATH: install Docker, or set SCALELAB_DOCKER',
  };
}

/** A client tied to a daemon. */
export class Docker {
  constructor(client, env = process.env) {
    this.client = client;
    this.env = env;
  }

  /** @returns {string | null} why the daemon does not answer */
  daemonProblem() {
    const { ok, stderr } = capture(
      this.client.path,
      ['version', '--format', '{{.Server.Version}}'],
      this.env,
    );
    if (ok) return null;
    return `the Docker daemon does not answer (${stderr.split('\n').at(-1)}): start it, or set DOCKER_HOST`;
  }

  /** Runs docker, throws with its last lines when it fails, returns its output. */
  run(...args) {
    const { ok, stdout, stderr } = capture(this.client.path, args, this.env);
    if (!ok)
      throw new Error(`docker ${args[0]} failed: ${(stderr || stdout).split('\n').slice(-5).join('\n')}`);
    return stdout;
  }

  try(...args) {
    return capture(this.client.path, args, this.env);
  }

  has(image) {
    return this.try('image', 'inspect', image).ok;
  }

  inspect(what) {
    return JSON.parse(this.run('inspect', what))[0];
  }

  /** Makes an image of one layer out of a folder, all of it owned by root. */
  importFolder(folder, name, changes) {
    const options = changes.flatMap((change) => ['--change', change]);
    const { status, stderr } = spawnSync(
      'sh',
      [
        '-c',
        'folder=$1; shift; tar --owner=0 --group=0 --numeric-owner -C "$folder" -c . | "$@"',
        'sh',
        folder,
        ...[this.client.path, 'import', ...options, '-', name],
      ],
      { encoding: 'utf8', env: this.env },
    );
    if (status !== 0) throw new Error(`docker import ${name} failed: ${stderr.trim().split('\n').at(-1)}`);
  }
}

/**
 * A daemon for checks: the one that answers already, else one of our own where that is possible (root on Linux, dockerd in PATH).
 * @returns {Promise<{docker: Docker, own: boolean, stop: () => Promise<void>} | {skipped: string}>}
 */
export async function daemonForChecks(env = process.env) {
  const found = findClient(env);
  if (found.problem) return { skipped: found.problem };
  const docker = new Docker(found.client, env);
  const problem = docker.daemonProblem();
  if (!problem) return { docker, own: false, stop: async () => {} };
  if (process.getuid?.() !== 0 || capture('dockerd', ['--version']).stdout === '')
    return { skipped: problem };
  return startDaemon(found.client, env);
}

async function startDaemon(client, env) {
  const folder = mkdtempSync(join(tmpdir(), 'scalelab-dockerd-'));
  const host = `unix://${folder}/docker.sock`;
  const log = join(folder, 'log');
  const daemon = spawn(
    'sh',
    [
      '-c',
      'exec dockerd --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" -H "$2" >"$1/log" 2>&1',
      'sh',
      folder,
      host,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((done) => daemon.once('exit', done));
  const docker = new Docker(client, { ...env, DOCKER_HOST: host });
  const stop = async () => {
    daemon.kill('SIGTERM');
    await ended;
    // Mounts that the daemon leaves: the folder cannot be removed under them.
    for (const line of readFileSync('/proc/mounts', 'utf8').split('\n').reverse()) {
      const mount = line.split(' ')[1];
      if (mount?.startsWith(`${folder}/`)) spawnSync('umount', ['--lazy', mount]);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 30_000;
  while (docker.daemonProblem()) {
    if (daemon.exitCode !== null || Date.now() > deadline) {
      const why = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').at(-1) : 'no log';
      await stop();
      return { skipped: `no Docker daemon answers, and one of our own did not start: ${why}` };
    }
    await sleep(200);
  }
  return { docker, own: true, stop };
}

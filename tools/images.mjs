// npm run images [-- SERVICE... [--push] [--platform LIST] ...]: builds and tags <registry>/<service>:<tag>. See docs/images.md.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildArguments,
  clientProblem,
  imageName,
  parseRequest,
  usage,
  UsageError,
} from './images/build-plan.mjs';
import { Docker, findClient } from './images/docker.mjs';
import { explainFailure } from './images/failures.mjs';
import { makeLocalBases } from './images/local-bases.mjs';
import { nodeImage, runtimeImage } from './images/pins.mjs';
import { root } from './node.mjs';

function stop(message, code = 1) {
  console.error(`images: ${message}`);
  process.exit(code);
}

/** As Helm's default, so that what is built is what the charts ask for. */
function defaults() {
  const registry = /^ {4}registry: (\S+)$/m.exec(
    readFileSync(join(root, 'charts/shared-values.yaml'), 'utf8'),
  )?.[1];
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { registry: registry ?? 'scalelab', tag: version };
}

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/** Of the last commit, so that the same tree gives the same labels. */
function created() {
  const seconds = Number(process.env.SOURCE_DATE_EPOCH || git('log', '-1', '--format=%ct'));
  return seconds > 0 ? new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z') : '';
}

function secrets(env = process.env) {
  const given = { ca: env.NODE_EXTRA_CA_CERTS || env.SSL_CERT_FILE, npmrc: env.NPMRC };
  return Object.entries(given)
    .filter(([, path]) => path && existsSync(path))
    .map(([id, path]) => ({ id, path }));
}

/** Runs docker where the user sees it; resolves with status and all it said. */
function show(docker, args) {
  return new Promise((done) => {
    const child = spawn(docker.client.path, args, {
      cwd: root,
      env: {
        ...docker.env,
        DOCKER_BUILDKIT: '1',
        BUILDKIT_PROGRESS: docker.env.BUILDKIT_PROGRESS ?? 'plain',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])
      from.on('data', (chunk) => {
        output += chunk;
        to.write(chunk);
      });
    child.once('error', (error) => done({ status: 1, output: `${output}\n${error.message}` }));
    child.once('close', (status) => done({ status, output }));
  });
}

let request;
try {
  request = parseRequest(process.argv.slice(2), defaults(), process.env);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  stop(`${error.message}\n${usage}`, 2);
}
if (request.help) {
  console.log(usage);
  process.exit(0);
}

const found = request.print ? { client: { path: 'docker', version: 'any', buildx: true } } : findClient();
if (found.problem) stop(found.problem);
const { client } = found;
const problem = clientProblem(request, client);
if (problem) stop(problem);
const docker = new Docker(client);
if (!request.print) {
  const silent = docker.daemonProblem();
  if (silent) stop(silent);
}

const context = {
  revision: git('rev-parse', 'HEAD') + (git('status', '--porcelain') ? '-dirty' : ''),
  created: created(),
  secrets: secrets(),
};
if (request.localBases && !request.print) {
  try {
    const bases = await makeLocalBases(docker, (text) => console.log(`images: ${text}`));
    Object.assign(request, { nodeImage: bases.node, runtimeImage: bases.runtime });
  } catch (error) {
    stop(error.message);
  }
}

for (const service of request.services) {
  const image = imageName(request, service);
  const args = buildArguments(request, service, client, context);
  if (request.print) {
    console.log(
      ['docker', ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' '),
    );
    continue;
  }
  const started = Date.now();
  const { status, output } = await show(docker, args);
  if (status !== 0) {
    const names = [request.nodeImage ?? nodeImage(), request.runtimeImage ?? runtimeImage()];
    stop(
      `${service} was not ${request.push ? 'built and pushed' : 'built'}: ${explainFailure(output, request, names) ?? 'docker says why above'}`,
    );
  }
  const seconds = ((Date.now() - started) / 1_000).toFixed(1);
  if (request.push) {
    console.log(`images: pushed ${image} (${seconds} s)`);
    continue;
  }
  console.log(`images: ${image} (${seconds} s, ${(docker.inspect(image).Size / 1e6).toFixed(1)} MB)`);
  if (request.save) {
    mkdirSync(request.save, { recursive: true });
    const file = join(request.save, `${service}.tar`);
    docker.run('save', '--output', file, image);
    console.log(`images: saved ${file}`);
  }
}

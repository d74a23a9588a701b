// npm run verify:images: builds every image, runs it, and starts docker-compose with the emulators. Minutes; see docs/images.md for the cost.
// A daemon that answers is used, else one of its own is started (root on Linux, dockerd there); base images that cannot be pulled are made
// here. One line a check, then `N passed, N failed`; `skipped: why` where there is no Docker to be had. Leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findComposes } from '../compose/client.mjs';
import { composeChecks, leftovers, Project } from '../compose/real-checks.mjs';
import { root } from '../node.mjs';
import { daemonForChecks } from './docker.mjs';
import { nodeImage, runtimeImage } from './pins.mjs';
import { badInputCheck, configCheck, runCheck, sizeCheck } from './real-checks.mjs';
import { serviceNames } from './services.mjs';

const registry = 'localhost/scalelab-verify';
const tag = 'check';
let passed = 0;
let failed = 0;
let since = Date.now();

function report({ name, problems, done }) {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  for (const problem of problems) console.error(problem);
  console.log(
    `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${problems.length === 0 ? done : 'see above'} (${((Date.now() - since) / 1_000).toFixed(1)} s)`,
  );
  since = Date.now();
}

// Given parts only: `images` or `compose`, for work on one of them.
const parts = process.argv.slice(2);
const wants = (part) => parts.length === 0 || parts.includes(part);
if (parts.some((part) => !['images', 'compose'].includes(part))) {
  console.error(`usage: npm run verify:images [-- images] [-- compose]; got ${parts.join(' ')}`);
  process.exit(2);
}

const daemon = await daemonForChecks();
if (daemon.skipped) {
  console.log(`skipped: images and docker-compose: ${daemon.skipped}`);
  process.exit(0);
}
const { docker } = daemon;
let stopped = false;
async function end() {
  if (stopped) return;
  stopped = true;
  for (const name of serviceNames) docker.try('image', 'rm', `${registry}/${name}:${tag}`);
  await daemon.stop();
}
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void end().then(() => process.exit(1)));

try {
  build();
  if (failed === 0) {
    if (wants('images')) await images();
    if (wants('compose')) await compose();
  }
} catch (error) {
  report({ name: 'run', problems: [error.message], done: '' });
} finally {
  await end();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function build() {
  const pulled = [nodeImage(), runtimeImage()].every(
    (image) => docker.has(image) || docker.try('pull', image).ok,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'tools/images.mjs'),
      '--registry',
      registry,
      '--tag',
      tag,
      ...(pulled ? [] : ['--local-bases']),
    ],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 << 20,
      env: { ...docker.env, SCALELAB_DOCKER: docker.client.path },
    },
  );
  const lines = `${stdout}\n${stderr}`.split('\n');
  report({
    name: 'build',
    problems: status === 0 ? [] : [lines.slice(-40).join('\n')],
    done: `${serviceNames.length} images on ${pulled ? 'the pinned base images' : 'base images made here (the pinned ones cannot be pulled)'}`,
  });
}

async function images() {
  for (const name of serviceNames) {
    const image = `${registry}/${name}:${tag}`;
    report(sizeCheck(docker, image));
    report(configCheck(docker, image, name));
    for (const environment of name === 'sqs-worker' ? [{ ROLE: 'api' }, { ROLE: 'worker' }] : [{}])
      report(await runCheck(docker, image, name, environment));
  }
  report(badInputCheck(docker, `${registry}/http-demo:${tag}`));
}

async function compose() {
  const [client] = findComposes(docker.env);
  if (!client) {
    console.log('skipped: docker-compose: neither "docker compose" nor docker-compose is in PATH');
    return;
  }
  // An address of its own on Linux, so that a lab on 127.0.0.1 may go on.
  const address = process.platform === 'linux' ? '127.0.77.1' : '127.0.0.1';
  const project = new Project({
    compose: client,
    env: docker.env,
    name: `scalelab-verify-${process.pid}`,
    address,
    registry,
    tag,
  });
  try {
    for await (const check of composeChecks(project, docker))
      report({ ...check, name: `compose ${client.version}: ${check.name}` });
  } finally {
    project.close();
    if (leftovers(docker, project.name).length > 0) project.run('down', '--volumes', '--timeout', '10');
  }
}

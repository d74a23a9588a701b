// What a built image must be and do, looked at in Docker. Each check: {name, problems, done}.
import { setTimeout as sleep } from 'node:timers/promises';
import { labels } from './dockerfile-rules.mjs';
import { imageUser, services } from './services.mjs';

const megabyte = 1e6;
/** Sizes as Docker counts them, unpacked. */
export const limits = { image: 180 * megabyte, withoutRuntime: 10 * megabyte };

/**
 * Size of what is ours in an image: its layers above the base, without Node.
 * @param {{bytes: number, createdBy: string}[]} layers newest first, as `docker history` lists them
 */
export function ownBytes(layers) {
  const base = layers.findIndex(({ createdBy }) => /^ARG APP\b|ARG APP$/.test(createdBy.trim()));
  if (base < 0) throw new Error('no layer says ARG APP: not an image of this Dockerfile');
  return layers
    .slice(0, base)
    .filter(({ createdBy }) => !/COPY .*\/usr\/local\/bin\/node/.test(createdBy))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

function layersOf(docker, image) {
  return docker
    .run('history', '--no-trunc', '--human=false', '--format', '{{.Size}}\t{{.CreatedBy}}', image)
    .split('\n')
    .map((line) => ({ bytes: Number(line.split('\t')[0]), createdBy: line.split('\t')[1] ?? '' }));
}

export function sizeCheck(docker, image) {
  const total = docker.inspect(image).Size;
  const own = ownBytes(layersOf(docker, image));
  const text = `${(total / megabyte).toFixed(1)} MB, ${(own / megabyte).toFixed(2)} MB without the runtime`;
  const problems = [];
  if (total > limits.image) problems.push(`${image} has ${text}: at most ${limits.image / megabyte} MB`);
  if (own > limits.withoutRuntime)
    problems.push(`${image} has ${text}: at most ${limits.withoutRuntime / megabyte} MB without the runtime`);
  return { name: `size of ${image}`, problems, done: text };
}

export function configCheck(docker, image, service) {
  const { Config: config, Architecture: architecture } = docker.inspect(image);
  const problems = [];
  const need = (holds, text) => holds || problems.push(`${image}: ${text}`);
  need(config.User === `${imageUser}:${imageUser}`, `user is "${config.User}"`);
  need(
    config.Entrypoint?.[0] === '/usr/local/bin/node',
    `entrypoint is ${JSON.stringify(config.Entrypoint)}`,
  );
  need(config.Healthcheck?.Test?.[0] === 'CMD', `health check is ${JSON.stringify(config.Healthcheck)}`);
  need(!(config.Env ?? []).some((line) => /SECRET|TOKEN|PASSWORD/.test(line)), 'a secret in ENV');
  for (const label of labels) need(config.Labels?.[label], `no label ${label}`);
  need(config.Labels?.['org.opencontainers.image.title'] === service, 'the title is of another service');
  return {
    name: `configuration of ${image}`,
    problems,
    done: `${architecture}, user ${config.User}, ${labels.length} labels`,
  };
}

/** Starts it as charts and compose do, fenced, and stops it: process 1 is node, the cache is used, SIGTERM ends it with 0. */
export async function runCheck(docker, image, service, environment = {}) {
  const fence = [
    '--read-only',
    '--cap-drop',
    'ALL',
    '--security-opt',
    'no-new-privileges',
    '--network',
    'none',
  ];
  const settings = Object.entries({ NODE_DEBUG_NATIVE: 'COMPILE_CACHE', ...environment }).flatMap(
    ([name, value]) => ['--env', `${name}=${value}`],
  );
  const container = docker.run('run', '--detach', ...fence, ...settings, image);
  const problems = [];
  try {
    const job = services[service].health === null;
    const logs = () => {
      const { stdout, stderr } = docker.try('logs', container);
      return `${stdout}\n${stderr}`;
    };
    const state = () => docker.inspect(container).State;
    const deadline = Date.now() + 60_000;
    const settled = () =>
      job ? state().Status === 'exited' : /"msg":"listening"/.test(logs()) || state().Status === 'exited';
    while (!settled() && Date.now() < deadline) await sleep(100);
    if (!/main\.cjs was accepted/.test(logs()))
      problems.push(`${image}: the compile cache was not used:\n${logs().slice(0, 1_500)}`);
    if (job) return { name: `run of ${image}`, problems, done: `cache used, exit ${state().ExitCode}` };
    const words = docker.run(
      'exec',
      container,
      '/usr/local/bin/node',
      '-p',
      'require("fs").readFileSync("/proc/1/cmdline","utf8").split("\\0")[0]',
    );
    if (words !== '/usr/local/bin/node') problems.push(`${image}: process 1 is ${words}`);
    const probe = docker.try('exec', container, '/usr/local/bin/node', '/app/healthcheck.cjs');
    // Without a network only those that need nobody are ready; the others must say why they are not.
    if (!probe.ok && !/readyz: status 503/.test(probe.stderr))
      problems.push(`${image}: the health check says ${probe.stderr}`);
    const started = Date.now();
    docker.run('stop', '--time', '30', container);
    const seconds = ((Date.now() - started) / 1_000).toFixed(1);
    const { ExitCode: code } = state();
    if (code !== 0)
      problems.push(`${image}: SIGTERM ended it with ${code} after ${seconds} s:\n${logs().slice(-1_500)}`);
    return {
      name: `run of ${image}`,
      problems,
      done: `cache used, ${probe.ok ? 'healthy' : 'not ready without its network'}, SIGTERM -> 0 in ${seconds} s`,
    };
  } finally {
    docker.try('rm', '--force', '--volumes', container);
  }
}

/** A wrong setting: exit 2, and one line that names it. */
export function badInputCheck(docker, image) {
  const { ok, stderr, stdout } = docker.try('run', '--rm', '--env', 'LOG_LEVEL=loud', image);
  const said = `${stdout}\n${stderr}`.trim();
  const good = !ok && /LOG_LEVEL/.test(said) && !/\n\s+at /.test(said);
  return {
    name: `bad input to ${image}`,
    problems: good ? [] : [`${image} with LOG_LEVEL=loud said: ${said}`],
    done: said.split('\n')[0].slice(0, 120),
  };
}

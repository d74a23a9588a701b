// Fills the compile cache of an image: runs the service until it answers. node warm.mjs MAIN CACHE
// Only Node built-ins: it runs in the bare base image, with warm.json (layout.mjs) and flush.cjs beside it.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const [main, cache] = process.argv.slice(2);
if (!main || !existsSync(main) || !cache) {
  console.error(`usage: node warm.mjs MAIN CACHE; MAIN is a bundle, got ${main ?? 'nothing'}`);
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const { port, environment } = JSON.parse(readFileSync(join(here, 'warm.json'), 'utf8'));

function run(words, settings) {
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', NODE_COMPILE_CACHE: cache, ...settings },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return {
    child,
    running: () => child.exitCode === null && child.signalCode === null,
    output: () => output,
    ended: new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal))),
  };
}

/** Whether anything answers: a service that waits for its broker is not ready, and warm all the same. */
function answers() {
  return new Promise((done) => {
    get({ host: '127.0.0.1', port, path: '/livez', agent: false }, (answer) => {
      answer.resume();
      done(true);
    }).on('error', () => done(false));
  });
}

// Endpoints where nobody is: nothing outside is called.
const service = run(['--require', join(here, 'flush.cjs'), main], {
  HOST: '127.0.0.1',
  LOCALSTACK_URL: 'http://127.0.0.1:9',
  KAFKA_BROKERS: '127.0.0.1:9',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_DEFAULT_REGION: 'us-east-1',
  BACKEND_URL: 'http://127.0.0.1:9/',
  DATA_URL: 'http://127.0.0.1:9/',
  ...environment,
});
const tooLong = setTimeout(() => service.child.kill('SIGKILL'), 120_000);
if (port) {
  while (service.running() && !(await answers())) await sleep(50);
  await run([join(dirname(main), 'healthcheck.cjs')], environment).ended;
  service.child.kill('SIGUSR2');
}
const outcome = await service.ended;
clearTimeout(tooLong);

const files = existsSync(cache) ? readdirSync(cache, { recursive: true, withFileTypes: true }) : [];
const entries = files.filter((file) => file.isFile()).length;
// Node writes them for its own user alone; in the image they belong to root, and any user may read them.
for (const file of files) chmodSync(join(file.parentPath, file.name), file.isFile() ? 0o444 : 0o755);
// A job fails its checks here, since nobody is there: only a service has to answer.
if (entries === 0 || (port && outcome !== 0)) {
  console.error(
    `${main} did not start (${outcome}, ${entries} cache entries):\n${service.output().slice(0, 4_000)}`,
  );
  process.exit(1);
}
console.log(`compile cache: ${entries} entries`);

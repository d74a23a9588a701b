// npm run dev -- APP: builds one app, runs it with its default settings, and starts it anew when a source changes.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { projectNode, root } from './node.mjs';
import { ensureInstalled } from './setup.mjs';

const app = process.argv[2];
const known = readdirSync(join(root, 'apps')).filter((name) =>
  existsSync(join(root, 'apps', name, 'src/main.ts')),
);
if (!app || !known.includes(app)) {
  console.error(`usage: npm run dev -- APP; APP is one of ${known.join(', ')}; got ${app ?? 'nothing'}`);
  process.exit(2);
}
ensureInstalled();
let child;
let stopping = false;

function start() {
  const built = spawnSync(projectNode(), [join(root, 'tools/bundle.mjs'), `apps/${app}`], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) return;
  child = spawn(
    projectNode(),
    ['--enable-source-maps', join(root, 'apps', app, 'dist/main.cjs'), ...process.argv.slice(3)],
    { stdio: 'inherit' },
  );
  child.on('exit', (code) => stopping && process.exit(code ?? 1));
}

function restart() {
  if (!child || child.exitCode !== null || child.signalCode !== null) return start();
  child.once('exit', start);
  child.kill('SIGTERM');
}

let timer;
const onChange = () => {
  clearTimeout(timer);
  timer = setTimeout(restart, 100);
};
for (const folder of [
  join(root, 'apps', app, 'src'),
  ...readdirSync(join(root, 'libs')).map((name) => join(root, 'libs', name, 'src')),
]) {
  if (existsSync(folder)) watch(folder, { recursive: true }, onChange);
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true;
    if (!child || child.exitCode !== null) process.exit(0);
    child.kill('SIGTERM');
  });
}
start();

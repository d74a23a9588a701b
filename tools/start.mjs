// npm start: installs and builds what is missing, then hands over to the tour, which starts the lab.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectNode, root } from './node.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

ensureInstalled();
ensureBuilt();
const child = spawn(projectNode(), [join(root, 'tools/tour/dist/main.cjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, '.cache/compile') },
});
// The terminal sends Ctrl-C to the child as well; this process only waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

// ESLint with the project graph built first: without a cached graph the boundary rule is silently skipped.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectNode, root } from './node.mjs';
import { nxEnv } from './setup.mjs';

const env = { ...process.env, ...nxEnv };
const node = projectNode();
const graph = spawnSync(
  node,
  [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', '--file=.cache/graph.json'],
  { cwd: root, env, encoding: 'utf8' },
);
if (graph.status !== 0) {
  process.stderr.write(`${graph.stdout}${graph.stderr}`);
  process.exit(1);
}
const targets = process.argv.slice(2);
const lint = spawnSync(
  node,
  [
    '--max-old-space-size=4096',
    join(root, 'node_modules/eslint/bin/eslint.js'),
    '--max-warnings=0',
    '--cache',
    '--cache-location=.cache/eslint/',
    '--cache-strategy=content',
    ...(targets.length > 0 ? targets : ['.']),
  ],
  { cwd: root, env, encoding: 'utf8', maxBuffer: 64 << 20 },
);
process.stdout.write(lint.stdout);
process.stderr.write(lint.stderr);
if (/cached ProjectGraph|could not.*graph/i.test(lint.stdout + lint.stderr)) {
  console.error('the boundary rule did not run: no project graph');
  process.exit(1);
}
process.exit(lint.status ?? 1);

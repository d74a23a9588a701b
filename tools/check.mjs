// npm run check: format, lint, types, tests, verify-*. npm run check:full adds what is long. One line a step, then `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectNode, root } from './node.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';
import { passedOnThisTree } from './tested-tree.mjs';

const full = process.argv.includes('--full');
ensureInstalled();
ensureBuilt();
const node = projectNode();
const bin = (name) => join(root, 'node_modules', name);

const steps = [
  ['format', [node, bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']],
  ['lint', [node, join(root, 'tools/lint.mjs')]],
  ['types', [node, bin('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['types of domain code', [node, bin('typescript/bin/tsc'), '-p', 'tsconfig.domain.json']],
  ...readdirSync(join(root, 'tools'))
    .filter((file) => /^verify-.*\.mjs$/.test(file))
    .sort()
    .map((file) => [file.replace(/\.mjs$/, ''), [node, join(root, 'tools', file)]]),
];
const alreadyPassed = full ? null : passedOnThisTree();
if (alreadyPassed === null)
  steps.push(['tests', [process.execPath, join(root, 'tools/test.mjs')], full ? { SCALELAB_LONG: '1' } : {}]);

let failed = 0;
for (const [name, command, env] of steps) {
  const started = Date.now();
  const { status } = spawnSync(command[0], command.slice(1), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ok = status === 0;
  if (!ok) failed += 1;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
if (alreadyPassed !== null) console.log(`ok     tests (${alreadyPassed} passed on this very tree before)`);
const total = steps.length + (alreadyPassed === null ? 0 : 1);
console.log(`${total - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

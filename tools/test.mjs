// npm test [-- jest options]: installs, builds and runs the tests. The last line says `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';
import { testedTree, testMark } from './tested-tree.mjs';

const options = process.argv.slice(2);
ensureInstalled();
ensureBuilt();
const results = join(root, '.cache', 'jest-results.json');
mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(results, { force: true });
const tree = testedTree();
const run = spawnSync(
  process.execPath,
  [join(root, 'tools/jest.mjs'), '--json', `--outputFile=${results}`, ...options],
  {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
let passed = 0;
let failed = 1;
try {
  const summary = JSON.parse(readFileSync(results, 'utf8'));
  passed = summary.numPassedTests;
  failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
} catch {
  console.error('jest wrote no results');
}
if (run.status !== 0 && failed === 0) failed = 1;
// A run of everything that passed is remembered, so that `npm run check` on the same tree need not repeat it.
if (failed === 0 && options.length === 0) writeFileSync(testMark, JSON.stringify({ tree, passed }));
else rmSync(testMark, { force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

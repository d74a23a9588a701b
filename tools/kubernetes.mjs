// npm run verify:kubernetes: everything that ships to a cluster, held against its sources and its schemas, without a cluster. Each step is part
// of `npm run check` as well: a verify-*.mjs, or tests. One line a step, then `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectNode, root } from './node.mjs';

/** tools/verify-<part>.mjs and tools/<part>/, in this order. */
export const parts = ['charts', 'ansible', 'images', 'compose', 'pipelines', 'observability', 'release'];

/** @returns {{name: string, script: string, args: string[]}[]} */
export function steps(folder = join(root, 'tools')) {
  const verify = parts
    .map((part) => `verify-${part}`)
    .filter((name) => existsSync(join(folder, `${name}.mjs`)))
    .map((name) => ({ name, script: join(folder, `${name}.mjs`), args: [] }));
  const tested = parts.filter((part) => existsSync(join(folder, part))).map((part) => `tools/${part}/`);
  return [
    ...verify,
    {
      name: 'unit tests',
      script: join(root, 'tools/jest.mjs'),
      args: [...tested, '--silent'],
    },
  ];
}

function main() {
  const started = Date.now();
  let failed = 0;
  const all = steps();
  for (const { args, name, script } of all) {
    const begun = Date.now();
    const { status } = spawnSync(projectNode(), [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) failed += 1;
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds(begun)})`);
  }
  console.log(`${all.length - failed} passed, ${failed} failed in ${seconds(started)}`);
  return failed === 0 ? 0 : 1;
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(main());

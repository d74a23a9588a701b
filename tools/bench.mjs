// npm run bench -- NAME: runs bench/NAME.mjs on the project's Node, after a build. Benches print a table and save bench/results/NAME.json.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectNode, root } from './node.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const known = existsSync(join(root, 'bench'))
  ? readdirSync(join(root, 'bench'))
      .filter((f) => f.endsWith('.mjs'))
      .map((f) => f.slice(0, -4))
  : [];
const name = process.argv[2];
if (!name || !known.includes(name)) {
  console.error(`usage: npm run bench -- NAME; NAME is one of ${known.join(', ')}; got ${name ?? 'nothing'}`);
  process.exit(2);
}
ensureInstalled();
ensureBuilt();
const { status } = spawnSync(
  projectNode(),
  ['--expose-gc', join(root, 'bench', `${name}.mjs`), ...process.argv.slice(3)],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);

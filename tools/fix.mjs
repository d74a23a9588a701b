// npm run fix: formats and applies what lint can mend by itself.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectNode, root } from './node.mjs';
import { ensureInstalled } from './setup.mjs';

ensureInstalled();
const run = (...args) => spawnSync(projectNode(), args, { cwd: root, stdio: 'inherit' }).status ?? 1;
const lint = run(join(root, 'tools/lint.mjs'), '--fix', '.');
const format = run(join(root, 'node_modules/prettier/bin/prettier.cjs'), '--write', '--log-level=warn', '.');
process.exit(lint || format);

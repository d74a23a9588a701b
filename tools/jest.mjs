// Jest on the project's Node: node tools/jest.mjs [folder or file ...] [jest options]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectNode, root } from './node.mjs';

const result = spawnSync(
  projectNode(),
  [
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=TimeoutNegativeWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' } },
);
process.exit(result.status ?? 1);

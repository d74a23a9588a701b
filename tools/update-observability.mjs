// Writes what is made of charts and of tools/observability: rules, their tests and dashboards. The twin of verify-observability.mjs.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './node.mjs';
import { observabilityFiles } from './observability/files.mjs';

const files = await observabilityFiles();
for (const [path, content] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
for (const folder of ['observability/rules', 'observability/rules/tests', 'observability/dashboards'])
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true }))
    if (entry.isFile() && !files.has(`${folder}/${entry.name}`)) rmSync(join(root, folder, entry.name));
console.log(`${files.size} files of observability/ written`);

// Writes what is made from the charts' values: values.schema.json and rendered/*.yaml. The twin of verify-charts.mjs.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderedFiles, schemaFiles } from './charts/files.mjs';
import { findHelm } from './charts/helm.mjs';
import { charts } from './charts/releases.mjs';
import { root } from './node.mjs';

function write(files) {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return files.size;
}

const schemas = write(schemaFiles());
const helm = findHelm();
if (helm.skipped) {
  console.log(`${schemas} schemas written; renders skipped: ${helm.skipped}`);
  process.exit(0);
}
const rendered = renderedFiles(helm);
for (const chart of charts) {
  const folder = join(root, 'charts', chart, 'rendered');
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder))
    if (!rendered.has(`charts/${chart}/rendered/${file}`)) rmSync(join(folder, file));
}
console.log(`${schemas} schemas and ${write(rendered)} renders written with Helm ${helm.version}`);

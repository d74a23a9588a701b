// Charts: generated files are up to date, `helm lint` passes strictly with every profile. The twin of update-charts.mjs.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { renderedFiles, schemaFiles } from './charts/files.mjs';
import { findHelm, kubeVersion, runHelm } from './charts/helm.mjs';
import { charts, releases } from './charts/releases.mjs';
import { messageOf } from './charts/render.mjs';
import { root } from './node.mjs';

const problems = [];

function compare(files) {
  for (const [path, content] of files) {
    const file = join(root, path);
    if (!existsSync(file)) problems.push(`${path}: missing; run "node tools/update-charts.mjs"`);
    else if (readFileSync(file, 'utf8') !== content) {
      const [now, wanted] = [readFileSync(file, 'utf8').split('\n'), content.split('\n')];
      const at = wanted.findIndex((line, index) => line !== now[index]);
      const line = at < 0 ? wanted.length : at;
      problems.push(
        `${path}:${line + 1}: is ${JSON.stringify(now[line] ?? '')}, should be ${JSON.stringify(wanted[line] ?? '')}; run "node tools/update-charts.mjs"`,
      );
    }
  }
}

function finish(done) {
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(done);
  process.exit(problems.length === 0 ? 0 : 1);
}

compare(schemaFiles());
const helm = findHelm();
if (helm.skipped) finish(`skipped: ${helm.skipped}`);

const rows = releases();
try {
  const rendered = renderedFiles(helm);
  compare(rendered);
  for (const chart of charts)
    for (const file of readdirSync(join(root, 'charts', chart, 'rendered')))
      if (!rendered.has(`charts/${chart}/rendered/${file}`))
        problems.push(
          `charts/${chart}/rendered/${file}: nothing renders it; run "node tools/update-charts.mjs"`,
        );
} catch (error) {
  problems.push(error.message);
}
for (const chart of charts) {
  const { status, stdout, stderr } = runHelm(
    helm,
    [
      'lint',
      `charts/${chart}`,
      '--strict',
      '--quiet',
      ...kubeVersion,
      '--values',
      'charts/shared-values.yaml',
    ],
    { cwd: root },
  );
  if (status !== 0) problems.push(`helm lint charts/${chart}: ${stdout.trim()} ${messageOf(stderr)}`);
}
finish(`${charts.length} charts, ${rows.length} renders as committed (Helm ${helm.version})`);

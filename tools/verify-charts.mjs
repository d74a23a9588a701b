// Charts: generated files are up to date with Helm 3 and Helm 4, `helm lint` passes strictly. The twin of update-charts.mjs.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { renderedFiles, schemaFiles } from './charts/files.mjs';
import { findHelms, kubeVersion, runHelm } from './charts/helm.mjs';
import { charts, releases } from './charts/releases.mjs';
import { messageOf } from './charts/render.mjs';
import { root } from './node.mjs';

const problems = [];
let failed = false;

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

compare(schemaFiles());
report(`${charts.length} values.schema.json as the values have them`);

const rows = releases();
const { helms, missing } = findHelms();
for (const helm of helms) {
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
  report(`${rows.length} renders as committed (Helm ${helm.version})`);
}
for (const [at, helm] of helms.entries()) {
  // Templates and schemas are what lint reads: the second Helm need not see every profile again.
  const linted =
    at === 0 ? rows : rows.filter(({ file }) => file === 'production.yaml' || file === 'lab.yaml');
  for (const row of linted) lint(helm, row);
  report(`${linted.length} releases linted strictly (Helm ${helm.version})`);
}
for (const reason of missing) console.log(`skipped: ${reason}`);
process.exit(failed ? 1 : 0);

function lint(helm, { chart, file, namespace, set, values }) {
  const options = [
    ...['charts/shared-values.yaml', ...values].flatMap((path) => ['--values', path]),
    ...set.flatMap((pair) => ['--set', pair]),
  ];
  const { status, stdout, stderr } = runHelm(
    helm,
    ['lint', `charts/${chart}`, '--strict', '--quiet', ...kubeVersion, '--namespace', namespace, ...options],
    { cwd: root },
  );
  if (status !== 0)
    problems.push(`helm lint charts/${chart}, ${file}: ${stdout.trim()} ${messageOf(stderr)}`);
}

function report(done) {
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`ok: ${done}`);
  else failed = true;
  problems.length = 0;
}

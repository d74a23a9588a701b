// Rules, their tests, dashboards and configuration of Prometheus and Grafana: up to date, well-formed, and promtool says so too. A line a check.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './node.mjs';
import { chartDashboards } from './observability/chart-dashboards.mjs';
import { dashboardProblems } from './observability/dashboard-problems.mjs';
import { dashboardExpressions, syntaxProblem } from './observability/expressions.mjs';
import { observabilityFiles } from './observability/files.mjs';
import { findTool, runPromtool } from './observability/promtool.mjs';
import { provisioningProblems } from './observability/provisioning-problems.mjs';
import { prometheusRules } from './observability/rules.mjs';
import { required, ruleProblems, runbookOf } from './observability/rule-problems.mjs';
import { ruleTests } from './observability/rule-tests.mjs';

let failed = false;

function report(what, problems) {
  console.log(`${problems.length === 0 ? 'ok' : 'FAILED'}: ${what}`);
  for (const problem of problems) console.error(`  ${problem}`);
  failed ||= problems.length > 0;
}

const list = (folder, pattern) =>
  readdirSync(join(root, folder))
    .filter((file) => pattern.test(file))
    .map((file) => `${folder}/${file}`);

const files = await observabilityFiles();
const present = [
  ...list('observability/rules', /\.yml$/),
  ...list('observability/rules/tests', /\.yml$/),
  ...list('observability/dashboards', /\.json$/),
];
report(`${files.size} files of observability/ as tools/update-observability.mjs makes them`, [
  ...[...files].flatMap(([path, content]) =>
    existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === content
      ? []
      : [`${path} is not up to date; run "node tools/update-observability.mjs"`],
  ),
  ...present
    .filter((path) => !files.has(path))
    .map((path) => `${path}: nothing makes it; run "node tools/update-observability.mjs"`),
]);

const rules = prometheusRules();
const alerts = new Set(
  rules.flatMap(({ groups }) => groups.flatMap((group) => group.rules.map(({ alert }) => alert))),
);
report(
  `${alerts.size} alerts of ${rules.length} workloads: runbook, severity, a test that fires and one that does not`,
  [
    ...rules.flatMap((rule) => ruleProblems(rule, ruleTests(rule))),
    ...required.filter((alert) => !alerts.has(alert)).map((alert) => `no workload has the alert ${alert}`),
    ...list('docs/runbooks', /\.md$/)
      .filter(
        (path) => !path.endsWith('README.md') && ![...alerts].some((alert) => runbookOf(alert) === path),
      )
      .map((path) => `${path}: no alert leads here`),
  ],
);

const boards = list('observability/dashboards', /\.json$/);
report(
  `${boards.length} dashboards`,
  boards.flatMap((path) =>
    dashboardProblems(JSON.parse(readFileSync(join(root, path), 'utf8'))).map(
      (problem) => `${path}: ${problem}`,
    ),
  ),
);
const ofCharts = chartDashboards();
report(`${ofCharts.length} dashboards of charts`, [
  ...ofCharts
    .flatMap(dashboardExpressions)
    .flatMap(({ expr, where }) => (syntaxProblem(expr) ? [`${where}: ${expr} ${syntaxProblem(expr)}`] : [])),
  ...(ofCharts.length === 0 ? ['no chart renders one'] : []),
]);
report('Grafana is provisioned with the data source and the dashboards', provisioningProblems(parse));

const promtool = findTool('promtool');
if (promtool.skipped) console.log(`skipped: promtool check and test: ${promtool.skipped}`);
else {
  const run = (what, args) => {
    const { ok, output } = runPromtool(promtool, args, root);
    report(`promtool ${what} (${promtool.version})`, ok ? [] : [output]);
  };
  run('check config', ['check', 'config', '--syntax-only', 'observability/prometheus.yml']);
  run('check rules', ['check', 'rules', ...list('observability/rules', /\.yml$/)]);
  run('test rules', ['test', 'rules', ...list('observability/rules/tests', /\.yml$/)]);
}
process.exit(failed ? 1 : 0);

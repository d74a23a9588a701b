// What is wrong with rules that promtool does not look at: severity, runbook, and a test that fires and one that does not.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../node.mjs';
import { syntaxProblem } from './expressions.mjs';

const severities = ['warning', 'critical'];

/** Alerts that every installation must have for some workload. */
export const required = [
  'AutoscalerAtMaximum',
  'TriggerErroring',
  'FallbackActive',
  'CrashLoop',
  'DeadLettersGrowing',
  'BacklogTooOld',
];

/** @returns {string} `docs/runbooks/crash-loop.md` for CrashLoop */
export const runbookOf = (alert) =>
  `docs/runbooks/${alert.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.md`;

/** @returns {string[]} one line a problem of the rules of one workload and their tests */
export function ruleProblems({ groups, name }, tests) {
  return groups
    .flatMap(({ rules }) => rules)
    .flatMap(({ alert, annotations = {}, expr, for: during, labels = {} }) => {
      const where = `${name} alert ${alert}`;
      const problems = [];
      const syntax = syntaxProblem(expr);
      if (syntax) problems.push(`${where}: ${expr} ${syntax}`);
      if (!severities.includes(labels.severity))
        problems.push(`${where}: severity is ${labels.severity}; ${severities.join(' and ')} are allowed`);
      if (!during) problems.push(`${where}: has no "for": one bad scrape would be enough`);
      if (!annotations.summary) problems.push(`${where}: has no summary`);
      const runbook = runbookOf(alert);
      if (!annotations.runbook_url?.endsWith(`/${runbook}`))
        problems.push(`${where}: runbook_url is ${annotations.runbook_url}; it must end with ${runbook}`);
      if (!existsSync(join(root, runbook))) problems.push(`${where}: ${runbook} is missing`);
      const cases = tests.tests
        .flatMap((test) => test.alert_rule_test)
        .filter((test) => test.alertname === alert);
      if (!cases.some(({ exp_alerts: alerts }) => alerts.length > 0))
        problems.push(`${where}: no test in which it fires`);
      if (!cases.some(({ exp_alerts: alerts }) => alerts.length === 0))
        problems.push(`${where}: no test in which it stays silent`);
      return problems;
    });
}

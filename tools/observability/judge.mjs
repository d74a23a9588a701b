// Reads {dashboard}, {rule, tests} or {provisioning: {path: text}} as JSON from standard input and prints the problems found, for tests.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { dashboardProblems } from './dashboard-problems.mjs';
import { provisioningProblems } from './provisioning-problems.mjs';
import { ruleProblems } from './rule-problems.mjs';

const { dashboard, provisioning, rule, tests } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(
  JSON.stringify([
    ...(dashboard ? dashboardProblems(dashboard) : []),
    ...(rule ? ruleProblems(rule, tests) : []),
    ...(provisioning ? provisioningProblems(parse, (path) => provisioning[path]) : []),
  ]),
);

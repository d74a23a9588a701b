// Renders cases of one chart: JSON {chart, cases} on stdin -> JSON [{objects, tests, notes}] on stdout.
import { readFileSync } from 'node:fs';
import { renderCases } from './harness.mjs';
import { findHelm } from './helm.mjs';

const { chart, cases } = JSON.parse(readFileSync(0, 'utf8'));
const helm = findHelm();
console.log(JSON.stringify(helm.skipped ? helm : renderCases(helm, chart, cases)));

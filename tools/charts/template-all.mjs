// Runs `helm template` for a list of cases: JSON [{chart, args}] on stdin -> JSON [{status, output, message}] on stdout.
import { readFileSync } from 'node:fs';
import { root } from '../node.mjs';
import { findHelm, kubeVersion, runHelm } from './helm.mjs';
import { messageOf } from './render.mjs';

const helm = findHelm();
if (helm.skipped) {
  console.log(JSON.stringify(helm));
  process.exit(0);
}
const results = JSON.parse(readFileSync(0, 'utf8')).map(({ chart, args }) => {
  const { status, stdout, stderr } = runHelm(
    helm,
    ['template', chart, `charts/${chart}`, '--namespace', chart, ...kubeVersion, ...args],
    { cwd: root },
  );
  return { status, output: stdout, message: messageOf(stderr) };
});
console.log(JSON.stringify(results));

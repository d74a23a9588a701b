// `helm template` of one release, in the form in which it is committed.
import { kubeVersion, runHelm } from './helm.mjs';
import { root } from '../node.mjs';

export function templateArguments({ chart, release, namespace, values, set }) {
  return [
    'template',
    release,
    `charts/${chart}`,
    '--namespace',
    namespace,
    ...kubeVersion,
    '--values',
    'charts/shared-values.yaml',
    ...values.flatMap((file) => ['--values', file]),
    ...set.flatMap((pair) => ['--set', pair]),
  ];
}

/** Objects in Helm's order of installation after their Namespace, without the lines that depend on Helm's version. */
export function render(helm, row) {
  const { status, stdout, stderr } = runHelm(helm, [...templateArguments(row), '--skip-tests'], { cwd: root });
  if (status !== 0) throw new Error(`${row.chart}/rendered/${row.file}: ${messageOf(stderr)}`);
  const documents = stdout
    .split(/^---\n/m)
    .map((text) => text.replace(/^# Source: .*\n/gm, '').trim())
    .filter(Boolean);
  const namespace = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${row.namespace}`;
  return [
    `# Made by \`npm run fix\` or tools/update-charts.mjs: release ${row.release} of charts/${row.chart}, ${row.about}. Do not edit.`,
    namespace,
    ...documents,
  ]
    .join('\n---\n')
    .concat('\n');
}

/** What went wrong, without Helm's remarks. */
export function messageOf(stderr) {
  return stderr
    .split('\n')
    .filter((line) => line && !line.includes('found symbolic link in path') && !line.startsWith('Use --debug'))
    .join('\n');
}

// What is rendered, and where to: one row a file of charts/*/rendered.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../node.mjs';

export const charts = readdirSync(join(root, 'charts'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, 'charts', entry.name, 'templates/app.yaml')))
  .map(({ name }) => name)
  .sort();

export const profiles = ['lab', 'lab-production', 'kind-demo', 'production', 'eks'];

const namespaces = {
  'backend-api': 'backend-namespace',
  'data-api': 'data-namespace',
  'health-check': 'health-namespace',
};

/** Where a release of a chart goes: its fixed namespace; the lab keeps its own machinery apart. */
export function namespaceOf(chart, profile) {
  if (chart === 'emulators' && profile.startsWith('lab')) return 'lab-system';
  return namespaces[chart] ?? chart;
}

/** Values that force one autoscaling mode on every component of a chart. */
const modes = {
  'http-demo': '',
  'sqs-worker': 'components.api components.worker',
  'kafka-consumer': '',
  'backend-api': '',
  'data-api': '',
};

/** @returns {{chart: string, release: string, namespace: string, file: string, values: string[], set: string[], about: string}[]} */
export function releases() {
  const rows = [];
  for (const chart of charts) {
    for (const profile of profiles) {
      const values = [`charts/${chart}/profiles/${profile}.yaml`];
      if (!existsSync(join(root, values[0]))) continue;
      const row = { chart, release: chart, namespace: namespaceOf(chart, profile), values, set: [] };
      rows.push({ ...row, file: `${profile}.yaml`, about: `profile ${profile}` });
      if (chart === 'http-demo')
        rows.push({
          ...row,
          release: 'http-demo-zero',
          values: [...values, `charts/${chart}/profiles/zero.yaml`],
          file: `zero-${profile}.yaml`,
          about: `profiles ${profile} and zero`,
        });
    }
    if (chart === 'health-check')
      rows.push({
        chart,
        release: chart,
        namespace: namespaceOf(chart, 'keda'),
        values: [],
        set: [
          'kind=ScaledJob',
          'autoscaling.mode=keda',
          'autoscaling.minReplicas=0',
          'autoscaling.triggers.sqs.enabled=true',
          'autoscaling.triggers.sqs.queueName=health-checks',
          'autoscaling.triggers.sqs.queueLength=1',
          'autoscaling.triggers.sqs.auth=podIdentity',
        ],
        file: 'mode-keda.yaml',
        about: 'no profile, a ScaledJob: one run for each message of a queue',
      });
    if (!(chart in modes)) continue;
    const prefixes = modes[chart].split(' ').map((path) => (path ? `${path}.` : ''));
    for (const mode of ['keda', 'hpa', 'none'])
      rows.push({
        chart,
        release: chart,
        namespace: namespaceOf(chart, mode),
        values: [],
        // An HPA cannot do zero; KEDA's cpu trigger neither.
        set: prefixes.flatMap((prefix) => [
          `${prefix}autoscaling.mode=${mode}`,
          ...(mode === 'hpa' ? [`${prefix}autoscaling.minReplicas=2`] : []),
        ]),
        file: `mode-${mode}.yaml`,
        about: `no profile, autoscaling.mode ${mode} everywhere`,
      });
  }
  return rows;
}

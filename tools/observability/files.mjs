// Every file of observability/ that is made from others, as it should be: path -> content.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { stringify } from 'yaml';
import { root } from '../node.mjs';
import { dashboards } from './dashboards/index.mjs';
import { prometheusRules } from './rules.mjs';
import { ruleTests } from './rule-tests.mjs';

const style = JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8'));
const note = '# Made by tools/update-observability.mjs from';

const yaml = (about, content) =>
  prettier.format(
    `${note} ${about}; do not edit.\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`,
    {
      ...style,
      parser: 'yaml',
    },
  );
const json = (content) => prettier.format(JSON.stringify(content), { ...style, parser: 'json' });

/** ConfigMaps that the sidecar of Grafana in kube-prometheus-stack finds by their label. */
function configMaps(files) {
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: files.map(({ content, name }) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `scalelab-dashboard-${name}`,
        namespace: 'monitoring',
        labels: { grafana_dashboard: '1', 'app.kubernetes.io/part-of': 'scalelab' },
      },
      data: { [`${name}.json`]: content },
    })),
  };
}

/** @returns {Promise<Map<string, string>>} */
export async function observabilityFiles() {
  const files = new Map();
  for (const rule of prometheusRules()) {
    const { groups, name } = rule;
    files.set(`observability/rules/${name}.yml`, await yaml('what charts/ render', { groups }));
    files.set(
      `observability/rules/tests/${name}.test.yml`,
      await yaml('tools/observability/rule-cases.mjs', ruleTests(rule)),
    );
  }
  const written = [];
  for (const dashboard of dashboards) {
    const name = dashboard.uid.replace(/^scalelab-/, '');
    const content = await json(dashboard);
    written.push({ name, content });
    files.set(`observability/dashboards/${name}.json`, content);
  }
  files.set(
    'observability/kubernetes/dashboards.yaml',
    await yaml('observability/dashboards', configMaps(written)),
  );
  return files;
}

// Many renders of a chart in one helm call: a chart made on the fly includes the library once for each case.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../node.mjs';
import { kubeVersion, runHelm } from './helm.mjs';
import { messageOf } from './render.mjs';

const template = `{{- range $at, $case := .Values.cases }}
{{- $values := mergeOverwrite (deepCopy (omit $.Values "cases" "common")) $case.values }}
{{- with $case.only }}{{ $_ := set $values "components" (pick $values.components .) }}{{ end }}
{{- $app := dict "Values" $values "Release" $.Release "Chart" $.Chart "Capabilities" $.Capabilities "Template" $.Template }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: case-{{ $at }}
data:
  objects: {{ include "common.app" $app | toJson }}
  tests: {{ include "common.tests" $app | toJson }}
  notes: {{ include "common.notes" $app | toJson }}
{{- end }}
`;

/**
 * @param {{path: string}} helm
 * @param {string} chart
 * @param {{values: object, only?: string}[]} cases values on top of the chart's own; the only component to render
 * @returns {{objects: string, tests: string, notes: string}[]}
 */
export function renderCases(helm, chart, cases) {
  const folder = mkdtempSync(join(tmpdir(), 'scalelab-chart-'));
  try {
    mkdirSync(join(folder, 'charts'));
    mkdirSync(join(folder, 'templates'));
    symlinkSync(join(root, 'charts/common'), join(folder, 'charts/common'));
    writeFileSync(
      join(folder, 'Chart.yaml'),
      readFileSync(join(root, 'charts', chart, 'Chart.yaml'), 'utf8'),
    );
    const values = parse(readFileSync(join(root, 'charts', chart, 'values.yaml'), 'utf8'));
    writeFileSync(join(folder, 'values.yaml'), JSON.stringify({ ...values, cases }));
    writeFileSync(join(folder, 'templates/cases.yaml'), template);
    const { status, stdout, stderr } = runHelm(helm, ['template', chart, folder, '--namespace', chart, ...kubeVersion]);
    if (status !== 0) throw new Error(`${chart}: ${messageOf(stderr)}`);
    // The values are JSON on one line each, so that megabytes of YAML need no parser.
    const results = cases.map(() => ({}));
    let at = -1;
    for (const line of stdout.split('\n')) {
      const [, key, value] = /^ {2}(name|objects|tests|notes): (.*)$/.exec(line) ?? [];
      if (key === 'name') at = Number(value.replace('case-', ''));
      else if (key) results[at][key] = JSON.parse(value);
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

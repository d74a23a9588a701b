// The small dashboard that each service's chart brings along, as rendered for production.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { charts } from '../charts/releases.mjs';
import { root } from '../node.mjs';

/** @returns {object[]} dashboards as Grafana reads them */
export function chartDashboards(folder = join(root, 'charts')) {
  return charts
    .map((chart) => join(folder, chart, 'rendered/production.yaml'))
    .filter((file) => existsSync(file))
    .flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS()))
    .filter((object) => object?.kind === 'ConfigMap' && object.metadata.labels?.grafana_dashboard)
    .flatMap(({ data }) => Object.values(data).map((text) => JSON.parse(text)));
}

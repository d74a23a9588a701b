// Grafana's provisioning against what is here: a wrong folder would only show as an empty Grafana.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../node.mjs';

const folder = 'observability/grafana/provisioning';
/** Where a container of Grafana has observability/dashboards. */
export const dashboardsInContainer = '/var/lib/grafana/dashboards';

/** @returns {string[]} */
export function provisioningProblems(parse, read = (path) => readFileSync(join(root, path), 'utf8')) {
  const problems = [];
  const sources = parse(read(`${folder}/datasources/prometheus.yml`)).datasources ?? [];
  const prometheus = sources.filter(({ type }) => type === 'prometheus');
  if (prometheus.length !== 1 || !prometheus[0].isDefault || prometheus[0].uid !== 'prometheus')
    problems.push(
      `${folder}/datasources/prometheus.yml: one default data source of type and uid prometheus is expected`,
    );
  const providers = parse(read(`${folder}/dashboards/scalelab.yml`)).providers ?? [];
  if (!providers.some(({ options, type }) => type === 'file' && options?.path === dashboardsInContainer))
    problems.push(
      `${folder}/dashboards/scalelab.yml: no provider of type file reads ${dashboardsInContainer}`,
    );
  if (!existsSync(join(root, 'observability/dashboards')))
    problems.push('observability/dashboards is missing');
  return problems;
}

// Alerts are written once, in charts/common: what the charts render for production is what a Prometheus without the operator loads.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { charts } from '../charts/releases.mjs';
import { root } from '../node.mjs';

/** Renders that hold each workload once, with every alert that it can have. */
const files = ['production.yaml', 'zero-production.yaml'];

/**
 * @returns {{name: string, namespace: string, autoscaler: 'ScaledObject' | 'HorizontalPodAutoscaler' | undefined, groups: object[]}[]}
 *   one for each PrometheusRule, by name
 */
export function prometheusRules(folder = join(root, 'charts')) {
  return charts
    .flatMap((chart) => files.map((file) => join(folder, chart, 'rendered', file)))
    .filter((file) => existsSync(file))
    .flatMap((file) => {
      const objects = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
      return objects
        .filter((object) => object?.kind === 'PrometheusRule')
        .map(({ metadata: { name, namespace }, spec: { groups } }) => ({
          name,
          namespace,
          autoscaler: ['ScaledObject', 'HorizontalPodAutoscaler'].find((kind) =>
            objects.some((object) => object?.kind === kind && object.metadata.name === name),
          ),
          groups,
        }));
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

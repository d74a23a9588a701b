import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate, SampleStore, ScrapeTarget } from '@scalelab/promql';
import { expressionList } from './expression-list';

const folder = join(__dirname, 'samples');
const nowMs = Date.UTC(2026, 0, 1);

/** Pages of real exporters, as if scraped at one moment. Times of their own would keep them out of reach. */
function recorded(change: (page: string) => string = (page) => page): SampleStore {
  const store = new SampleStore();
  for (const file of readdirSync(folder)) {
    const page = readFileSync(join(folder, file), 'utf8').replace(/^([^#].*) \d{13}$/gm, '$1');
    new ScrapeTarget(store, { job: file, node: 'real' }, { honorLabels: true }).succeed(
      change(page),
      nowMs,
      0.01,
    );
  }
  return store;
}

/** Labels that name one object: any will do, so that a recording need not hold every workload in every state. */
const identities =
  'namespace|pod|container|deployment|horizontalpodautoscaler|job_name|scaledObject|scaledobject|scaletargetref_name';
const anyObject = (selector: string) =>
  selector.replace(new RegExp(`\\b(${identities})(=~?)"[^"]*"`, 'g'), '$1=~".+"');

/** No container waited; this kubelet names no containers in its cAdvisor page, and its machine keeps no account of reads a container. */
const notRecorded =
  /^(kube_pod_container_status_waiting_reason|container_memory_usage_bytes\{container|container_fs_reads_bytes_total)/;

const { dashboards, rules } = expressionList();
const selectors = [
  ...new Set([...dashboards, ...rules].flatMap((one) => one.selectors).map(anyObject)),
].filter((selector) => /^(kube|keda|container)_/.test(selector) && !notRecorded.test(selector));

const missing = (store: SampleStore) =>
  selectors.filter((selector) => {
    const answer = evaluate(selector, store, nowMs) as { readonly samples?: readonly unknown[] };
    return (answer.samples?.length ?? 0) === 0;
  });

test('every series that dashboards and rules ask a cluster for is one that KEDA, kube-state-metrics or a kubelet tells', () => {
  expect(missing(recorded())).toEqual([]);
  expect(selectors.length).toBeGreaterThan(20);
});

test('another name, and another label, are found', () => {
  const renamed = missing(
    recorded((page) =>
      page.replaceAll('keda_scaler_metrics_value', 'keda_metrics_adapter_scaler_metrics_value'),
    ),
  );
  expect(renamed.length).toBeGreaterThan(0);
  expect(renamed.every((selector) => selector.startsWith('keda_scaler_metrics_value'))).toBe(true);
  // What KEDA's own ServiceMonitor, without honorLabels, would make of it.
  const exported = missing(
    recorded((page) => page.replace(/^(keda.*)namespace=/gm, '$1exported_namespace=')),
  );
  expect(exported).toContainEqual(expect.stringMatching(/^keda_scaled_object_errors_total/));
});

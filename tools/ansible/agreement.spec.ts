import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** [what is broken, path of what is changed, its new value, what must be said] */
const broken: [string, (string | number)[], unknown, string][] = [
  [
    'a chart without a row',
    ['charts', 'new-chart'],
    'new-chart',
    'service_catalog: charts/new-chart has no row',
  ],
  [
    'a row without a chart',
    ['variables', 'service_catalog', 'data', 'chart'],
    'date-api',
    'service_catalog.data.chart is date-api: there is no such chart',
  ],
  ['a row without values', ['variables', 'values_backend'], null, 'values_backend is missing'],
  [
    'a namespace in a row',
    ['variables', 'service_catalog', 'backend', 'namespace'],
    'x',
    'service_catalog.backend.namespace is x',
  ],
  [
    'another namespace',
    ['variables', 'namespace_data'],
    'data',
    "namespace_data is data, the charts' own is data-namespace",
  ],
  [
    'another release',
    ['variables', 'release_http_demo'],
    'demo',
    'release_http_demo is demo, the chart is called http-demo',
  ],
  [
    'a service that is forgotten',
    ['variables', 'services'],
    ['http_demo'],
    'services: backend is not installed by default',
  ],
  [
    'a service that is unknown',
    ['variables', 'services', 0],
    'htp_demo',
    'services: htp_demo has no row in service_catalog',
  ],
  ['another tag', ['variables', 'image_tag'], '9.9.9', 'image_tag is 9.9.9, charts/shared-values.yaml has'],
  ['another Prometheus', ['variables', 'release_prometheus'], 'p', 'release_prometheus is p'],
  [
    'another namespace of the HTTP add-on',
    ['variables', 'namespace_http_add_on'],
    'h',
    'namespace_http_add_on is h, but',
  ],
  [
    'a node port that kind hides',
    ['variables', 'kind_ports'],
    [30000, 31000, 32000, 32001],
    'kind_ports lacks 30115',
  ],
  [
    "Grafana's node port",
    ['variables', 'kind_ports'],
    [30000, 30115, 32000, 32001],
    'kind_ports lacks 31000',
  ],
  ['a floating package', ['requirements'], 'ansible>=12\n', '"ansible>=12" is not pinned'],
  ['a floating collection', ['collections', 0, 'version'], '>=6', 'kubernetes.core is not pinned'],
  [
    'another KEDA',
    ['variables', 'pinned_charts', 'keda', 'version'],
    '2.20.0',
    'pinned_charts.keda is 2.20.0',
  ],
  [
    'another HTTP add-on',
    ['variables', 'pinned_charts', 'http_add_on', 'version'],
    '0.1.0',
    'pinned_charts.http_add_on is 0.1.0',
  ],
  [
    'another Kubernetes',
    ['variables', 'pinned_images', 'kind_node'],
    'kindest/node:v1.33.1',
    'pinned_images.kind_node is',
  ],
  [
    'an image without a digest',
    ['variables', 'pinned_images', 'kafka'],
    'apache/kafka:4.3.1',
    'pinned_images.kafka is apache/kafka:4.3.1: give',
  ],
  [
    'another image than compose',
    ['compose', 'localstack', 'image'],
    'localstack/localstack:1',
    'docker-compose.yml has localstack/localstack:1',
  ],
  [
    'a version in a role',
    ['roleFiles', 'ansible/roles/kafka/templates/x.yaml'],
    'image: apache/kafka:4.0.0',
    'x.yaml:1: a version outside',
  ],
  [
    'a default without prefix',
    ['roles', 'kafka', 'defaults', 'heap'],
    1,
    'roles/kafka/defaults: heap does not begin with kafka_',
  ],
  ['a role without a description', ['roles', 'kafka', 'meta'], {}, 'roles/kafka/meta: no description'],
  [
    'a role that preflight does not know',
    ['roles', 'zoo'],
    { defaults: {}, meta: { galaxy_info: { description: 'x' } } },
    'preflight_roles is',
  ],
  ['a playbook that is gone', ['playbooks', 'reset.yml'], null, 'ansible/playbooks/reset.yml is missing'],
  ['a part without a tag', ['playbooks', 'site.yml'], 'tags: [keda]', 'no part has the tag prometheus'],
  [
    'a remote host',
    ['inventory', 'all', 'children', 'local', 'hosts', 'localhost'],
    {},
    'not reached by a local connection',
  ],
  [
    'a variable that nobody explains',
    ['variables', 'kind_colour'],
    'red',
    'docs/ansible.md does not mention kind_colour',
  ],
  ['no documentation', ['docs'], '', 'docs/ansible.md does not mention site.yml'],
];

const cases = [{ path: [], value: 0 }, ...broken.map(([, path, value]) => ({ path, value }))];
const [asItIs, ...judged] = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'judge.mjs')], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  }),
) as string[][];

it('finds nothing to complain about', () => {
  expect(asItIs).toEqual([]);
});

it.each(broken.map(([what, , , message], index) => [what, message, index] as const))(
  'notices %s',
  (_, message, index) => {
    expect(judged[index]).toContainEqual(expect.stringContaining(message));
  },
);

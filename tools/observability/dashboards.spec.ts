import { expressionList } from './expression-list';
import { problems, read } from './judge-process';

interface Panel {
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number };
  fieldConfig?: { defaults: { unit?: string } };
  targets?: { expr: string; legendFormat?: string; datasource: { uid: string } }[];
}

interface Dashboard {
  uid: string;
  templating: { list: { name: string }[] };
  panels: Panel[];
}

const names = ['scaling', 'services', 'resources'];
const dashboard = (name: string) => JSON.parse(read(`observability/dashboards/${name}.json`)) as Dashboard;

test.each(names)('%s is well-formed', (name) => {
  expect(problems({ dashboard: dashboard(name) })).toEqual([]);
});

const firstGraph = ({ panels }: Dashboard) =>
  panels.find(({ type }) => type === 'timeseries') as Panel & {
    targets: NonNullable<Panel['targets']>;
  };

test.each<[string, (board: Dashboard) => void, RegExp]>([
  ['a foreign uid', (board) => (board.uid = 'other'), /^uid: is "other"; "scalelab-" and a word is allowed$/],
  [
    'no unit',
    (board) => delete firstGraph(board).fieldConfig?.defaults.unit,
    /unit is undefined; short, s, bytes/,
  ],
  ['no description', (board) => delete firstGraph(board).description, /has no description/],
  ['no legend', (board) => delete firstGraph(board).targets[0]?.legendFormat, /A: has no legend/],
  [
    'a fixed data source',
    (board) => (firstGraph(board).targets[0]!.datasource.uid = 'prometheus'),
    /datasource is "prometheus"; \$\{datasource\} is allowed/,
  ],
  [
    'an expression that cannot be read',
    (board) => (firstGraph(board).targets[0]!.expr = 'sum(rate(a[5m])'),
    /sum\(rate\(a\[5m\]\) cannot be read from "its end" on/,
  ],
  [
    'a variable that nobody declares',
    (board) => (firstGraph(board).targets[0]!.expr = 'a{b="$pod"}'),
    /use the variable \$pod, which is not declared/,
  ],
  [
    'panels over each other',
    (board) => Object.assign(firstGraph(board).gridPos, { x: 0, y: 0 }),
    /lies over/,
  ],
  ['no data source to choose', (board) => board.templating.list.shift(), /has no variable "datasource"/],
])('%s is found', (_, spoil, message) => {
  const board = dashboard('scaling');
  spoil(board);
  expect(problems({ dashboard: board }).join('\n')).toMatch(message);
});

test('resources asks exactly what others copy from it', () => {
  const asked = dashboard('resources').panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expect(asked).toEqual([
    'sum(rate(container_cpu_usage_seconds_total{container="backend-api"}[5m])) by (pod)',
    'sum(container_memory_usage_bytes{container="backend-api"}) by (pod)',
    'sum(rate(container_cpu_usage_seconds_total{container="data-api"}[5m])) by (pod)',
    'sum(container_memory_usage_bytes{container="data-api"}) by (pod)',
    'sum(rate(container_cpu_usage_seconds_total[5m])) by (node)',
    'sum(container_memory_usage_bytes) by (node)',
    'sum(rate(container_cpu_usage_seconds_total[5m])) by (pod)',
    'sum(container_memory_usage_bytes) by (pod)',
    'sum(rate(container_fs_reads_bytes_total[5m])) by (container)',
  ]);
});

test('variables are filled in before a Prometheus is asked', () => {
  const { dashboards } = expressionList();
  expect(dashboards.length).toBeGreaterThan(40);
  // `$1` is a group of label_replace.
  expect(dashboards.filter(({ expr }) => /\$(?!1")/.test(expr))).toEqual([]);
});

describe('provisioning of Grafana', () => {
  const folder = 'observability/grafana/provisioning';
  const files = [`${folder}/datasources/prometheus.yml`, `${folder}/dashboards/scalelab.yml`];
  const texts = () => Object.fromEntries(files.map((file) => [file, read(file)]));

  test('is as it should be', () => expect(problems({ provisioning: texts() })).toEqual([]));

  test.each([
    [files[0], 'uid: prometheus', 'uid: other', /one default data source/],
    [files[1], '/var/lib/grafana/dashboards', '/dashboards', /no provider of type file reads/],
  ])('%s: a change of "%s" is found', (file = '', from, to, message) => {
    const spoilt = texts();
    spoilt[file] = spoilt[file]!.replace(from, to);
    expect(problems({ provisioning: spoilt }).join('\n')).toMatch(message);
  });
});

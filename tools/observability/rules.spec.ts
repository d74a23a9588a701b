import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scalelab/testing';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { problems, read, root } from './judge-process';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface Tests {
  tests: { alert_rule_test: { alertname: string; exp_alerts: object[] }[] }[];
}

const folder = join(root, 'observability/rules');
const rulesOf = (file: string) =>
  (parse(readFileSync(join(folder, file), 'utf8')) as { groups: { rules: Rule[] }[] }).groups;
const promtool = spawnSync('promtool', ['--version']).status === 0;

/** Runs the tests of one alert of a workload, with the text of the rules changed. */
function tested(file: string, alert: string, change: (text: string) => string) {
  const copy = tempDir();
  const before = readFileSync(join(folder, file), 'utf8');
  const after = change(before);
  const test = parse(readFileSync(join(folder, 'tests', file.replace('.yml', '.test.yml')), 'utf8')) as Tests;
  const own = test.tests.filter(({ alert_rule_test: [one] }) => one?.alertname === alert);
  if (own.length < 2) throw new Error(`${file}: ${alert} has ${own.length} tests`);
  writeFileSync(join(copy, 'rules.yml'), after);
  writeFileSync(join(copy, 'test.yml'), stringify({ ...test, rule_files: ['rules.yml'], tests: own }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yml'], {
    cwd: copy,
    encoding: 'utf8',
  });
  return { changed: before !== after, status, output: `${stdout}${stderr}` };
}

describe(`tests of rules${promtool ? '' : ' (skipped: no promtool on this machine)'}`, () => {
  /** Every metric that an alert of sqs-worker or health-check reads, misspelt. */
  const misspelt = ['sqs-worker.yml', 'health-check.yml'].flatMap((file) =>
    rulesOf(file)
      .flatMap(({ rules }) => rules)
      .flatMap(({ alert, expr }) =>
        [...new Set(expr.match(/\b\w+(?=\{)/g))].map((metric) => [alert, metric, file] as const),
      ),
  );

  test.each(misspelt)('%s turns red when %s is misspelt', (alert, metric, file) => {
    if (!promtool) return void process.stdout.write('skipped: no promtool on this machine\n');
    const { changed, output, status } = tested(file, alert, (text) =>
      text.replaceAll(`${metric}{`, `${metric}s{`),
    );
    expect(changed).toBe(true);
    expect(status).not.toBe(0);
    expect(output).toContain(alert);
  });

  test.each([
    ['AutoscalerAtMaximum', 'for: 15m', 'for: 1m'],
    ['BacklogTooOld', '> 300', '> 3000'],
    ['DeadLettersGrowing', '[15m]', '[1m]'],
    ['FallbackActive', '== 1', '== 0'],
  ])('%s turns red when "%s" becomes "%s"', (alert, from, to) => {
    if (!promtool) return;
    const { changed, output, status } = tested('sqs-worker.yml', alert, (text) => {
      const at = text.indexOf(`alert: ${alert}`);
      return text.slice(0, at) + text.slice(at).replace(from, to);
    });
    expect(changed).toBe(true);
    expect(status).not.toBe(0);
    expect(output).toContain(alert);
  });

  test.each([...new Set(misspelt.map(([alert, , file]) => `${alert} ${file}`))])(
    '%s: green as it is',
    (which) => {
      if (!promtool) return;
      const [alert = '', file = ''] = which.split(' ');
      expect(tested(file, alert, (text) => text)).toMatchObject({ status: 0 });
    },
  );
});

describe('what promtool does not look at', () => {
  const given = (change: (rule: Rule, tests: Tests) => void) => {
    const rule = { name: 'sqs-worker', groups: rulesOf('sqs-worker.yml') };
    const tests = parse(read('observability/rules/tests/sqs-worker.test.yml')) as Tests;
    const crash = rule.groups
      .flatMap(({ rules }) => rules)
      .find(({ alert }) => alert === 'CrashLoop') as Rule;
    change(crash, tests);
    return problems({ rule, tests });
  };
  const withoutCases =
    (fires: boolean) =>
    (_: Rule, { tests }: Tests) => {
      for (const { alert_rule_test: cases } of tests)
        for (const one of cases)
          if (one.alertname === 'CrashLoop' && one.exp_alerts.length > 0 === fires) one.alertname = 'Another';
    };

  test.each<[string, Parameters<typeof given>[0], RegExp]>([
    ['an odd severity', ({ labels }) => (labels.severity = 'page'), /severity is page; warning and critical/],
    ['no waiting time', (rule) => delete rule.for, /has no "for"/],
    ['no summary', ({ annotations }) => delete annotations.summary, /has no summary/],
    [
      'another runbook',
      ({ annotations }) => (annotations.runbook_url = 'https://wiki/x.md'),
      /must end with docs\/runbooks\/crash-loop\.md/,
    ],
    [
      'an alert without a page',
      (rule) => (rule.alert = 'NobodyKnows'),
      /docs\/runbooks\/nobody-knows\.md is missing/,
    ],
    ['no case in which it fires', withoutCases(true), /no test in which it fires/],
    ['no case in which it stays silent', withoutCases(false), /no test in which it stays silent/],
    ['an expression that cannot be read', (rule) => (rule.expr = 'up >'), /up > cannot be read/],
  ])('%s is found', (_, change, message) => expect(given(change).join('\n')).toMatch(message));

  test('as they are, nothing is', () => expect(given(() => undefined)).toEqual([]));
});

interface PrometheusConfig {
  scrape_configs: {
    static_configs?: { targets: string[]; labels?: { service: string; namespace: string } }[];
    dns_sd_configs?: { names: string[] }[];
    relabel_configs?: { target_label: string; replacement?: string }[];
  }[];
}

describe('Prometheus of docker-compose', () => {
  const { scrape_configs: jobs } = parse(read('observability/prometheus.yml')) as PrometheusConfig;

  test('asks services of docker-compose.yml', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: object };
    const hosts = jobs.flatMap(({ dns_sd_configs: names = [], static_configs: fixed = [] }) => [
      ...names.flatMap((one) => one.names),
      ...fixed.flatMap(({ targets }) => targets.map((target) => target.replace(/:\d+$/, ''))),
    ]);
    expect(hosts.filter((host) => host !== 'localhost')).toHaveLength(6);
    expect([...Object.keys(services), 'localhost']).toEqual(expect.arrayContaining(hosts));
  });

  test('gives targets the labels that they have in a cluster', () => {
    const targets = jobs.flatMap(({ relabel_configs: relabels = [], static_configs: fixed = [] }) => {
      const replaced = (label: string) => relabels.find((one) => one.target_label === label)?.replacement;
      return [
        ...fixed.flatMap(({ labels }) => labels ?? []),
        ...(replaced('service') ? [{ service: replaced('service'), namespace: replaced('namespace') }] : []),
      ];
    });
    const services = ['backend-api', 'data-api', 'http-demo', 'sqs-worker', 'kafka-consumer'].flatMap(
      (chart) =>
        parseAllDocuments(read(`charts/${chart}/rendered/production.yaml`))
          .map(
            (document) =>
              document.toJS() as { kind?: string; metadata: { name: string; namespace: string } } | null,
          )
          .flatMap((object) =>
            object?.kind === 'Service'
              ? [{ service: object.metadata.name, namespace: object.metadata.namespace }]
              : [],
          ),
    );
    expect(targets).toHaveLength(6);
    for (const target of targets) expect(services).toContainEqual(target);
  });
});

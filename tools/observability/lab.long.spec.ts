import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join, relative } from 'node:path';
import { resources, type KubeObject } from '@scalelab/kube';
import { formatLabels, parseExposition, type Labels } from '@scalelab/promql';
import { tempDir, waitFor } from '@scalelab/testing';
import { Kafka, logLevel } from 'kafkajs';
import { RunningLab, root } from '../../e2e/running-lab';
import { startCustomResourceProxy } from './custom-resource-proxy';
import { expressionList } from './expression-list';
import { KubeStateMetrics } from './kube-state-metrics-process';
import { RunningPrometheus } from './testing-prometheus';

interface ScaledObject extends KubeObject {
  readonly spec: { readonly triggers: readonly { readonly metadata: object }[] };
}

const { version } = RunningPrometheus;
const workloads = [
  'emulators',
  'backend-api',
  'data-api',
  'health-check',
  'http-demo',
  'sqs-worker',
  'kafka-consumer',
];

/** As the charts render them, but without ports of the host: this lab is not the only one on the machine. */
function manifests(): string[] {
  const folder = tempDir();
  const files = [
    ...workloads.map((name) => `charts/${name}/rendered/lab.yaml`),
    'charts/http-demo/rendered/zero-lab.yaml',
    'apps/lab/add-ons/interceptor.yaml',
  ];
  return files.map((file, index) => {
    const text = readFileSync(join(root, file), 'utf8')
      .replace(/(lab\.scalelab\.dev\/host-port\.\S+:) .*/g, "$1 '0'")
      // Small, so that maxima are reached and the machine is left some room.
      .replace(/maxReplica(Count|s): \d+/g, 'maxReplica$1: 3')
      // Its Job fails, so that there is something to tell.
      .replace('http://data-api-service-unique.data-namespace/', 'http://nobody.data-namespace/');
    const path = join(folder, `${index}.yaml`);
    writeFileSync(path, text);
    return relative(join(root, 'e2e/manifests'), path);
  });
}

/** A request for a host by another address; `fetch` does not let its caller name the host. */
async function route(url: string, host: string): Promise<void> {
  const request = get(url, { headers: { host }, timeout: 10_000 });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
}

/** An empty label is as none. */
function filled(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

/** Samples of the first page that the second has not, and of families of the first that only the second has. */
function differences(ours: string, theirs: string): string[] {
  const lines = (page: string) =>
    parseExposition(page).samples.map(({ labels, value }) => ({
      name: labels['__name__'] ?? '',
      text: `${formatLabels(filled(labels))} ${value}`,
    }));
  const mine = lines(ours);
  const families = new Set(mine.map(({ name }) => name));
  const real = lines(theirs).filter(({ name }) => families.has(name));
  const [mineTexts, realTexts] = [
    new Set(mine.map(({ text }) => text)),
    new Set(real.map(({ text }) => text)),
  ];
  return [
    ...[...mineTexts].filter((text) => !realTexts.has(text)).map((text) => `only the lab: ${text}`),
    ...[...realTexts]
      .filter((text) => !mineTexts.has(text))
      .map((text) => `only kube-state-metrics: ${text}`),
  ].sort();
}

/** Steady requests in the background, until told to end. */
class Load {
  private readonly ended = new AbortController();
  private readonly loops: Promise<void>[] = [];

  every(milliseconds: number, work: (signal: AbortSignal) => Promise<unknown>): void {
    const { signal } = this.ended;
    const loop = async () => {
      while (!signal.aborted) {
        // Pods come and go under it; a request that fails is no matter here.
        await work(signal).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
      }
    };
    this.loops.push(loop());
  }

  async end(): Promise<void> {
    this.ended.abort();
    await Promise.all(this.loops);
  }
}

describe(`expressions against Prometheus ${version ?? '(skipped: no prometheus on this machine)'}`, () => {
  let lab: RunningLab;
  let prometheus: RunningPrometheus | undefined;
  let config = '';
  const load = new Load();
  const { dashboards, rules } = expressionList();

  beforeAll(async () => {
    if (version === undefined) {
      process.stdout.write('skipped: no prometheus on this machine (Debian: apt-get install prometheus)\n');
      return;
    }
    lab = await RunningLab.start({ manifests: manifests() });
    const kubeconfig = join(lab.runDir, 'kubeconfig');
    const tool = join(root, 'tools/observability/lab-prometheus.mjs');
    config = execFileSync(process.execPath, [tool, '--kubeconfig', kubeconfig, '--print'], {
      encoding: 'utf8',
    });
    prometheus = await RunningPrometheus.start(config);
    for (const [namespace, name] of [
      ['sqs-worker', 'sqs-worker-api'],
      ['backend-namespace', 'backend-api'],
      ['http-demo', 'http-demo'],
    ] as const)
      await waitFor(() => lab.ready(namespace, name).then((ready) => ready > 0), {
        timeoutMs: 60_000,
        what: name,
      });
    await beginLoad();
  }, 180_000);

  afterAll(async () => {
    await load.end();
    await prometheus?.stop();
  }, 30_000);

  async function beginLoad(): Promise<void> {
    const send = (url: string, body: unknown, signal: AbortSignal) =>
      fetch(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
        signal,
      });
    const api = await lab.url('sqs-worker', 'sqs-worker-api', 80);
    const demo = await lab.url('http-demo', 'http-demo', 80);
    const backend = await lab.url('backend-namespace', 'backend-api-service-unique', 80);
    const proxy = await lab.url('keda', 'keda-add-ons-http-interceptor-proxy', 8080);
    const broker = await lab.url('lab-system', 'emulators', 9092);
    const messages = Array.from({ length: 100 }, (_, n) => ({ n, work: { ms: 2_000 } }));
    load.every(4_000, (signal) => send(`${api}/process_messages`, messages, signal));
    load.every(500, (signal) => fetch(demo, { signal }));
    load.every(1_000, (signal) => fetch(backend, { signal }));
    load.every(100, () => route(proxy, 'http-demo-zero.http-demo'));
    const kafka = new Kafka({ brokers: [broker.replace('http://', '')], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    // Old records, so that the backlog is older than its objective at once; the first of each batch cannot be processed at all.
    load.every(4_000, () =>
      producer.send({
        topic: 'events',
        messages: Array.from({ length: 60 }, (_, n) => ({
          value: JSON.stringify({ n, work: n === 0 ? { poison: true } : { ms: 1_000 } }),
          timestamp: String(Date.now() - 600_000),
        })),
      }),
    );
  }

  /** Changes metadata of the only trigger of a ScaledObject that is called as its namespace. */
  async function pointTrigger(name: string, metadata: object, spec: object = {}): Promise<void> {
    const { spec: was } = await lab.client.get<ScaledObject>(resources.ScaledObject, name, name);
    const triggers = was.triggers.map((trigger) => ({
      ...trigger,
      metadata: { ...trigger.metadata, ...metadata },
    }));
    await lab.client.patch(resources.ScaledObject, name, name, { spec: { ...spec, triggers } });
  }

  test('kube-state-metrics, watching the same lab, tells the same', async () => {
    if (!prometheus) return;
    if (!KubeStateMetrics.path) {
      process.stdout.write(
        'skipped: no kube-state-metrics on this machine (go build of its module, or in PATH)\n',
      );
      return;
    }
    const proxy = await startCustomResourceProxy(join(lab.runDir, 'kubeconfig'));
    const kubeState = await KubeStateMetrics.start(
      proxy.url,
      ['deployments', 'horizontalpodautoscalers', 'jobs', 'pods'],
      join(root, 'observability/kubernetes/kube-state-metrics-values.yaml'),
    );
    try {
      const monitoring = /http:\/\/[\d.]+:\d+/.exec(config)?.[0] ?? '';
      let difference: string[] = [];
      await waitFor(
        async () => {
          const [theirs, ours] = await Promise.all([
            kubeState.page(),
            fetch(`${monitoring}/metrics/kube-state`).then((response) => response.text()),
          ]);
          difference = differences(ours, theirs);
          return difference.length === 0;
        },
        { timeoutMs: 30_000, intervalMs: 500 },
      ).catch(() => undefined);
      expect(difference).toEqual([]);
    } finally {
      await kubeState.stop();
      proxy.stop();
    }
  }, 120_000);

  test('every panel and annotation has values under load', async () => {
    if (!prometheus) return;
    const grown = () => lab.ready('sqs-worker', 'sqs-worker').then((ready) => ready === 3);
    await waitFor(grown, { timeoutMs: 120_000, what: 'three workers' });
    // One too many from now on: something has to go down as well.
    await lab.client.patch(resources.ScaledObject, 'sqs-worker', 'sqs-worker', {
      spec: { maxReplicaCount: 2 },
    });
    expect(await prometheus.neverWithValue(dashboards, { timeoutMs: 150_000 })).toEqual([]);
    expect(dashboards.length).toBeGreaterThan(40);
  }, 300_000);

  test('every alert fires for some workload in trouble, and what all others look at is there', async () => {
    if (!prometheus) return;
    // A trigger that cannot be read, without and with a fallback.
    await pointTrigger('http-demo', { serverAddress: 'http://127.0.0.1:9' });
    await pointTrigger(
      'kafka-consumer',
      { bootstrapServers: '127.0.0.1:9' },
      { fallback: { failureThreshold: 1, replicas: 2 } },
    );
    const kinds = [...new Set(rules.map(({ alert }) => alert))];
    const anyOf = (alert: string) =>
      rules
        .filter((rule) => rule.alert === alert)
        .map(({ expr }) => `(${expr})`)
        .join(' or ');
    const fire = (alerts: readonly string[]) => alerts.map((alert) => ({ where: alert, expr: anyOf(alert) }));
    // Workers that cannot start come last: nobody would be left to work on the backlog.
    const late = ['CrashLoop', 'ActiveWithoutReplicas'];
    const early = kinds.filter((alert) => !late.includes(alert));
    expect(await prometheus.neverWithValue(fire(early), { timeoutMs: 120_000 })).toEqual([]);
    const looked = rules.flatMap(({ operands, where }) => operands.map((expr) => ({ where, expr })));
    // Only a container that waits has it.
    const onlyInTrouble = /waiting_reason/;
    const needed = looked.filter(({ expr }) => !onlyInTrouble.test(expr));
    expect(await prometheus.neverWithValue(needed, { timeoutMs: 30_000 })).toEqual([]);
    expect(needed.length).toBeGreaterThan(40);
    const env = [{ name: 'MAX_IN_FLIGHT', value: 'none' }];
    await lab.client.patch(
      resources.Deployment,
      'sqs-worker',
      'sqs-worker',
      {
        spec: {
          strategy: { type: 'Recreate', rollingUpdate: null },
          template: { spec: { containers: [{ name: 'sqs-worker', env }] } },
        },
      },
      { type: 'strategic' },
    );
    expect(await prometheus.neverWithValue(fire(late), { timeoutMs: 60_000 })).toEqual([]);
  }, 300_000);

  test('a misspelt name is found', async () => {
    if (!prometheus) return;
    const misspelt = dashboards.slice(0, 3).map(({ expr, where }) => ({
      where,
      expr: expr.replace(/\b(kube|keda)_(\w+)/, '$1_$2s'),
    }));
    expect(
      await prometheus.neverWithValue([...misspelt, ...dashboards.slice(3, 6)], { timeoutMs: 0 }),
    ).toEqual(misspelt);
  });
});

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { resources } from '@scalelab/kube';
import { tempDir, waitFor } from '@scalelab/testing';
import { Kafka, logLevel } from 'kafkajs';
import { RunningLab, root } from '../../e2e/running-lab';
import { expressionList } from './expression-list';
import { RunningPrometheus } from './testing-prometheus';

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
      // Its Job fails, so that there is something to tell.
      .replace('http://data-api-service-unique.data-namespace/', 'http://nobody.data-namespace/');
    const path = join(folder, `${index}.yaml`);
    writeFileSync(path, text);
    return relative(join(root, 'e2e/manifests'), path);
  });
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
    const config = execFileSync(process.execPath, [tool, '--kubeconfig', kubeconfig, '--print'], {
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
    const messages = Array.from({ length: 60 }, (_, n) => ({ n, work: { ms: 1_500 } }));
    load.every(4_000, (signal) => send(`${api}/process_messages`, messages, signal));
    load.every(200, (signal) => fetch(demo, { signal }));
    load.every(1_000, (signal) => fetch(backend, { signal }));
    load.every(100, (signal) =>
      fetch(proxy, {
        signal,
        headers: { host: 'http-demo-zero.http-demo', 'x-forwarded-host': 'http-demo-zero.http-demo' },
      }),
    );
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

  const patch = (kind: 'ScaledObject' | 'Deployment', namespace: string, name: string, changes: object) =>
    lab.client.patch(resources[kind], namespace, name, changes);

  test('every panel and annotation has values under load', async () => {
    if (!prometheus) return;
    expect(await prometheus.neverWithValue(dashboards, { timeoutMs: 150_000 })).toEqual([]);
    expect(dashboards.length).toBeGreaterThan(40);
  }, 180_000);

  test('every alert fires for some workload in trouble, and what all others look at is there', async () => {
    if (!prometheus) return;
    // At the maximum: less of it.
    await patch('ScaledObject', 'sqs-worker', 'sqs-worker', { spec: { maxReplicaCount: 2 } });
    // A trigger that cannot be read, without and with a fallback.
    const { spec } = await lab.client.get<
      { spec: { triggers: { metadata: object }[] } } & Parameters<typeof lab.client.create>[1]
    >(resources.ScaledObject, 'http-demo', 'http-demo');
    const nowhere = (metadata: object) =>
      spec.triggers.map((trigger) => ({ ...trigger, metadata: { ...trigger.metadata, ...metadata } }));
    await patch('ScaledObject', 'http-demo', 'http-demo', {
      spec: { triggers: nowhere({ serverAddress: 'http://127.0.0.1:9' }) },
    });
    const zero = await lab.client.get<typeof spec & Parameters<typeof lab.client.create>[1]>(
      resources.ScaledObject,
      'kafka-consumer',
      'kafka-consumer',
    );
    await patch('ScaledObject', 'kafka-consumer', 'kafka-consumer', {
      spec: {
        fallback: { failureThreshold: 1, replicas: 2 },
        triggers: (zero as unknown as { spec: typeof spec }).spec.triggers.map((trigger) => ({
          ...trigger,
          metadata: { ...trigger.metadata, bootstrapServers: '127.0.0.1:9' },
        })),
      },
    });
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
    await patch('Deployment', 'sqs-worker', 'sqs-worker', {
      spec: {
        strategy: { type: 'Recreate', rollingUpdate: null },
        template: {
          spec: { containers: [{ name: 'sqs-worker', env: [{ name: 'MAX_IN_FLIGHT', value: 'none' }] }] },
        },
      },
    });
    expect(await prometheus.neverWithValue(fire(late), { timeoutMs: 60_000 })).toEqual([]);
    const looked = rules.flatMap(({ operands, where }) => operands.map((expr) => ({ where, expr })));
    // What only a container that waits, or a fallback that somebody configured, has: the other workloads lack it.
    const onlyInTrouble = /waiting_reason/;
    const needed = looked.filter(({ expr }) => !onlyInTrouble.test(expr));
    expect(await prometheus.neverWithValue(needed, { timeoutMs: 30_000 })).toEqual([]);
    expect(needed.length).toBeGreaterThan(40);
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

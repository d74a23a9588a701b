import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createQueuePort, createTablePort, ensureQueue, ensureTable } from '@scalelab/aws';
import { Kafka, logLevel } from 'kafkajs';
import { freePort, Ledger, tempDir, waitFor } from '@scalelab/testing';

const bundle = join(__dirname, '..', 'dist', 'main.cjs');
const processes: ChildProcess[] = [];
const closers: (() => Promise<unknown> | void)[] = [];

beforeAll(() => {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: npm run build`);
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  for (const child of processes.splice(0))
    if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGKILL');
});

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => {
    child.once('exit', (code, by) => resolve(code ?? by));
    child.kill(signal);
  });
}

const portNames = ['METRICS_PORT', 'AWS_PORT', 'EXTERNAL_API_PORT', 'KAFKA_PORT'] as const;
type PortName = (typeof portNames)[number];

async function start(env: Record<string, string>) {
  const ports: Record<string, string> = {};
  for (const name of portNames) ports[name] = String(await freePort());
  const all = { ...ports, KAFKA_ENABLED: 'false', ...env };
  const child = spawn(process.execPath, [bundle], {
    env: { PATH: process.env.PATH, ...all },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk));
  const port = (name: PortName) => Number({ ...ports, ...env }[name]);
  return { child, port, url: (name: PortName) => `http://127.0.0.1:${port(name)}`, output: () => output };
}

async function started(env: Record<string, string> = {}) {
  const emulators = await start(env);
  await waitFor(async () => (await fetch(`${emulators.url('METRICS_PORT')}/readyz`)).status === 200, {
    timeoutMs: 15_000,
    what: 'readiness',
  }).catch((cause: unknown) => {
    throw new Error(`not ready: ${emulators.output()}`, { cause });
  });
  return emulators;
}

function clientsOf(url: string) {
  const settings = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  const queues = createQueuePort(settings);
  const tables = createTablePort(settings);
  closers.push(
    () => queues.close(),
    () => tables.close(),
  );
  return { queues, tables };
}

describe('the bundled emulators', () => {
  it('serve AWS, Kafka and the external API, count calls, keep keys out of the log and stop with 0', async () => {
    const emulators = await started({ KAFKA_ENABLED: 'true', KAFKA_TOPICS: 'events:6' });
    const { queues, tables } = clientsOf(emulators.url('AWS_PORT'));
    await ensureQueue(queues, { name: 'work' });
    await ensureTable(tables, { name: 'items' });
    const logs = await fetch(`${emulators.url('EXTERNAL_API_PORT')}/logs?env=staging`, {
      headers: { 'x-api-key': 'staging-key' },
    });
    expect(logs.status).toBe(200);
    const kafka = new Kafka({
      brokers: [`127.0.0.1:${emulators.port('KAFKA_PORT')}`],
      logLevel: logLevel.NOTHING,
    }).admin();
    await kafka.connect();
    expect(await kafka.listTopics()).toEqual(['events']);
    await kafka.disconnect();
    const metrics = await (await fetch(`${emulators.url('METRICS_PORT')}/metrics`)).text();
    expect(metrics).toContain(
      'emulators_aws_requests_total{service="sqs",operation="CreateQueue",status="2xx"} 1',
    );
    expect(emulators.output()).not.toContain('staging-key');
    expect(await end(emulators.child, 'SIGTERM')).toBe(0);
  });

  it('listen on loopback only', async () => {
    const emulators = await started({ KAFKA_ENABLED: 'true' });
    for (const name of portNames) {
      const code = await new Promise((resolve) => {
        const socket = connect({ host: '127.0.0.2', port: emulators.port(name) });
        socket.on('connect', () => resolve('connected'));
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      });
      expect([name, code]).toEqual([name, 'ECONNREFUSED']);
    }
  });

  it('say which port is in use', async () => {
    const first = await started();
    const second = await start({ AWS_PORT: String(first.port('AWS_PORT')) });
    const code = await new Promise((resolve) => second.child.once('close', resolve));
    expect(code).toBe(1);
    expect(second.output()).toContain(
      `port ${first.port('AWS_PORT')} on 127.0.0.1 is in use by another process; set AWS_PORT to a free one`,
    );
  });

  it('keep all that they acknowledged when they are killed under load, three times over', async () => {
    const dataDir = tempDir();
    const awsPort = String(await freePort());
    const url = `http://127.0.0.1:${awsPort}`;
    const env = { DATA_DIR: dataDir, AWS_PORT: awsPort, EXTERNAL_API_ENABLED: 'false' };
    const sent = new Ledger();
    const written = new Ledger();
    const received = new Set<string>();
    const deleted = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const emulators = await started(env);
      const { queues, tables } = clientsOf(url);
      const { url: queueUrl } = await ensureQueue(queues, { name: 'work', visibilitySeconds: 600 });
      await ensureTable(tables, { name: 'items' });
      const before = sent.size;
      let n = 0;
      const load = async (client: string) => {
        for (;;) {
          const ids = Array.from({ length: 10 }, () => `${round}-${client}-${(n += 1)}`);
          const { sent: accepted } = await queues.sendBatch(
            queueUrl,
            ids.map((id) => ({ body: id })),
          );
          sent.sent(...accepted.map(({ index }) => ids[index]!));
          await tables.putIfAbsent('items', 'id', { id: ids[0]! });
          written.sent(ids[0]!);
          const messages = await queues.receive({ queueUrl, max: 2, waitSeconds: 0, visibilitySeconds: 600 });
          messages.forEach(({ body }) => received.add(body));
          await queues.deleteBatch(
            queueUrl,
            messages.map(({ receiptHandle }) => receiptHandle),
          );
          messages.forEach(({ body }) => deleted.add(body));
        }
      };
      const clients = ['a', 'b', 'c', 'd'].map((client) => load(client).catch(() => undefined));
      await waitFor(() => sent.size > before + 500, { timeoutMs: 10_000, what: 'load' });
      await end(emulators.child, 'SIGKILL');
      for (const close of closers.splice(0)) await close();
      await Promise.all(clients);
    }
    await started(env);
    const { queues, tables } = clientsOf(url);
    const queueUrl = (await queues.find('work'))!;
    const left = new Set<string>();
    for (;;) {
      const messages = await queues.receive({ queueUrl, max: 10, waitSeconds: 0, visibilitySeconds: 600 });
      if (messages.length === 0) break;
      messages.forEach(({ body }) => left.add(body));
    }
    expect(sent.size).toBeGreaterThan(1_500);
    const known = new Set([...left, ...received]);
    expect(sent.count([...known].filter((id) => sent.has(id)))).toMatchObject({ lost: 0 });
    expect([...deleted].filter((id) => left.has(id))).toEqual([]);
    const rows: string[] = [];
    for await (const { id } of tables.scan('items', ['id'])) rows.push(String(id));
    expect(written.count(rows)).toMatchObject({ lost: 0, duplicates: 0 });
  });
});

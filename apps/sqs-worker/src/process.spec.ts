import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  createQueuePort,
  createTablePort,
  ensureQueue,
  ensureTable,
  queueDepth,
  type EnsuredQueue,
  type QueuePort,
  type TablePort,
} from '@scalelab/aws';
import { startAwsEmulator, type AwsEmulator } from '@scalelab/aws-emulator';
import { freePort, Ledger, tempDir, waitFor } from '@scalelab/testing';

const bundles = join(__dirname, '..', '..');
const bundle = join(bundles, 'sqs-worker', 'dist', 'main.cjs');
const emulatorsBundle = join(bundles, 'emulators', 'dist', 'main.cjs');
const processes: ChildProcess[] = [];
const closers: (() => Promise<unknown> | void)[] = [];

beforeAll(() => {
  for (const file of [bundle, emulatorsBundle]) {
    if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  }
});

afterEach(async () => {
  for (const child of processes.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGKILL');
  }
  for (const close of closers.splice(0).reverse()) await close();
});

interface Program {
  readonly child: ChildProcess;
  readonly url: string;
  output(): string;
}

function run(file: string, url: string, env: Record<string, string>): Program {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk));
  return { child, url, output: () => output };
}

async function ready(program: Program): Promise<Program> {
  await waitFor(async () => (await fetch(`${program.url}/readyz`)).status === 200, {
    timeoutMs: 15_000,
    what: 'readiness',
  }).catch((error: unknown) => {
    throw new Error(`not ready: ${program.output()}`, { cause: error });
  });
  return program;
}

async function worker(endpoint: string, env: Record<string, string> = {}): Promise<Program> {
  const port = String(await freePort());
  return ready(
    run(bundle, `http://127.0.0.1:${port}`, {
      ROLE: 'worker',
      METRICS_PORT: port,
      LOCALSTACK_URL: endpoint,
      WAIT_SECONDS: '1',
      VISIBILITY_SECONDS: '2',
      WORK_FROM_MESSAGE: 'true',
      ...env,
    }),
  );
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => {
    child.once('exit', (code, by) => resolve(code ?? by));
    child.kill(signal);
  });
}

interface Aws {
  readonly url: string;
  readonly queues: QueuePort;
  readonly tables: TablePort;
  readonly queue: EnsuredQueue;
}

async function connect(url: string): Promise<Aws> {
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
  const queue = await ensureQueue(queues, {
    name: 'sqs-worker-messages',
    deadLetterName: 'sqs-worker-messages-dlq',
  });
  await ensureTable(tables, { name: 'sqs-worker-items' });
  return { url, queues, tables, queue };
}

async function emulated(): Promise<Aws> {
  const emulator: AwsEmulator = await startAwsEmulator({ port: 0 });
  closers.push(() => emulator.close());
  return connect(emulator.url);
}

/** Sends `count` messages, whose ids are in the ledger once the queue has them. */
async function send({ queues, queue }: Aws, count: number, ledger: Ledger, work: object = {}): Promise<void> {
  const first = ledger.size;
  for (let from = 0; from < count; from += 10) {
    const ids = Array.from({ length: Math.min(10, count - from) }, (_, index) => `m${first + from + index}`);
    const entries = ids.map((id) => ({ body: JSON.stringify({ id, work }), attributes: { id } }));
    const { failed } = await queues.sendBatch(queue.url, entries);
    expect(failed).toEqual([]);
    ledger.sent(...ids);
  }
}

async function storedIds({ tables }: Aws): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of tables.scan('sqs-worker-items', ['id'])) ids.push(String(id));
  return ids;
}

async function untilDone(aws: Aws, timeoutMs = 20_000): Promise<void> {
  await waitFor(
    async () => {
      const { visible, inFlight } = queueDepth(await aws.queues.attributes(aws.queue.url));
      return visible + inFlight === 0;
    },
    { timeoutMs, intervalMs: 50, what: 'an empty queue' },
  );
}

const clean = { lost: 0, duplicates: 0, strangers: 0 };

describe('the bundled worker', () => {
  it('loses nothing and doubles nothing when it is told to stop with work in flight', async () => {
    const aws = await emulated();
    const ledger = new Ledger();
    await send(aws, 200, ledger, { ms: 100 });
    const first = await worker(aws.url);
    await waitFor(async () => (await storedIds(aws)).length >= 20, {
      what: 'the first effects',
      timeoutMs: 10_000,
    });
    expect(await end(first.child, 'SIGTERM')).toBe(0);
    const depth = queueDepth(await aws.queues.attributes(aws.queue.url));
    expect(depth.inFlight).toBe(0);
    const stored = (await storedIds(aws)).length;
    expect(stored).toBeLessThan(200);
    // What is stored has left the queue: the drain flushed its deletes.
    expect(depth.visible).toBe(200 - stored);
    await worker(aws.url);
    await untilDone(aws);
    expect(ledger.count(await storedIds(aws))).toEqual({ sent: 200, stored: 200, ...clean });
  });

  it('loses nothing and doubles nothing when it is killed with work in flight', async () => {
    const aws = await emulated();
    const ledger = new Ledger();
    await send(aws, 200, ledger, { ms: 50 });
    for (let kills = 0; kills < 3; kills += 1) {
      const { child } = await worker(aws.url);
      const before = (await storedIds(aws)).length;
      await waitFor(async () => (await storedIds(aws)).length > before, {
        what: 'an effect',
        timeoutMs: 10_000,
      });
      await end(child, 'SIGKILL');
    }
    expect((await storedIds(aws)).length).toBeLessThan(200);
    await worker(aws.url);
    await untilDone(aws);
    expect(ledger.count(await storedIds(aws))).toEqual({ sent: 200, stored: 200, ...clean });
  });

  it('goes on after its durable emulator was killed and started again under load', async () => {
    const dataDir = tempDir();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const startEmulators = async () => {
      const probes = String(await freePort());
      const env = {
        METRICS_PORT: probes,
        AWS_PORT: String(port),
        KAFKA_ENABLED: 'false',
        EXTERNAL_API_ENABLED: 'false',
        DATA_DIR: dataDir,
      };
      return ready(run(emulatorsBundle, `http://127.0.0.1:${probes}`, env));
    };
    const emulators = await startEmulators();
    const aws = await connect(url);
    const { child } = await worker(url);
    const ledger = new Ledger();
    await send(aws, 300, ledger, { ms: 20 });
    await waitFor(async () => (await storedIds(aws)).length >= 20, {
      what: 'the first effects',
      timeoutMs: 10_000,
    });
    await end(emulators.child, 'SIGKILL');
    await startEmulators();
    expect(child.exitCode).toBeNull();
    await send(aws, 100, ledger, { ms: 5 });
    await untilDone(aws);
    expect(ledger.count(await storedIds(aws))).toEqual({ sent: 400, stored: 400, ...clean });
  });
});

describe('the bundled API', () => {
  it('has on the queue every message that it acknowledged, though it is killed under load', async () => {
    const aws = await emulated();
    const port = String(await freePort());
    const api = await ready(
      run(bundle, `http://127.0.0.1:${port}`, { ROLE: 'api', PORT: port, LOCALSTACK_URL: aws.url }),
    );
    const ledger = new Ledger();
    let stop = false;
    const clients = Array.from({ length: 8 }, async () => {
      while (!stop) {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${api.url}/process_message`, {
          method: 'POST',
          headers,
          body: '{"n":1}',
        }).catch(() => undefined);
        if (!answer?.ok) return;
        ledger.sent(((await answer.json()) as { messageId: string }).messageId);
      }
    });
    await waitFor(() => ledger.size > 100);
    await end(api.child, 'SIGKILL');
    stop = true;
    await Promise.all(clients);
    const second = String(await freePort());
    await ready(
      run(bundle, `http://127.0.0.1:${second}`, {
        ROLE: 'worker',
        METRICS_PORT: second,
        LOCALSTACK_URL: aws.url,
      }),
    );
    await untilDone(aws);
    expect(ledger.count(await storedIds(aws))).toMatchObject({ lost: 0, duplicates: 0 });
  });

  it('answers every request of connections that it tells to close, when it is told to stop under load', async () => {
    const aws = await emulated();
    const port = String(await freePort());
    const api = await ready(
      run(bundle, `http://127.0.0.1:${port}`, { ROLE: 'api', PORT: port, LOCALSTACK_URL: aws.url }),
    );
    const ledger = new Ledger();
    const others: unknown[] = [];
    // As a load balancer that has heard of the endpoint's end: no new request after an answer that closes the connection.
    const client = async () => {
      for (;;) {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${api.url}/process_message`, {
          method: 'POST',
          headers,
          body: '{"n":1}',
        });
        if (answer.status === 202) ledger.sent(((await answer.json()) as { messageId: string }).messageId);
        else others.push(answer.status);
        if (answer.headers.get('connection') === 'close') return;
      }
    };
    const clients = Array.from({ length: 8 }, () => client().catch((error: unknown) => others.push(error)));
    await waitFor(() => ledger.size > 100, { timeoutMs: 10_000, what: 'load' });
    expect(await end(api.child, 'SIGTERM')).toBe(0);
    await Promise.all(clients);
    expect(others).toEqual([]);
    const { visible } = queueDepth(await aws.queues.attributes(aws.queue.url));
    expect(visible).toBe(ledger.size);
  });
});

describe('both roles in one process', () => {
  it('takes messages, does their work, and tells of each under its own name', async () => {
    const aws = await emulated();
    const port = String(await freePort());
    const both = await ready(
      run(bundle, `http://127.0.0.1:${port}`, { PORT: port, LOCALSTACK_URL: aws.url }),
    );
    const headers = { 'content-type': 'application/json' };
    const ledger = new Ledger();
    for (let n = 0; n < 20; n += 1) {
      const body = JSON.stringify({ n });
      const answer = await fetch(`${both.url}/process_message`, { method: 'POST', headers, body });
      ledger.sent(((await answer.json()) as { messageId: string }).messageId);
    }
    await waitFor(async () => (await storedIds(aws)).length >= 20, {
      what: 'the effects',
      timeoutMs: 10_000,
    });
    expect(ledger.count(await storedIds(aws))).toEqual({ sent: 20, stored: 20, ...clean });
    const exposition = await (await fetch(`${both.url}/metrics`)).text();
    expect(exposition).toContain('sqs_worker_api_processed_total{outcome="accepted"} 20\n');
    expect(exposition).toContain('sqs_worker_processed_total{outcome="ok"} 20\n');
    expect(await end(both.child, 'SIGTERM')).toBe(0);
  });
});

describe('start', () => {
  it('names every wrong variable in one message and exits with 2', async () => {
    const { child, output } = run(bundle, '', { ROLE: 'boss', WORK_MS: 'long', PORT: '70000' });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(2);
    expect(output()).toMatch(/sqs-worker: 3 settings are wrong/);
    for (const name of ['ROLE', 'WORK_MS', 'PORT']) expect(output()).toContain(`${name}: `);
    expect(output()).not.toMatch(/\n\s+at /);
  });

  it('says which port is in use', async () => {
    const aws = await emulated();
    const taken = new URL(aws.url).port;
    const { child, output } = run(bundle, '', { ROLE: 'api', PORT: taken, LOCALSTACK_URL: aws.url });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(output()).toContain(`port ${taken} on 127.0.0.1 is in use`);
  });

  it('is not ready without AWS, is alive, and can be stopped', async () => {
    const port = String(await freePort());
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const program = run(bundle, `http://127.0.0.1:${port}`, {
      ROLE: 'worker',
      METRICS_PORT: port,
      LOCALSTACK_URL: nowhere,
    });
    await waitFor(async () => (await fetch(`${program.url}/livez`)).status === 200, { timeoutMs: 10_000 });
    expect((await fetch(`${program.url}/readyz`)).status).toBe(503);
    expect(await end(program.child, 'SIGTERM')).toBe(0);
  });

  it('stays ready when AWS goes away', async () => {
    const emulator = await startAwsEmulator({ port: 0 });
    const program = await worker(emulator.url);
    await emulator.close();
    await waitFor(() => program.output().includes('a receive failed'), { timeoutMs: 10_000 });
    expect((await fetch(`${program.url}/readyz`)).status).toBe(200);
    expect(await end(program.child, 'SIGTERM')).toBe(0);
  });
});

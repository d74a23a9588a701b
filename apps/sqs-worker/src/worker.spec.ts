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
import { startFaultProxy, type FaultProxy } from '@scalelab/aws-emulator/testing';
import { loadConfig } from '@scalelab/config';
import { createLogger } from '@scalelab/logging';
import { createMetrics, type Metrics } from '@scalelab/metrics';
import { Ledger, seededRandom, waitFor } from '@scalelab/testing';
import { schema } from './config';
import { prepareResources } from './resources';
import { createWorker, type Worker } from './worker';

let emulator: AwsEmulator;
let proxy: FaultProxy;
let queues: QueuePort & { close(): Promise<void> };
let tables: TablePort & { close(): Promise<void> };
let queue: EnsuredQueue;
let table: string;
let made = 0;
const workers: Worker[] = [];
const logger = createLogger({ name: 'sqs-worker', level: 'silent' });

beforeAll(async () => {
  emulator = await startAwsEmulator({ port: 0 });
  proxy = await startFaultProxy({ target: emulator.url });
  const settings = {
    endpoint: proxy.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  queues = createQueuePort(settings);
  tables = createTablePort(settings);
});

afterAll(async () => {
  await queues.close();
  await tables.close();
  await proxy.close();
  await emulator.close();
});

beforeEach(async () => {
  proxy.heal();
  const name = `worker-${(made += 1)}`;
  table = `${name}-items`;
  queue = await ensureQueue(queues, { name, deadLetterName: `${name}-dlq` });
  await ensureTable(tables, { name: table });
});

afterEach(async () => {
  proxy.heal();
  await Promise.all(workers.splice(0).map((worker) => worker.drain(2_000)));
});

function start(env: Record<string, string> = {}): { worker: Worker; metrics: Metrics } {
  const config = loadConfig(schema, { WAIT_SECONDS: '0', RETRY_CAP_SECONDS: '0', TABLE_NAME: table, ...env });
  const metrics = createMetrics({ service: 'sqs-worker', defaults: false });
  const random = seededRandom(9);
  const worker = createWorker({ config, queues, tables, logger, metrics, random: () => random.next() });
  workers.push(worker);
  worker.start(queue);
  return { worker, metrics };
}

async function send(bodies: readonly object[], ledger = new Ledger()): Promise<Ledger> {
  for (let from = 0; from < bodies.length; from += 10) {
    const entries = bodies.slice(from, from + 10).map((body, index) => {
      const id = `m${from + index}`;
      ledger.sent(id);
      return { body: JSON.stringify(body), attributes: { id } };
    });
    await queues.sendBatch(queue.url, entries);
  }
  return ledger;
}

async function stored() {
  const rows: { id: string; body: string; receiveCount: number }[] = [];
  for await (const row of tables.scan(table)) rows.push(row as (typeof rows)[number]);
  return rows;
}

const depth = async (url = queue.url) => queueDepth(await queues.attributes(url));
const untilEmpty = (timeoutMs = 10_000) =>
  waitFor(async () => Object.values(await depth()).every((count) => count === 0), {
    what: 'an empty queue',
    timeoutMs,
  });
const text = async (metrics: Metrics) => metrics.registry.metrics();

describe('sqs-worker', () => {
  it('stores each message once under its id, with what it was and when', async () => {
    const before = Date.now();
    const ledger = await send(Array.from({ length: 100 }, (_, n) => ({ n })));
    const { metrics } = start();
    await untilEmpty();
    const rows = await stored();
    expect(ledger.count(rows.map(({ id }) => id))).toEqual({
      sent: 100,
      stored: 100,
      lost: 0,
      duplicates: 0,
      strangers: 0,
    });
    expect(rows.find(({ id }) => id === 'm42')).toMatchObject({
      body: '{"n":42}',
      receiveCount: 1,
      processedAt: expect.any(Number),
    });
    expect((rows[0] as unknown as { sentAt: number }).sentAt).toBeGreaterThanOrEqual(before);
    expect(await text(metrics)).toContain('sqs_worker_processed_total{outcome="ok"} 100');
  });

  it("stores a message of another producer under the queue's own id", async () => {
    const { sent } = await queues.sendBatch(queue.url, [{ body: '{"from":"elsewhere"}' }]);
    start();
    await untilEmpty();
    expect((await stored()).map(({ id }) => id)).toEqual([sent[0]!.messageId]);
  });

  it('takes a message that was stored before for done: it is acknowledged and counted as duplicate', async () => {
    await tables.putIfAbsent(table, 'id', { id: 'm0', body: '"first"' });
    await send([{ n: 0 }]);
    const { metrics } = start();
    await untilEmpty();
    expect(await stored()).toEqual([{ id: 'm0', body: '"first"' }]);
    expect(await text(metrics)).toContain('sqs_worker_processed_total{outcome="duplicate"} 1');
  });

  it('has one effect for a message that is delivered twice because its delete was lost', async () => {
    proxy.inject({
      operation: 'DeleteMessageBatch',
      fault: { kind: 'failedEntries', senderFault: true },
      times: 1,
    });
    const ledger = await send([{ n: 0 }, { n: 1 }]);
    const { metrics } = start({ VISIBILITY_SECONDS: '2' });
    await untilEmpty();
    expect(ledger.count((await stored()).map(({ id }) => id))).toMatchObject({ lost: 0, duplicates: 0 });
    const shown = await text(metrics);
    expect(shown).toContain('sqs_worker_processed_total{outcome="duplicate"} 2');
    expect(shown).toContain('sqs_worker_redelivered_total 2');
  });

  it('keeps the message when the write fails', async () => {
    const heal = proxy.inject({ operation: 'PutItem', fault: { kind: 'serverError' } });
    const ledger = await send([{ n: 0 }]);
    const { metrics } = start({ MAX_RECEIVE_COUNT: '100' });
    await waitFor(async () =>
      (await text(metrics)).includes('sqs_worker_processed_total{outcome="failed"} 1'),
    );
    expect(await stored()).toEqual([]);
    heal();
    await untilEmpty();
    expect(ledger.count((await stored()).map(({ id }) => id))).toMatchObject({ stored: 1, lost: 0 });
  });

  it('tries what fails again until it is done', async () => {
    const ledger = await send(Array.from({ length: 50 }, (_, n) => ({ n })));
    start({ FAILURE_RATE: '0.2' });
    await untilEmpty();
    const dead = await depth(queue.deadLetterUrl!);
    const count = ledger.count((await stored()).map(({ id }) => id));
    expect(count.stored + dead.visible).toBe(50);
    expect(count).toMatchObject({ duplicates: 0 });
    expect(count.stored).toBeGreaterThan(45);
  });

  it('dead-letters a poison message after five receives while the rest flows', async () => {
    const ledger = await send([{ work: { poison: true } }, ...Array.from({ length: 30 }, (_, n) => ({ n }))]);
    const { metrics } = start({ WORK_FROM_MESSAGE: 'true' });
    await waitFor(async () => (await depth(queue.deadLetterUrl!)).visible === 1, { what: 'the dead letter' });
    await untilEmpty();
    const count = ledger.count((await stored()).map(({ id }) => id));
    expect(count).toMatchObject({ stored: 30, lost: 1, duplicates: 0 });
    const [dead] = await queues.receive({
      queueUrl: queue.deadLetterUrl!,
      max: 1,
      waitSeconds: 0,
      visibilitySeconds: 30,
    });
    expect(dead).toMatchObject({ attributes: { id: 'm0' } });
    const shown = await text(metrics);
    expect(shown).toContain('sqs_worker_dead_lettered_total 1');
    expect(shown).toContain('sqs_worker_processed_total{outcome="failed"} 5');
  });

  it('puts aside at once what is no JSON object', async () => {
    await queues.sendBatch(queue.url, [{ body: 'hello' }, { body: '[1]' }, { body: '{"n":1}' }]);
    const { metrics } = start();
    await untilEmpty();
    expect(await depth(queue.deadLetterUrl!)).toMatchObject({ visible: 2 });
    expect(await stored()).toHaveLength(1);
    expect(await text(metrics)).toContain('sqs_worker_processed_total{outcome="rejected"} 2');
  });

  it('works on as many messages at once as it has slots and shows how many', async () => {
    await send(Array.from({ length: 12 }, () => ({ work: { ms: 300 } })));
    const { worker, metrics } = start({ WORK_FROM_MESSAGE: 'true', MAX_IN_FLIGHT: '4' });
    await waitFor(async () => (await text(metrics)).includes('sqs_worker_in_flight 4'));
    expect(worker.inFlight).toBe(4);
    await untilEmpty();
    expect(await text(metrics)).toContain('sqs_worker_in_flight 0');
  });

  it('tells the age of the oldest message that waited, and 0 once none waits', async () => {
    await send([{ n: 0 }]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const seen: number[] = [];
    const { metrics } = start({ WAIT_SECONDS: '1', WORK_MS: '100' });
    await waitFor(async () => {
      const age = Number(/^sqs_worker_backlog_age_seconds (\S+)/m.exec(await text(metrics))![1]);
      seen.push(age);
      return seen.some((value) => value >= 0.3) && age === 0;
    });
  });
});

describe('queue and table', () => {
  it('are made once AWS is there, however late', async () => {
    const config = loadConfig(schema, {
      QUEUE_NAME: 'late',
      DEAD_LETTER_QUEUE_NAME: 'late-dlq',
      TABLE_NAME: 'late-items',
    });
    const heal = proxy.inject({ operation: '*', fault: { kind: 'lostRequest' } });
    const stop = new AbortController();
    const prepared = prepareResources({ config, queues, tables, logger, signal: stop.signal });
    await waitFor(() => proxy.calls.filter(({ fault }) => fault === 'lostRequest').length >= 3);
    heal();
    expect((await prepared).made).toEqual(['late-dlq', 'late']);
    expect(await tables.status('late-items')).toBe('active');
  });

  it('are not waited for when the process stops', async () => {
    proxy.inject({ operation: '*', fault: { kind: 'lostRequest' } });
    const stop = new AbortController();
    const config = loadConfig(schema, {});
    const prepared = prepareResources({ config, queues, tables, logger, signal: stop.signal });
    await waitFor(() => proxy.calls.some(({ fault }) => fault === 'lostRequest'));
    stop.abort();
    await expect(prepared).rejects.toMatchObject({ name: 'AbortError' });
  });
});

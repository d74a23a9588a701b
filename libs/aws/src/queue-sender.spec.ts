import { startAwsEmulator, type AwsEmulator } from '@scalelab/aws-emulator';
import { startFaultProxy, type FaultProxy } from '@scalelab/aws-emulator/testing';
import { createQueuePort, QueueSender, type QueuePort, type SendEntry } from './index';
import { fakeQueues } from './testing';

let emulator: AwsEmulator;
let proxy: FaultProxy;
let queues: QueuePort & { close(): Promise<void> };
let queueUrl: string;
let made = 0;

beforeAll(async () => {
  emulator = await startAwsEmulator({ port: 0 });
  proxy = await startFaultProxy({ target: emulator.url });
  queues = createQueuePort({
    endpoint: proxy.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});

afterAll(async () => {
  await queues.close();
  await proxy.close();
  await emulator.close();
});

beforeEach(async () => {
  proxy.heal();
  queueUrl = await queues.create(`sender-${(made += 1)}`, {});
});

const sender = (options = {}) =>
  new QueueSender({ queues, queueUrl, backoff: { base: 5, cap: 20 }, ...options });
const batches = () =>
  proxy
    .of('SendMessageBatch')
    .filter(({ body }) => body.QueueUrl === queueUrl)
    .map(({ body }) => (body.Entries as unknown[]).length);

async function receiveAll(): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const messages = await queues.receive({ queueUrl, max: 10, waitSeconds: 0, visibilitySeconds: 60 });
    if (messages.length === 0) return bodies.sort();
    bodies.push(...messages.map(({ body }) => body));
  }
}

describe('group-commit sender', () => {
  it('puts concurrent messages into shared calls of ten and gives each caller the id of its own', async () => {
    const send = sender();
    const sent = await Promise.all(
      Array.from({ length: 25 }, (_, n) => send.send({ body: `m${n}`, attributes: { n: String(n) } })),
    );
    expect(batches()).toEqual([10, 10, 5]);
    const received = new Map<string, string>();
    for (let round = 0; round < 5; round += 1) {
      const messages = await queues.receive({ queueUrl, max: 10, waitSeconds: 0, visibilitySeconds: 60 });
      messages.forEach(({ id, body, attributes }) => received.set(id, `${body}/${attributes.n}`));
    }
    expect(sent.map(({ messageId }) => received.get(messageId))).toEqual(sent.map((_, n) => `m${n}/${n}`));
  });

  it('keeps a call within the bytes that the queue takes', async () => {
    const send = sender({ maxBytes: 1_000 });
    await Promise.all(Array.from({ length: 9 }, (_, n) => send.send({ body: String(n).repeat(300) })));
    expect(batches()).toEqual([3, 3, 3]);
  });

  it('refuses a message that is too large by itself, and counts bytes, not characters', async () => {
    const send = sender({ maxBytes: 100 });
    await send.send({ body: 'x'.repeat(100) });
    await expect(send.send({ body: 'ü'.repeat(51) })).rejects.toMatchObject({
      code: 'MessageTooLarge',
      status: 413,
      message: 'the message has 102 bytes with its attributes; allowed are 100',
    });
    expect(await receiveAll()).toHaveLength(1);
  });

  it("fails the caller whose message SQS refuses, and nobody else's", async () => {
    const send = sender();
    const bodies = ['a', 'b\u0001', 'c'];
    const results = await Promise.allSettled(bodies.map((body) => send.send({ body })));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({
      reason: { code: 'MessageRejected', context: { code: 'InvalidMessageContents' } },
    });
    expect(await receiveAll()).toEqual(['a', 'c']);
  });

  it("tries entries again that failed by the queue's fault, and only those", async () => {
    proxy.inject({ operation: 'SendMessageBatch', fault: { kind: 'failedEntries', entries: 2 }, times: 1 });
    const send = sender();
    await Promise.all(['a', 'b', 'c'].map((body) => send.send({ body })));
    expect(batches()).toEqual([3, 2]);
    expect(await receiveAll()).toEqual(['a', 'b', 'c']);
  });

  it('fails the caller once the tries are used up', async () => {
    proxy.inject({ operation: 'SendMessageBatch', fault: { kind: 'failedEntries' } });
    const send = sender({ attempts: 3 });
    await expect(send.send({ body: 'a' })).rejects.toMatchObject({ code: 'SendFailed', status: 503 });
    expect(batches()).toEqual([1, 1, 1]);
  });

  it('gets through throttling, server errors and broken connections', async () => {
    for (const fault of [{ kind: 'throttle' }, { kind: 'serverError' }, { kind: 'lostRequest' }] as const) {
      proxy.inject({ operation: 'SendMessageBatch', fault, times: 1 });
      await sender().send({ body: fault.kind });
    }
    expect(await receiveAll()).toEqual(['lostRequest', 'serverError', 'throttle']);
  });

  it('tells every caller of a call that failed for good', async () => {
    proxy.inject({ operation: 'SendMessageBatch', fault: { kind: 'serverError' } });
    const send = sender();
    const results = await Promise.allSettled([send.send({ body: 'a' }), send.send({ body: 'b' })]);
    expect(
      results.map((result) => (result.status === 'rejected' ? (result.reason as { code: string }).code : '')),
    ).toEqual(['SendFailed', 'SendFailed']);
  });

  it('fails the caller whose message the answer does not mention', async () => {
    const mute = new QueueSender({
      queueUrl,
      lingerMs: 0,
      queues: fakeQueues({ sendBatch: async () => ({ sent: [{ index: 0, messageId: 'a' }], failed: [] }) }),
    });
    const [first, second] = await Promise.allSettled([mute.send({ body: 'a' }), mute.send({ body: 'b' })]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { messageId: 'a' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'SendFailed' } });
  });

  it('close answers every caller and takes no more', async () => {
    const send = sender({ lingerMs: 10_000 });
    const waiting = send.send({ body: 'last' });
    await send.close();
    await waiting;
    expect(await receiveAll()).toEqual(['last']);
    await expect(send.send({ body: 'late' })).rejects.toMatchObject({ code: 'SenderClosed' });
  });

  it('keeps the order on a FIFO queue: one call at a time and no second try', async () => {
    const calls: SendEntry[][] = [];
    let open = 0;
    let most = 0;
    const fifo = new QueueSender({
      queueUrl: 'http://host/0/orders.fifo',
      lingerMs: 0,
      queues: fakeQueues({
        async sendBatch(_url, entries) {
          most = Math.max(most, (open += 1));
          calls.push([...entries]);
          await new Promise((resolve) => setImmediate(resolve));
          open -= 1;
          const failed = entries.flatMap((entry, index) =>
            entry.body === '3' ? [{ index, code: 'InternalError', message: '', senderFault: false }] : [],
          );
          const lost = new Set(failed.map(({ index }) => index));
          return {
            sent: entries.flatMap((_, index) => (lost.has(index) ? [] : [{ index, messageId: `${index}` }])),
            failed,
          };
        },
      }),
    });
    const sends = Array.from({ length: 30 }, (_, n) => fifo.send({ body: String(n), groupId: 'g' }));
    const results = await Promise.allSettled(sends);
    expect(most).toBe(1);
    expect(calls.flat().map(({ body }) => Number(body))).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([3]);
  });
});

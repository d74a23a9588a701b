import { startAwsEmulator, type AwsEmulator } from '@scalelab/aws-emulator';
import { startFaultProxy, type FaultProxy } from '@scalelab/aws-emulator/testing';
import { seededRandom, waitFor } from '@scalelab/testing';
import {
  createQueuePort,
  ensureQueue,
  QueueConsumer,
  queueDepth,
  type AwsError,
  type Delivery,
  type DeliveryOutcome,
  type Handler,
  type QueueConsumerOptions,
  type QueuePort,
} from './index';

type Body = { n: number };

let emulator: AwsEmulator;
let proxy: FaultProxy;
let queues: QueuePort & { close(): Promise<void> };
let queueUrl: string;
let deadLetterUrl: string;
let made = 0;
const running: QueueConsumer<Body>[] = [];

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
  const name = `consumer-${(made += 1)}`;
  const ensured = await ensureQueue(queues, { name, deadLetterName: `${name}-dlq`, maxReceiveCount: 3 });
  queueUrl = ensured.url;
  deadLetterUrl = ensured.deadLetterUrl!;
});

afterEach(async () => {
  proxy.heal();
  await Promise.all(running.splice(0).map((consumer) => consumer.drain({ graceMs: 3_000 })));
});

function consume(handler: Handler<Body>, options: Partial<QueueConsumerOptions<Body>> = {}) {
  const settled: { n: string; outcome: DeliveryOutcome }[] = [];
  const errors: AwsError[] = [];
  const deadLettered: string[] = [];
  const random = seededRandom(5);
  const consumer = new QueueConsumer<Body>({
    queues,
    queueUrl,
    deadLetterUrl,
    handler,
    waitSeconds: 0,
    retryBackoff: { base: 0, cap: 0 },
    receiveBackoff: { base: 5, cap: 50 },
    random: () => random.next(),
    observer: {
      onSettled: (message, outcome) => settled.push({ n: message.body, outcome }),
      onError: (error) => errors.push(error),
      onDeadLettered: (message) => deadLettered.push(message.body),
    },
    ...options,
  });
  running.push(consumer);
  consumer.start();
  return { consumer, settled, errors, deadLettered };
}

/** Drains and forgets a consumer that a test stops itself. */
function drain(consumer: QueueConsumer<Body>, graceMs = 5_000) {
  running.splice(running.indexOf(consumer), 1);
  return consumer.drain({ graceMs });
}

async function send(...numbers: number[]) {
  for (let from = 0; from < numbers.length; from += 10) {
    const entries = numbers.slice(from, from + 10).map((n) => ({ body: JSON.stringify({ n }) }));
    const { failed } = await queues.sendBatch(queueUrl, entries);
    expect(failed).toEqual([]);
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const depth = async (url = queueUrl) => queueDepth(await queues.attributes(url));
const empty = { visible: 0, inFlight: 0, delayed: 0 };
const untilEmpty = () =>
  waitFor(async () => JSON.stringify(await depth()) === JSON.stringify(empty), {
    what: 'an empty queue',
    timeoutMs: 10_000,
  });
const callsOf = (operation: string) => proxy.of(operation).filter(({ body }) => body.QueueUrl === queueUrl);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('queue consumer', () => {
  it('handles every message once and deletes in batches', async () => {
    await send(...upTo(200));
    const seen: number[] = [];
    consume(async ({ body }) => void seen.push(body.n), { maxInFlight: 40 });
    await untilEmpty();
    expect(seen.sort((a, b) => a - b)).toEqual(upTo(200));
    expect(callsOf('DeleteMessageBatch').length).toBeLessThanOrEqual(40);
  });

  it('never holds more messages than it has slots, open polls included', async () => {
    await send(...upTo(100));
    let handled = 0;
    let most = 0;
    const { consumer } = consume(
      async () => {
        await waitFor(() => (most = Math.max(most, consumer.inFlight)) >= 15, {
          what: 'all slots to be taken',
        });
        handled += 1;
      },
      { maxInFlight: 15, maxPolls: 4 },
    );
    await waitFor(() => handled === 100);
    expect(most).toBe(15);
  });

  it('keeps one poll open while idle and several once messages come', async () => {
    proxy.inject({ operation: 'ReceiveMessage', fault: { kind: 'latency', ms: 30 } });
    let most = 0;
    const { consumer } = consume(
      async () => {
        await pause(20);
        most = Math.max(most, consumer.polls);
      },
      { maxInFlight: 100, maxPolls: 3, waitSeconds: 1 },
    );
    await waitFor(() => consumer.polls === 1);
    await pause(50);
    expect(consumer.polls).toBe(1);
    await send(...upTo(100));
    await untilEmpty();
    expect(most).toBe(3);
    await waitFor(() => consumer.polls === 1, { what: 'one poll again' });
  });

  it('gives the handler the parsed body, attributes, receive count and time of sending', async () => {
    const before = Date.now();
    await queues.sendBatch(queueUrl, [{ body: '{"n":7}', attributes: { traceparent: 'x' } }]);
    const deliveries: Delivery<Body>[] = [];
    consume(async (delivery) => void deliveries.push(delivery));
    await untilEmpty();
    expect(deliveries).toEqual([
      expect.objectContaining({ body: { n: 7 }, attributes: { traceparent: 'x' }, receiveCount: 1 }),
    ]);
    expect(deliveries[0]!.sentAtMs).toBeGreaterThanOrEqual(before);
  });
});

describe('a drain', () => {
  it('waits for the open long poll and gives back at once what it still brings', async () => {
    const seen: number[] = [];
    const { consumer } = consume(async ({ body }) => void seen.push(body.n), { waitSeconds: 2 });
    await waitFor(() => callsOf('ReceiveMessage').length === 1);
    const drained = drain(consumer);
    await send(1);
    expect(await drained).toEqual({ finished: 0, released: 1, pollsCut: 0 });
    expect(await depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    expect(seen).toEqual([]);
    expect(callsOf('ReceiveMessage').map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('does not end before the open poll has, even with nothing in flight', async () => {
    const { consumer } = consume(async () => {}, { waitSeconds: 1 });
    await waitFor(() => callsOf('ReceiveMessage').length === 1);
    await drain(consumer);
    expect(callsOf('ReceiveMessage')).toHaveLength(1);
    expect(callsOf('ReceiveMessage')[0]!.settledAt).toBeLessThanOrEqual(performance.now());
    expect(consumer.polls).toBe(0);
  });

  it('lets running handlers finish and deletes their messages before it ends', async () => {
    await send(...upTo(10));
    let started = 0;
    const { consumer } = consume(async () => {
      started += 1;
      await pause(300);
    });
    await waitFor(() => started === 10);
    const report = await drain(consumer);
    expect(report).toMatchObject({ finished: 10, released: 0 });
    expect(await depth()).toEqual(empty);
  });

  it('aborts handlers that outlast the grace and gives their messages back inside it', async () => {
    await send(1, 2);
    let aborted = 0;
    const { consumer } = consume(
      (_message, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted += 1;
            reject(signal.reason as Error);
          });
        }),
      { waitSeconds: 0 },
    );
    await waitFor(() => consumer.inFlight === 2);
    const begin = performance.now();
    await drain(consumer, 900);
    expect(performance.now() - begin).toBeLessThan(1_000);
    expect(aborted).toBe(2);
    expect(await depth()).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
  });

  it('gives back the message of a handler that ignores its signal, and does not delete it later', async () => {
    await send(1);
    let finish = () => {};
    const { consumer } = consume(() => new Promise((resolve) => (finish = resolve)), { waitSeconds: 0 });
    await waitFor(() => consumer.inFlight === 1);
    expect(await drain(consumer, 600)).toMatchObject({ released: 1 });
    finish();
    await pause(100);
    expect(await depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });
});

describe('visibility', () => {
  it('is extended while a handler outlasts the timeout, so that it runs once', async () => {
    await send(1);
    let runs = 0;
    consume(
      async () => {
        runs += 1;
        await pause(2_600);
      },
      { visibilitySeconds: 1, maxInFlight: 5 },
    );
    await waitFor(() => runs === 1);
    await untilEmpty();
    expect(runs).toBe(1);
    expect(callsOf('ChangeMessageVisibilityBatch').length).toBeGreaterThanOrEqual(3);
  });

  it('is left alone once a message is deleted', async () => {
    await send(...upTo(5));
    consume(async () => pause(700), { visibilitySeconds: 1 });
    await untilEmpty();
    const deletes = callsOf('DeleteMessageBatch');
    await pause(1_200);
    const late = callsOf('ChangeMessageVisibilityBatch').filter(
      ({ startedAt }) => startedAt > deletes.at(-1)!.settledAt!,
    );
    expect(late).toEqual([]);
  });

  it('of a failed message is set by full-jitter backoff on its receive count', async () => {
    await send(1);
    const counts: number[] = [];
    const waits = () =>
      callsOf('ChangeMessageVisibilityBatch').flatMap(({ body }) =>
        (body.Entries as { VisibilityTimeout: number }[]).map((entry) => entry.VisibilityTimeout),
      );
    consume(
      async ({ receiveCount }) => {
        counts.push(receiveCount);
        throw new Error('no');
      },
      { retryBackoff: { base: 0.6, cap: 2 }, random: () => 0.999 },
    );
    await waitFor(async () => (await depth(deadLetterUrl)).visible === 1, {
      timeoutMs: 8_000,
      what: 'the dead letter',
    });
    expect(counts).toEqual([1, 2, 3]);
    expect(waits()).toEqual([0, 1, 2]);
  });

  it('covers a handler that ignores its timeout until it is abandoned: two never run at once', async () => {
    await send(1);
    let open = 0;
    let most = 0;
    let runs = 0;
    const reasons: unknown[] = [];
    const { settled } = consume(
      async (_message, { signal }) => {
        runs += 1;
        most = Math.max(most, (open += 1));
        signal.addEventListener('abort', () => reasons.push((signal.reason as AwsError).code));
        if (runs === 1) await pause(1_700);
        open -= 1;
      },
      { visibilitySeconds: 1, handlerTimeoutMs: 200, abortGraceMs: 3_000 },
    );
    await untilEmpty();
    expect({ runs, most, reasons }).toEqual({ runs: 1, most: 1, reasons: ['HandlerTimeout'] });
    expect(settled).toEqual([{ n: '{"n":1}', outcome: 'done' }]);
  });

  it('of a handler that stops on its timeout is given back for another try', async () => {
    await send(1);
    let runs = 0;
    const { settled } = consume(
      (_message, { signal }) => {
        runs += 1;
        if (runs > 1) return Promise.resolve();
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        );
      },
      { handlerTimeoutMs: 100 },
    );
    await untilEmpty();
    expect(settled.map(({ outcome }) => outcome)).toEqual(['timeout', 'done']);
  });
});

describe('deletes', () => {
  it('are tried again by receipt handle when the queue fails entries of a call that answers 200', async () => {
    proxy.inject({ operation: 'DeleteMessageBatch', fault: { kind: 'failedEntries', entries: 3 }, times: 2 });
    await send(...upTo(10));
    let runs = 0;
    const { errors } = consume(async () => void (runs += 1));
    await untilEmpty();
    expect(runs).toBe(10);
    expect(errors).toEqual([]);
    const sizes = callsOf('DeleteMessageBatch').map(({ body }) => (body.Entries as unknown[]).length);
    expect(sizes).toEqual([10, 3, 3]);
  });

  it("are given up when the queue says it is the sender's fault, and reported", async () => {
    proxy.inject({
      operation: 'DeleteMessageBatch',
      fault: { kind: 'failedEntries', senderFault: true, code: 'ReceiptHandleIsInvalid' },
      times: 1,
    });
    await send(1);
    const { errors } = consume(async () => {}, { visibilitySeconds: 1 });
    await waitFor(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ code: 'DeleteFailed' });
    await untilEmpty();
  });

  it.each(['throttle', 'serverError', 'lostRequest', 'lostResponse'] as const)(
    'get through: %s',
    async (kind) => {
      proxy.inject({ operation: 'DeleteMessageBatch', fault: { kind }, times: 4 });
      await send(...upTo(5));
      let runs = 0;
      const { consumer } = consume(async () => void (runs += 1));
      await waitFor(() => runs === 5);
      await drain(consumer);
      expect(await depth()).toEqual(empty);
      expect(runs).toBe(5);
    },
  );
});

describe('messages that cannot be parsed', () => {
  it('go to the dead-letter queue at once with the reason, then leave the queue; the rest flows', async () => {
    await queues.sendBatch(queueUrl, [{ body: 'no json', attributes: { id: 'x' } }]);
    await send(1);
    const seen: number[] = [];
    const { settled, deadLettered } = consume(async ({ body }) => void seen.push(body.n));
    await untilEmpty();
    const [dead] = await queues.receive({
      queueUrl: deadLetterUrl,
      max: 10,
      waitSeconds: 0,
      visibilitySeconds: 30,
    });
    expect(dead).toMatchObject({
      body: 'no json',
      attributes: { id: 'x', 'dead-letter-reason': 'BadMessage' },
    });
    expect(seen).toEqual([1]);
    expect(deadLettered).toEqual(['no json']);
    expect(settled.map(({ outcome }) => outcome).sort()).toEqual(['done', 'rejected']);
  });

  it('stay in the queue while the dead-letter queue does not take them', async () => {
    proxy.inject({ operation: 'SendMessageBatch', fault: { kind: 'failedEntries' }, times: 2 });
    await emulatorSend('no json');
    const { settled } = consume(async () => {});
    await untilEmpty();
    expect(settled.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'rejected']);
    expect(await depth(deadLetterUrl)).toMatchObject({ visible: 1 });
  });
});

describe('a message whose handler always fails', () => {
  it('moves to the dead-letter queue by redrive while the others are done', async () => {
    await send(13, ...upTo(10));
    const done = new Set<number>();
    const { deadLettered } = consume(
      async ({ body }) => {
        if (body.n === 13) throw new Error('poison');
        done.add(body.n);
      },
      { maxReceiveCount: 3 },
    );
    await waitFor(async () => (await depth(deadLetterUrl)).visible === 1, { what: 'the dead letter' });
    await untilEmpty();
    expect(done.size).toBe(10);
    expect(deadLettered).toEqual(['{"n":13}']);
  });
});

describe('receives that fail', () => {
  it('are tried again with backoff, and nothing is lost', async () => {
    proxy.inject({ operation: 'ReceiveMessage', fault: { kind: 'serverError' }, times: 9 });
    await send(...upTo(30));
    const seen = new Set<number>();
    const { errors } = consume(async ({ body }) => void seen.add(body.n));
    await untilEmpty();
    expect(seen.size).toBe(30);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['ReceiveFailed']));
  });

  it('lose no message when their answer is lost: the timeout brings it back', async () => {
    proxy.inject({ operation: 'ReceiveMessage', fault: { kind: 'lostResponse' }, times: 1 });
    await send(1, 2, 3);
    const seen: number[] = [];
    consume(async ({ body }) => void seen.push(body.n), { visibilitySeconds: 1 });
    await untilEmpty();
    expect(seen.sort()).toEqual([1, 2, 3]);
  });
});

/** Past the proxy, so that faults for the consumer's own sends are left for it. */
async function emulatorSend(body: string) {
  const direct = createQueuePort({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await direct.sendBatch(queueUrl, [{ body }]);
  await direct.close();
}

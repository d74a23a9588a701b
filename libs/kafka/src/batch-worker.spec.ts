import { BatchWorker, type BatchWorkerOptions } from './batch-worker';
import type { KafkaRecord } from './consumer';
import { Deadlines } from './deadlines';

const record = (offset: number, key: string | null = null): KafkaRecord => ({
  topic: 'events',
  partition: 0,
  offset: String(offset),
  key,
  value: null,
  headers: {},
  timestampMs: 0,
});

const gate = () => Promise.withResolvers<void>();

const workerWith = (over: Partial<BatchWorkerOptions> & Pick<BatchWorkerOptions, 'handler'>) =>
  new BatchWorker({
    maxInFlight: 4,
    maxAttempts: 3,
    retryBackoffMs: 1,
    random: () => 0.5,
    deadlines: new Deadlines(60_000),
    deadLetter: () => Promise.reject(new Error('no dead letters expected')),
    events: {},
    onProgress: () => undefined,
    ...over,
  });

test('records run beside each other up to the limit, those of one key in order', async () => {
  const gates = new Map(['0', '1', '2', '3'].map((offset) => [offset, gate()]));
  const started: string[] = [];
  const worker = workerWith({
    maxInFlight: 3,
    handler: ({ offset }) => {
      started.push(offset);
      return gates.get(offset)?.promise ?? Promise.resolve();
    },
  });
  await worker.start(record(0, 'a'));
  await worker.start(record(1, 'a'));
  await worker.start(record(2, 'b'));
  let fourth = false;
  const starting = worker.start(record(3)).then((given) => (fourth = given));
  await new Promise((resolve) => setImmediate(resolve));
  expect(started).toEqual(['0', '2']);
  expect(fourth).toBe(false);
  gates.get('0')?.resolve();
  await starting;
  expect(started).toEqual(['0', '2', '1', '3']);
  for (const one of gates.values()) one.resolve();
  await worker.settled();
  expect(worker.offsets.nextToCommit).toBe('4');
});

test('a record that fails is tried again, and the failure is told', async () => {
  const failures: [number, unknown][] = [];
  const worker = workerWith({
    handler: (_record, { attempt }) =>
      attempt < 3 ? Promise.reject(new Error(`try ${attempt}`)) : Promise.resolve(),
    events: { failed: (_record, attempt, error) => failures.push([attempt, error]) },
  });
  await worker.start(record(7));
  await worker.settled();
  expect(failures).toEqual([
    [1, new Error('try 1')],
    [2, new Error('try 2')],
  ]);
  expect(worker.offsets.nextToCommit).toBe('8');
});

test('a poison record goes to the dead letters and the rest flows', async () => {
  const dead: [string, unknown][] = [];
  const worker = workerWith({
    maxInFlight: 1,
    handler: ({ offset }) => {
      if (offset === '1') throw new Error('poison');
      return Promise.resolve();
    },
    deadLetter: async (poison, error) => void dead.push([poison.offset, error]),
  });
  for (const offset of [0, 1, 2]) await worker.start(record(offset));
  await worker.settled();
  expect(dead).toEqual([['1', new Error('poison')]]);
  expect(worker.offsets.nextToCommit).toBe('3');
});

test('a record that cannot be dead-lettered fails the batch and stays uncommitted', async () => {
  const worker = workerWith({
    maxInFlight: 1,
    maxAttempts: 1,
    handler: ({ offset }) => (offset === '1' ? Promise.reject(new Error('poison')) : Promise.resolve()),
    deadLetter: () => Promise.reject(new Error('no broker')),
  });
  await worker.start(record(0));
  await worker.start(record(1));
  expect(await worker.start(record(2))).toBe(false);
  await expect(worker.settled()).rejects.toThrow('no broker');
  expect(worker.offsets.nextToCommit).toBe('1');
});

test('a handler past its time sees its signal abort, and is not started again beside itself', async () => {
  let most = 0;
  let running = 0;
  const reasons: unknown[] = [];
  const worker = workerWith({
    maxAttempts: 2,
    deadlines: new Deadlines(20),
    handler: async (_record, { signal, attempt }) => {
      running += 1;
      most = Math.max(most, running);
      if (attempt === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      running -= 1;
      if (attempt === 1) {
        reasons.push(signal.reason);
        throw new Error('gave up');
      }
    },
  });
  await worker.start(record(0));
  await worker.settled();
  expect(reasons).toEqual([new Error('the handler took longer than 20 ms')]);
  expect(most).toBe(1);
});

test('abandoned work ends its pauses, is not tried again and is not committed', async () => {
  let tries = 0;
  const worker = workerWith({
    retryBackoffMs: 60_000,
    handler: () => {
      tries += 1;
      return Promise.reject(new Error('no'));
    },
  });
  await worker.start(record(0, 'a'));
  await worker.start(record(1, 'a'));
  await new Promise((resolve) => setImmediate(resolve));
  worker.abandon();
  await worker.settled();
  expect(tries).toBe(1);
  expect(worker.offsets.nextToCommit).toBeNull();
  expect(await worker.start(record(2))).toBe(false);
});

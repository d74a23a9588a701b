import { startAwsEmulator, type AwsEmulator } from '@scalelab/aws-emulator';
import { VirtualClock } from '@scalelab/testing';
import {
  createQueuePort,
  createTablePort,
  ensureQueue,
  ensureTable,
  type QueuePort,
  type TablePort,
} from './index';
import { fakeTables } from './testing';

let emulator: AwsEmulator;
let queues: QueuePort & { close(): Promise<void> };
let tables: TablePort & { close(): Promise<void> };

beforeAll(async () => {
  emulator = await startAwsEmulator({ port: 0 });
  const settings = {
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  queues = createQueuePort(settings);
  tables = createTablePort(settings);
});

afterAll(async () => {
  await queues.close();
  await tables.close();
  await emulator.close();
});

describe('ensureQueue', () => {
  it('makes queue and dead-letter queue with redrive, and says what it made', async () => {
    const { url, deadLetterUrl, made } = await ensureQueue(queues, {
      name: 'work',
      deadLetterName: 'work-dlq',
      maxReceiveCount: 3,
      visibilitySeconds: 45,
    });
    expect(made).toEqual(['work-dlq', 'work']);
    const attributes = await queues.attributes(url);
    const dead = await queues.attributes(deadLetterUrl!);
    expect(attributes.VisibilityTimeout).toBe('45');
    expect(JSON.parse(attributes.RedrivePolicy!)).toEqual({
      deadLetterTargetArn: dead.QueueArn,
      maxReceiveCount: 3,
    });
  });

  it('leaves what is there to its owner', async () => {
    await ensureQueue(queues, { name: 'kept', deadLetterName: 'kept-dlq', visibilitySeconds: 45 });
    const again = await ensureQueue(queues, {
      name: 'kept',
      deadLetterName: 'kept-dlq',
      visibilitySeconds: 60,
      maxReceiveCount: 9,
    });
    expect(again.made).toEqual([]);
    const attributes = await queues.attributes(again.url);
    expect(attributes.VisibilityTimeout).toBe('45');
    expect(JSON.parse(attributes.RedrivePolicy!)).toMatchObject({ maxReceiveCount: 5 });
  });

  it('gives a queue without redrive the dead-letter queue that it needs', async () => {
    await queues.create('plain', { VisibilityTimeout: '10' });
    const { url, made } = await ensureQueue(queues, { name: 'plain', deadLetterName: 'plain-dlq' });
    expect(made).toEqual(['plain-dlq', 'plain']);
    expect(JSON.parse((await queues.attributes(url)).RedrivePolicy!)).toMatchObject({ maxReceiveCount: 5 });
  });

  it('agrees with those who make the same queue at the same time', async () => {
    const found = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        ensureQueue(queues, { name: 'raced', deadLetterName: 'raced-dlq', visibilitySeconds: 30 + n }),
      ),
    );
    expect(new Set(found.map(({ url }) => url)).size).toBe(1);
  });
});

describe('ensureTable', () => {
  it('makes the table once', async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, () => ensureTable(tables, { name: 'items' })),
    );
    expect(results.some(({ made }) => made)).toBe(true);
    expect(await ensureTable(tables, { name: 'items' })).toEqual({ made: false });
    expect(await tables.putIfAbsent('items', 'id', { id: 'a' })).toBe('written');
  });

  it('gives up on a table that does not become active', async () => {
    const clock = new VirtualClock();
    const stuck = fakeTables({ status: async () => 'creating' });
    const ensured = ensureTable(stuck, { name: 'items', timeoutMs: 5_000 }, clock).catch(
      (error: unknown) => error,
    );
    await clock.advance(10_000);
    expect(await ensured).toMatchObject({
      code: 'TableNotActive',
      message: 'table items was not active after 5000 ms',
    });
  });
});

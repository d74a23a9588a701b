import { startAwsEmulator, type AwsEmulator } from '@scalelab/aws-emulator';
import { startFaultProxy, type FaultProxy } from '@scalelab/aws-emulator/testing';
import { batchWriter, conditionalWriter, createTablePort, ensureTable, type TablePort } from './index';

let emulator: AwsEmulator;
let proxy: FaultProxy;
let tables: TablePort & { close(): Promise<void> };
let table: string;
let made = 0;

beforeAll(async () => {
  emulator = await startAwsEmulator({ port: 0 });
  proxy = await startFaultProxy({ target: emulator.url });
  tables = createTablePort({
    endpoint: proxy.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});

afterAll(async () => {
  await tables.close();
  await proxy.close();
  await emulator.close();
});

beforeEach(async () => {
  proxy.heal();
  table = `items-${(made += 1)}`;
  await ensureTable(tables, { name: table });
});

async function stored(): Promise<unknown[]> {
  const rows: { id?: unknown }[] = [];
  for await (const row of tables.scan(table)) rows.push(row);
  return rows.sort((a, b) => String(a.id).localeCompare(String(b.id)));
}

describe('conditional writer', () => {
  it('writes a key once however many race, and tells the others that it is there', async () => {
    const writer = conditionalWriter({ tables, table });
    const results = await Promise.all(Array.from({ length: 20 }, (_, by) => writer.put({ id: 'a', by })));
    expect(results.filter((result) => result === 'written')).toHaveLength(1);
    expect(await stored()).toEqual([{ id: 'a', by: results.indexOf('written') }]);
  });

  it('takes the loss of an answer for what it is: the second try finds the first', async () => {
    proxy.inject({ operation: 'PutItem', fault: { kind: 'lostResponse' }, times: 1 });
    expect(await conditionalWriter({ tables, table }).put({ id: 'a', n: 1 })).toBe('exists');
    expect(await stored()).toEqual([{ id: 'a', n: 1 }]);
  });

  it('gets through throttling', async () => {
    proxy.inject({ operation: 'PutItem', fault: { kind: 'throttle' }, times: 2 });
    expect(await conditionalWriter({ tables, table }).put({ id: 'a' })).toBe('written');
  });

  it('flush waits for what is open', async () => {
    proxy.inject({ operation: 'PutItem', fault: { kind: 'latency', ms: 50 } });
    const writer = conditionalWriter({ tables, table });
    const put = writer.put({ id: 'a' });
    await writer.flush();
    expect(await stored()).toEqual([{ id: 'a' }]);
    await put;
  });
});

describe('batch writer', () => {
  const writer = (options = {}) => batchWriter({ tables, table, backoff: { base: 5, cap: 20 }, ...options });
  const calls = () =>
    proxy
      .of('BatchWriteItem')
      .flatMap(({ body }) => (body.RequestItems as Record<string, unknown[]>)[table]?.length ?? []);

  it('shares calls of 25', async () => {
    const writes = writer();
    const ids = Array.from({ length: 60 }, (_, n) => `i${String(n).padStart(2, '0')}`);
    expect(new Set(await Promise.all(ids.map((id) => writes.put({ id }))))).toEqual(new Set(['written']));
    expect(calls()).toEqual([25, 25, 10]);
    expect(await stored()).toEqual(ids.map((id) => ({ id })));
  });

  it('tries unprocessed items again until they are in', async () => {
    proxy.inject({ operation: 'BatchWriteItem', fault: { kind: 'unprocessed', items: 3 }, times: 2 });
    const writes = writer();
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => writes.put({ id })));
    expect(calls()[0]).toBe(5);
    expect(
      calls()
        .slice(1)
        .reduce((sum, size) => sum + size, 0),
    ).toBeGreaterThanOrEqual(3);
    expect(await stored()).toHaveLength(5);
  });

  it('fails the item that stays unprocessed, and no other', async () => {
    proxy.inject({ operation: 'BatchWriteItem', fault: { kind: 'unprocessed', items: 1 } });
    const writes = writer({ attempts: 2 });
    const [first, second] = await Promise.allSettled([writes.put({ id: 'a' }), writes.put({ id: 'b' })]);
    expect(first!.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'WriteFailed' } });
    expect(await stored()).toEqual([{ id: 'a' }]);
  });

  it('writes the same item once when it comes twice, since DynamoDB refuses a key twice in a call', async () => {
    const writes = writer();
    await Promise.all([
      writes.put({ id: 'a', n: 1 }),
      writes.put({ id: 'a', n: 1 }),
      writes.put({ id: 'b', n: 2 }),
    ]);
    expect(calls()).toEqual([2]);
    expect(await stored()).toEqual([
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
    ]);
  });

  it('refuses two items of one key that differ: such items are not immutable', async () => {
    const writes = writer();
    const [first, second] = await Promise.allSettled([
      writes.put({ id: 'a', n: 1 }),
      writes.put({ id: 'a', n: 2 }),
    ]);
    expect(first!.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'ItemConflict' } });
  });
});

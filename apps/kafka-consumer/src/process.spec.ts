import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTablePort, type TablePort } from '@scalelab/aws';
import { startAwsEmulator } from '@scalelab/aws-emulator';
import { createAdmin, createProducer, type KafkaProducer } from '@scalelab/kafka';
import { startBrokerProcess } from '@scalelab/contract-tests';
import { startBroker, type Broker } from '@scalelab/kafka-broker';
import { parseExposition } from '@scalelab/promql';
import { freePort, Ledger, tempDir, waitFor } from '@scalelab/testing';

const root = join(__dirname, '../../..');
const bundle = join(root, 'apps/kafka-consumer/dist/main.cjs');

describe('the kafka-consumer process', () => {
  let broker: Broker;
  let aws: Awaited<ReturnType<typeof startAwsEmulator>>;
  let tables: TablePort & { close(): Promise<void> };
  let producer: KafkaProducer;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    execFileSync(process.execPath, [join(root, 'tools/bundle.mjs'), 'apps/kafka-consumer']);
    broker = await startBroker({});
    aws = await startAwsEmulator({ port: 0 });
    tables = createTablePort({
      endpoint: aws.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const admin = createAdmin({ brokers: [`127.0.0.1:${broker.port}`], clientId: 'spec' });
    await admin.ensureTopic('events', 6);
    await admin.close();
    producer = createProducer({ brokers: [`127.0.0.1:${broker.port}`], clientId: 'spec' });
    await producer.connect();
  }, 60_000);

  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  afterAll(async () => {
    await producer.close();
    await tables.close();
    await aws.close();
    await broker.close();
  });

  const start = async (env: Record<string, string>, until = 'joined the group') => {
    const child = spawn(process.execPath, [bundle], {
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        KAFKA_BROKERS: `127.0.0.1:${broker.port}`,
        KAFKA_SESSION_TIMEOUT_MS: '2000',
        LOCALSTACK_URL: aws.url,
        WORK_FROM_MESSAGE: 'true',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let output = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    child.stderr.on('data', (part: Buffer) => (output += part.toString()));
    await waitFor(() => output.includes(until), { timeoutMs: 15_000, what: until }).catch(
      (cause: unknown) => {
        throw new Error(`said: ${output.slice(-500)}`, { cause });
      },
    );
    return child;
  };

  const send = async (ledger: Ledger, prefix: string, count: number, value: object = {}) => {
    const ids = Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
    await producer.send(
      'events',
      ids.map((id) => ({ value: JSON.stringify({ tour: id, ...value }), headers: { id } })),
    );
    ledger.sent(...ids);
  };

  /** The payload's own id of every item: an event stored under two keys shows up twice. */
  const stored = async (table: string) => {
    const ids: string[] = [];
    for await (const item of tables.scan(table, ['data']))
      ids.push((JSON.parse(String(item.data)) as { tour: string }).tour);
    return ids;
  };

  const complete = (ledger: Ledger, table: string) =>
    waitFor(async () => ledger.count(await stored(table)).lost === 0, {
      timeoutMs: 30_000,
      intervalMs: 200,
      what: 'every event to be stored',
    });

  test('SIGTERM with work in flight: exit 0, nothing lost, no duplicate effect', async () => {
    const env = { KAFKA_GROUP: 'sigterm', TABLE_NAME: 'sigterm' };
    const ledger = new Ledger();
    const first = await start(env);
    await send(ledger, 'term', 300, { work: { ms: 20 } });
    await waitFor(async () => (await stored('sigterm')).length > 20, { timeoutMs: 15_000 });
    first.kill('SIGTERM');
    const [code] = (await once(first, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect((await stored('sigterm')).length).toBeLessThan(300);
    await start(env);
    await complete(ledger, 'sigterm');
    expect(ledger.count(await stored('sigterm'))).toMatchObject({ sent: 300, lost: 0, duplicates: 0 });
  }, 60_000);

  test('the age of the backlog is told while records wait, and is 0 once none does', async () => {
    const port = await freePort();
    await start({ KAFKA_GROUP: 'age', TABLE_NAME: 'age', PORT: String(port), MAX_IN_FLIGHT: '1' });
    const read = async (name: string) => {
      const page = await fetch(`http://127.0.0.1:${port}/metrics`);
      const { samples } = parseExposition(await page.text());
      return samples.find(({ labels }) => labels['__name__'] === `kafka_consumer_${name}`)?.value ?? NaN;
    };
    expect(await read('assigned_partitions')).toBe(6);
    await send(new Ledger(), 'age', 60, { work: { ms: 50 } });
    await waitFor(async () => (await read('backlog_age_seconds')) > 0, { what: 'an age', timeoutMs: 15_000 });
    await waitFor(async () => (await read('backlog_age_seconds')) === 0, {
      what: 'no age',
      timeoutMs: 15_000,
    });
    expect(await read('lag')).toBe(0);
  }, 60_000);

  test('SIGKILL with work in flight: nothing lost, no duplicate effect', async () => {
    const env = { KAFKA_GROUP: 'sigkill', TABLE_NAME: 'sigkill-table' };
    const ledger = new Ledger();
    const first = await start(env);
    await send(ledger, 'kill', 300, { work: { ms: 20 } });
    const mine = async () => (await stored('sigkill-table')).filter((id) => id.startsWith('kill-'));
    await waitFor(async () => (await mine()).length > 20, { timeoutMs: 15_000 });
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect((await mine()).length).toBeLessThan(300);
    await start(env);
    await complete(ledger, 'sigkill-table');
    expect(ledger.count(await mine())).toMatchObject({ sent: 300, lost: 0, duplicates: 0 });
  }, 60_000);

  test('a durable broker killed and restarted under load: the consumer recovers, nothing lost, no duplicate effect', async () => {
    const durable = await startBrokerProcess({ dataDir: tempDir() });
    const brokers = [...durable.brokers];
    const admin = createAdmin({ brokers, clientId: 'spec' });
    await admin.ensureTopic('events', 6);
    await admin.close();
    const writer = createProducer({ brokers, clientId: 'spec' });
    await writer.connect();
    try {
      await start({ KAFKA_GROUP: 'broker-kill', TABLE_NAME: 'broker-kill', KAFKA_BROKERS: brokers.join() });
      const ledger = new Ledger();
      const write = async (from: number) => {
        const ids = Array.from({ length: 100 }, (_, n) => `broker-${from + n}`);
        const records = ids.map((id) => ({
          value: JSON.stringify({ tour: id, work: { ms: 20 } }),
          headers: { id },
        }));
        await writer.send('events', records);
        ledger.sent(...ids);
      };
      await write(0);
      await waitFor(async () => (await stored('broker-kill')).length > 20, { timeoutMs: 15_000 });
      await durable.killAndRestart();
      await write(100);
      await complete(ledger, 'broker-kill');
      expect(ledger.count(await stored('broker-kill'))).toMatchObject({ sent: 200, lost: 0, duplicates: 0 });
    } finally {
      await writer.close();
      await durable.stop();
    }
  }, 90_000);

  test.each([
    ['a broker that refuses connections', async () => ({ KAFKA_BROKERS: `127.0.0.1:${await freePort()}` })],
    [
      'a table service that is not there',
      async () => ({ LOCALSTACK_URL: `http://127.0.0.1:${await freePort()}` }),
    ],
  ])('told to stop while it waits for %s, it ends with 0', async (_what, env) => {
    const child = await start(await env(), '"msg":"listening"');
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  test('wrong variables: all of them in one message, exit 2', async () => {
    const child = spawn(process.execPath, [bundle], {
      env: { PATH: process.env.PATH, PORT: 'http', KAFKA_BROKERS: 'localhost', MAX_IN_FLIGHT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let stderr = '';
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(2);
    for (const name of ['PORT', 'KAFKA_BROKERS', 'MAX_IN_FLIGHT']) expect(stderr).toContain(name);
  });
});

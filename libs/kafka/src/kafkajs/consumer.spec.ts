import { startBroker, type Broker } from '@scalelab/kafka-broker';
import { waitFor } from '@scalelab/testing';
import type { ConsumerOptions, KafkaConsumer, KafkaProducer, KafkaRecord, OutgoingRecord } from '..';
import { createAdmin, createConsumer, createProducer } from '..';

describe('the kafkajs consumer', () => {
  let broker: Broker;
  let producer: KafkaProducer;
  let brokers: string[];
  const open: KafkaConsumer[] = [];
  let names = 0;

  beforeAll(async () => {
    broker = await startBroker({});
    brokers = [`127.0.0.1:${broker.port}`];
    producer = createProducer({ brokers, clientId: 'spec' });
    await producer.connect();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((consumer) => consumer.drain(1_000)));
  });

  afterAll(async () => {
    await producer.close();
    await broker.close();
  });

  const topicOf = async (partitions: number) => {
    const topic = `events-${(names += 1)}`;
    const admin = createAdmin({ brokers, clientId: 'spec' });
    await admin.ensureTopic(topic, partitions);
    await admin.ensureTopic(`${topic}.dlq`, 1);
    await admin.close();
    return topic;
  };

  const consuming = async (
    topic: string,
    handler: ConsumerOptions['handler'],
    over: Partial<ConsumerOptions> = {},
  ) => {
    const consumer = createConsumer({
      brokers,
      clientId: 'spec',
      groupId: `group-of-${topic}`,
      topics: [topic],
      handler,
      retryBackoffMs: 1,
      sessionTimeoutMs: 6_000,
      rebalanceTimeoutMs: 6_000,
      heartbeatIntervalMs: 200,
      ...over,
    });
    open.push(consumer);
    await consumer.start();
    return consumer;
  };

  const numbered = (count: number, over: (n: number) => Partial<OutgoingRecord> = () => ({})) =>
    Array.from({ length: count }, (_, n) => ({ value: JSON.stringify({ n }), ...over(n) }));

  const numberOf = (record: KafkaRecord) => (JSON.parse(String(record.value)) as { n: number }).n;

  const committed = async (topic: string) => {
    const admin = createAdmin({ brokers, clientId: 'spec' });
    const offsets = await admin.groupOffsets(`group-of-${topic}`, [topic]);
    await admin.close();
    return { latest: offsets.latest[topic], committed: offsets.committed[topic] };
  };

  test('hands over every record once, with key, value, headers and place, and commits them', async () => {
    const topic = await topicOf(3);
    await producer.send(
      topic,
      numbered(100, (n) => ({ key: `k${n % 7}`, headers: { id: `id-${n}` } })),
    );
    const seen: KafkaRecord[] = [];
    const consumer = await consuming(topic, async (record) => void seen.push(record));
    await waitFor(() => seen.length === 100);
    expect(seen.map(numberOf).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
    const one = seen.find((record) => numberOf(record) === 42);
    expect(one).toMatchObject({ topic, key: 'k0', headers: { id: 'id-42' } });
    await consumer.drain(5_000);
    const offsets = await committed(topic);
    expect(offsets.committed).toEqual(offsets.latest);
    expect(consumer.lag().size).toBe(3);
    expect([...consumer.lag().values()]).toEqual([0, 0, 0]);
  });

  test('a poison record ends in the dead-letter topic with where it came from, and the rest flows', async () => {
    const topic = await topicOf(1);
    await producer.send(
      topic,
      numbered(5, () => ({ headers: { id: 'x' } })),
    );
    const seen: number[] = [];
    const consumer = await consuming(topic, async (record) => {
      if (numberOf(record) === 2) throw new Error('cannot be eaten');
      seen.push(numberOf(record));
    });
    const dead: KafkaRecord[] = [];
    await consuming(`${topic}.dlq`, async (record) => void dead.push(record), { groupId: `dead-${topic}` });
    await waitFor(() => seen.length === 4 && dead.length === 1);
    expect(dead[0]?.headers).toMatchObject({
      id: 'x',
      'dlq-topic': topic,
      'dlq-offset': '2',
      'dlq-reason': 'cannot be eaten',
    });
    await consumer.drain(5_000);
    expect((await committed(topic)).committed).toEqual([5]);
  });

  test('a drain lets work in flight finish and commits it, starts nothing more, and leaves the rest to the group', async () => {
    const topic = await topicOf(1);
    await producer.send(topic, numbered(50));
    const gate = Promise.withResolvers<void>();
    const started: number[] = [];
    const consumer = await consuming(
      topic,
      async (record) => {
        started.push(numberOf(record));
        await gate.promise;
      },
      { maxInFlight: 4 },
    );
    await waitFor(() => started.length === 4);
    const draining = consumer.drain(10_000);
    setTimeout(() => gate.resolve(), 50);
    expect(await draining).toEqual({ finished: 4, abandoned: 0 });
    expect(started).toEqual([0, 1, 2, 3]);
    expect((await committed(topic)).committed).toEqual([4]);
  });

  test('work that outlives the drain is abandoned, its signal aborts, and it is not committed', async () => {
    const topic = await topicOf(1);
    await producer.send(topic, numbered(2));
    const aborted: unknown[] = [];
    const begun = Promise.withResolvers<void>();
    const consumer = await consuming(topic, (record, { signal }) =>
      numberOf(record) === 0
        ? Promise.resolve()
        : new Promise((_resolve, reject) => {
            begun.resolve();
            signal.addEventListener('abort', () => {
              aborted.push(signal.reason);
              reject(signal.reason as Error);
            });
          }),
    );
    await begun.promise;
    expect(await consumer.drain(100)).toEqual({ finished: 0, abandoned: 1 });
    expect(aborted).toEqual([new Error("the drain's 100 ms are over")]);
    expect((await committed(topic)).committed).toEqual([1]);
  });

  test('members join and leave under load: each record takes effect, none is left behind', async () => {
    const topic = await topicOf(6);
    const total = 600;
    const effects = new Set<number>();
    const handler = async (record: KafkaRecord) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      effects.add(numberOf(record));
    };
    const sending = (async () => {
      for (let sent = 0; sent < total; sent += 50) {
        await producer.send(
          topic,
          Array.from({ length: 50 }, (_, at) => ({ value: JSON.stringify({ n: sent + at }) })),
        );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const first = await consuming(topic, handler);
    const second = await consuming(topic, handler);
    await consuming(topic, handler);
    await first.drain(5_000);
    await second.drain(5_000);
    await sending;
    await waitFor(() => effects.size === total, { timeoutMs: 15_000, what: 'all effects' });
    await waitFor(
      async () => {
        const offsets = await committed(topic);
        return JSON.stringify(offsets.latest) === JSON.stringify(offsets.committed);
      },
      { timeoutMs: 10_000, intervalMs: 100 },
    );
  }, 40_000);

  test('a paused consumer starts nothing and keeps its membership', async () => {
    const topic = await topicOf(1);
    const seen: number[] = [];
    const consumer = await consuming(topic, async (record) => void seen.push(numberOf(record)));
    consumer.pause();
    await producer.send(topic, numbered(3));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(seen).toEqual([]);
    expect(consumer.health()).toMatchObject({ alive: true, joined: true });
    consumer.resume();
    await waitFor(() => seen.length === 3);
  });

  test('a consumer that cannot reach a broker says so with a code', async () => {
    const consumer = createConsumer({
      brokers: ['127.0.0.1:1'],
      clientId: 'spec',
      groupId: 'nobody',
      topics: ['none'],
      handler: async () => undefined,
    });
    await expect(consumer.start()).rejects.toMatchObject({ name: 'KafkaError', code: 'KafkaUnreachable' });
  }, 60_000);
});

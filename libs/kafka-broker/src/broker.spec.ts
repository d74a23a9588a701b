import { Kafka, logLevel } from 'kafkajs';
import { tempDir, waitFor } from '@scalelab/testing';
import { type Broker, type BrokerOptions, startBroker } from './index';
import { buildBatch, ErrorCode, messages, WireClient } from './testing';

describe('a broker', () => {
  const started: Broker[] = [];
  const start = async (options: BrokerOptions = {}): Promise<Broker> => {
    const broker = await startBroker(options);
    started.push(broker);
    return broker;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((broker) => broker.close()));
  });
  const wire = (broker: Broker) => WireClient.connect(`${broker.host}:${broker.port}`);

  const produce = async (broker: Broker, topic: string, value: string) => {
    const client = await wire(broker);
    const records = buildBatch([{ key: null, value: Buffer.from(value) }], { timestampMs: Date.now() });
    const { topics } = await client.call(messages.produce, 9, {
      acks: -1,
      timeoutMs: 1_000,
      topics: [{ name: topic, partitions: [{ index: 0, records }] }],
    });
    client.close();
    return topics[0]!.partitions[0]!;
  };

  it('gives a group of consumers every message that was produced, once', async () => {
    const broker = await start({ topics: [{ name: 'events', partitions: 3 }] });
    const kafka = new Kafka({ brokers: [`127.0.0.1:${broker.port}`], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    const sent = Array.from({ length: 500 }, (_unused, index) => `message ${index}`);
    await producer.send({ topic: 'events', messages: sent.map((value) => ({ key: value, value })) });
    await producer.disconnect();
    const seen: string[] = [];
    const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic: 'events', fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        seen.push(message.value?.toString() ?? '');
        return Promise.resolve();
      },
    });
    await waitFor(() => seen.length >= sent.length, { what: 'all messages' });
    await consumer.disconnect();
    expect(seen.toSorted()).toEqual(sent.toSorted());
    const { messagesInTotal, groups } = broker.stats();
    expect(messagesInTotal).toBe(500);
    expect(groups).toEqual([{ groupId: 'readers', state: 'Empty', generation: 2, members: 0 }]);
  });

  it('has topics, messages, offsets, settings and producer ids again after a restart', async () => {
    const dataDir = tempDir();
    const first = await start({
      dataDir,
      topics: [{ name: 'kept', configs: { 'retention.bytes': '5000000' } }],
    });
    await produce(first, 'kept', 'one');
    const client = await wire(first);
    await client.call(messages.createTopics, 2, {
      topics: [{ name: 'dropped', numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1_000,
    });
    await client.call(messages.deleteTopics, 1, { topicNames: ['dropped'], timeoutMs: 1_000 });
    const identity = { transactionalId: null, transactionTimeoutMs: 1_000 };
    const before = await client.call(messages.initProducerId, 1, identity);
    const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: 'note' }];
    await client.call(messages.offsetCommit, 2, {
      groupId: 'g',
      generationId: -1,
      memberId: '',
      topics: [{ name: 'kept', partitions }],
    });
    await first.close();

    const second = await start({ dataDir });
    const again = await wire(second);
    const { topics } = await again.call(messages.metadata, 1, { topics: null });
    expect(topics.map(({ name }) => name)).toEqual(['kept']);
    const fetched = await again.call(messages.offsetFetch, 2, { groupId: 'g', topics: null });
    expect(fetched.topics[0]!.partitions).toMatchObject([{ committedOffset: 1, metadata: 'note' }]);
    const after = await again.call(messages.initProducerId, 1, identity);
    expect(after.producerId).toBeGreaterThan(before.producerId);
    const described = await again.call(messages.describeConfigs, 1, {
      resources: [{ resourceType: 2, resourceName: 'kept', configurationKeys: ['retention.bytes'] }],
    });
    expect(described.results[0]!.configs).toMatchObject([{ value: '5000000', configSource: 1 }]);
    expect((await produce(second, 'kept', 'two')).baseOffset).toBe(1);
    again.close();
  });

  it('keeps all partitions together within maxLogBytes', async () => {
    const topics = ['a', 'b', 'c'].map((name) => ({ name }));
    const broker = await start({ topics, maxLogBytes: 1_048_576, segmentBytes: 65_536 });
    for (let index = 0; index < 60; index += 1) {
      for (const { name } of topics) await produce(broker, name, 'x'.repeat(20_000));
    }
    const { logBytes, topics: now } = broker.stats();
    expect(logBytes).toBeLessThan(1_048_576 + 65_536);
    for (const { partitions } of now) {
      expect(partitions[0]!.highWatermark).toBe(60);
      expect(partitions[0]!.logStartOffset).toBeGreaterThan(0);
    }
  });

  it('makes an unknown topic on demand only when told to, and only when the client allows it', async () => {
    const ask = async (broker: Broker, allowAutoTopicCreation: boolean) => {
      const client = await wire(broker);
      const topics = [{ topicId: '0'.repeat(32), name: 'new' }];
      const response = await client.call(messages.metadata, 4, { topics, allowAutoTopicCreation });
      client.close();
      return response.topics[0]!.errorCode;
    };
    expect(await ask(await start(), true)).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    const making = await start({ autoCreateTopics: true, defaultPartitions: 3 });
    expect(await ask(making, false)).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    expect(await ask(making, true)).toBe(ErrorCode.NONE);
    expect(making.stats().topics[0]?.partitions).toHaveLength(3);
  });

  it('tells clients its advertised address, else the one they connected to', async () => {
    const where = async (broker: Broker) => {
      const client = await WireClient.connect(`127.0.0.1:${broker.port}`);
      const { brokers } = await client.call(messages.metadata, 1, { topics: [] });
      client.close();
      return brokers[0];
    };
    const advertised = await start({ advertisedHost: 'kafka.lab', advertisedPort: 9092 });
    expect(await where(advertised)).toMatchObject({ host: 'kafka.lab', port: 9092 });
    const everywhere = await start({ host: '0.0.0.0' });
    expect(await where(everywhere)).toMatchObject({ host: '127.0.0.1', port: everywhere.port });
  });

  it('closes while fetches and joins wait, frees its port, and can be closed twice', async () => {
    const broker = await start({ topics: [{ name: 't' }] });
    const client = await wire(broker);
    const waiting = client.call(messages.fetch, 4, {
      replicaId: -1,
      maxWaitMs: 60_000,
      minBytes: 1,
      maxBytes: 1_000,
      isolationLevel: 0,
      topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000 }] }],
    });
    const refused = expect(waiting).rejects.toThrow(/closed the connection/);
    await waitFor(() => broker.stats().requestsTotal['Fetch'] === 1, { what: 'the fetch' });
    await Promise.all([broker.close(), broker.close()]);
    await refused;
    await start({ port: broker.port });
  });

  it('answers requests of one connection in their order, one behind a fetch that waits', async () => {
    const broker = await start({ topics: [{ name: 't' }] });
    const client = await wire(broker);
    const order: string[] = [];
    const fetching = client
      .call(messages.fetch, 4, {
        replicaId: -1,
        maxWaitMs: 100,
        minBytes: 1,
        maxBytes: 1_000,
        isolationLevel: 0,
        topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000 }] }],
      })
      .then(() => order.push('fetch'));
    const asking = client.call(messages.apiVersions, 0, {}).then(() => order.push('versions'));
    await Promise.all([fetching, asking]);
    expect(order).toEqual(['fetch', 'versions']);
    client.close();
  });

  it('names every option that is not allowed, the value and what is', async () => {
    const bad = startBroker({ port: 70_000, segmentBytes: 1.5, topics: [] });
    await expect(bad).rejects.toMatchObject({
      code: 'BadOption',
      message: expect.stringMatching(/port is 70000, .*0 to 65535; segmentBytes is 1.5, /) as string,
    });
    await expect(startBroker({ topics: [{ name: 'no/slash' }] })).rejects.toMatchObject({
      code: 'BadOption',
      message: expect.stringContaining('no/slash') as string,
    });
  });

  it('says that its port or its folder is in use, and leaves both to who has them', async () => {
    const dataDir = tempDir();
    const broker = await start({ dataDir });
    await expect(startBroker({ port: broker.port })).rejects.toMatchObject({ code: 'PortInUse' });
    await expect(startBroker({ dataDir })).rejects.toMatchObject({ code: 'DataDirInUse' });
    await broker.close();
    await start({ dataDir });
  });
});

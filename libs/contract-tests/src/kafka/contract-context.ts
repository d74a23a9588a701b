import { type Admin, type Consumer, type ConsumerConfig, Kafka, logLevel, type Producer } from 'kafkajs';
import { WireClient } from '@scalelab/kafka-broker/testing';
import { waitFor } from '@scalelab/testing';
import type { KafkaUnderTest } from './kafka-under-test';

/** What the checks of a contract share: clients of the broker under test that end with the test, and topics of their own. */
export class ContractContext {
  private readonly ends: (() => Promise<unknown>)[] = [];
  private topics = 0;

  constructor(private readonly current: () => KafkaUnderTest) {}

  get broker(): KafkaUnderTest {
    return this.current();
  }

  get address(): string {
    return this.broker.brokers[0] ?? '';
  }

  kafka(clientId = 'contract'): Kafka {
    // Requests that fail are retried soon: a fresh broker says for a moment that its coordinator is loading.
    const retry = { initialRetryTime: 50, maxRetryTime: 500, retries: 40 };
    return new Kafka({ clientId, brokers: [...this.broker.brokers], logLevel: logLevel.NOTHING, retry });
  }

  async admin(): Promise<Admin> {
    const admin = this.kafka().admin();
    await admin.connect();
    this.ends.push(() => admin.disconnect());
    return admin;
  }

  async producer(config: Parameters<Kafka['producer']>[0] = {}): Promise<Producer> {
    const producer = this.kafka().producer(config);
    await producer.connect();
    this.ends.push(() => producer.disconnect());
    return producer;
  }

  async consumer(config: ConsumerConfig, clientId = 'contract'): Promise<Consumer> {
    const consumer = this.kafka(clientId).consumer({
      maxWaitTimeInMs: 100,
      heartbeatInterval: 200,
      sessionTimeout: 6_000,
      rebalanceTimeout: 10_000,
      ...config,
    });
    await consumer.connect();
    this.ends.push(() => consumer.disconnect());
    return consumer;
  }

  async wire(): Promise<WireClient> {
    const client = await WireClient.connect(this.address);
    this.ends.push(() => Promise.resolve(client.close()));
    return client;
  }

  /** A name that no other check uses. */
  name(stem: string): string {
    this.topics += 1;
    return `${stem}-${this.topics}`;
  }

  /** Makes a topic and waits until the broker serves it. */
  async topic(
    stem: string,
    numPartitions = 1,
    configs: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const topic = this.name(stem);
    const admin = await this.admin();
    const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: true });
    await waitFor(async () => (await admin.fetchTopicOffsets(topic)).length === numPartitions, {
      what: `topic ${topic}`,
    });
    return topic;
  }

  /** Ends every client that the test has made. */
  async end(): Promise<void> {
    await Promise.allSettled(this.ends.splice(0).map((end) => end()));
  }
}

/** Reads a topic from its beginning in a group of its own until `count` messages are there, and no more come. */
export async function readAll(
  context: ContractContext,
  topic: string,
  count: number,
  config: Partial<ConsumerConfig> = {},
  timeoutMs = 15_000,
): Promise<{ readonly key: string | null; readonly value: string | null; readonly offset: string }[]> {
  const seen: { key: string | null; value: string | null; offset: string }[] = [];
  const consumer = await context.consumer({ groupId: context.name('reader'), ...config });
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message: { key, value, offset } }) => {
      seen.push({ key: key?.toString() ?? null, value: value?.toString() ?? null, offset });
      return Promise.resolve();
    },
  });
  await waitFor(() => seen.length >= count, { what: `${count} messages of ${topic}`, timeoutMs });
  await consumer.disconnect();
  return seen;
}

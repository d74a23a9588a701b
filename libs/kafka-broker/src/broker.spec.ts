import { Kafka, logLevel } from 'kafkajs';
import { waitFor } from '@scalelab/testing';
import { type Broker, startBroker } from './index';

describe('a broker in memory', () => {
  let broker: Broker;
  let kafka: Kafka;
  beforeAll(async () => {
    broker = await startBroker({ topics: [{ name: 'events', partitions: 3 }] });
    kafka = new Kafka({ brokers: [`127.0.0.1:${broker.port}`], logLevel: logLevel.NOTHING });
  });
  afterAll(() => broker.close());

  it('gives a group of consumers every message that was produced, once', async () => {
    const producer = kafka.producer();
    await producer.connect();
    const sent = Array.from({ length: 500 }, (_unused, index) => `message ${index}`);
    await producer.send({
      topic: 'events',
      messages: sent.map((value, index) => ({ key: String(index), value })),
    });
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
    expect(broker.stats().groups).toEqual([
      { groupId: 'readers', state: 'Empty', generation: 2, members: 0 },
    ]);
  });
});

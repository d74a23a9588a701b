import { ConfigResourceTypes } from 'kafkajs';
import { ErrorCode, messages } from '@scalelab/kafka-broker/testing';
import { waitFor } from '@scalelab/testing';
import type { ContractContext } from './contract-context';

const ownConfig = async (context: ContractContext, topic: string, name: string) => {
  const admin = await context.admin();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }],
  });
  return resources[0]?.configEntries.find(({ configName }) => configName === name)?.configValue;
};

/** Topics and settings through kafkajs' admin client. */
export function adminChecks(context: ContractContext): void {
  describe('administration', () => {
    it('creates a topic once and says so the second time', async () => {
      const admin = await context.admin();
      const topic = context.name('created');
      expect(await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] })).toBe(true);
      expect(await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] })).toBe(false);
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      expect(topics[0]?.partitions.map(({ partitionId }) => partitionId).toSorted()).toEqual([0, 1, 2, 3]);
      expect(topics[0]?.partitions.every(({ leader, isr }) => isr.includes(leader))).toBe(true);
    });

    it('refuses a topic name that is not allowed and a replication factor above the number of brokers', async () => {
      const admin = await context.admin();
      const create = (topic: string, replicationFactor: number) =>
        admin.createTopics({ topics: [{ topic, replicationFactor }] });
      await expect(create('no/slashes', 1)).rejects.toThrow();
      await expect(create(context.name('replicated'), 3)).rejects.toThrow();
    });

    it('lists topics', async () => {
      const topic = await context.topic('listed');
      expect(await (await context.admin()).listTopics()).toContain(topic);
    });

    it('raises the number of partitions, and refuses to lower it', async () => {
      const topic = await context.topic('grown', 2);
      const admin = await context.admin();
      const count = async () => (await admin.fetchTopicOffsets(topic)).length;
      await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
      await waitFor(async () => (await count()) === 5, { what: 'five partitions' });
      await expect(admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })).rejects.toThrow();
      expect(await count()).toBe(5);
    });

    it('describes and alters settings of a topic', async () => {
      const topic = await context.topic('configured', 1, { 'retention.bytes': '7340032' });
      const admin = await context.admin();
      expect(await ownConfig(context, topic, 'retention.bytes')).toBe('7340032');
      await admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: ConfigResourceTypes.TOPIC,
            name: topic,
            configEntries: [{ name: 'retention.bytes', value: '8388608' }],
          },
        ],
      });
      await waitFor(async () => (await ownConfig(context, topic, 'retention.bytes')) === '8388608');
      await expect(
        admin.alterConfigs({
          validateOnly: false,
          resources: [
            {
              type: ConfigResourceTypes.TOPIC,
              name: topic,
              configEntries: [{ name: 'retention.bytes', value: 'many' }],
            },
          ],
        }),
      ).rejects.toThrow();
    });

    it('describes the cluster', async () => {
      const { brokers, controller, clusterId } = await (await context.admin()).describeCluster();
      expect(brokers.map(({ host, port }) => `${host}:${port}`)).toEqual([...context.broker.brokers]);
      expect(controller).toBe(brokers[0]?.nodeId);
      expect(clusterId).not.toBe('');
    });

    it('gives offsets by time: of the first message at or after it', async () => {
      const topic = await context.topic('timed');
      const producer = await context.producer();
      const start = Date.now() - 60_000;
      for (const [index, value] of ['a', 'b', 'c'].entries()) {
        await producer.send({ topic, messages: [{ value, timestamp: String(start + index * 1_000) }] });
      }
      const admin = await context.admin();
      const offsetAt = async (ms: number) => (await admin.fetchTopicOffsetsByTimestamp(topic, ms))[0]?.offset;
      expect(await offsetAt(start)).toBe('0');
      expect(await offsetAt(start + 1)).toBe('1');
      expect(await offsetAt(start + 2_000)).toBe('2');
      // kafkajs answers the end of the log where no message is that young.
      expect(await offsetAt(start + 2_001)).toBe('3');
    });

    it('deletes messages up to an offset', async () => {
      const topic = await context.topic('trimmed');
      const producer = await context.producer();
      for (let index = 0; index < 5; index += 1) await producer.send({ topic, messages: [{ value: 'x' }] });
      const admin = await context.admin();
      expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ low: '0', high: '5' }]);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
      await waitFor(async () => (await admin.fetchTopicOffsets(topic))[0]?.low === '3', {
        what: 'log start 3',
      });
      expect((await admin.fetchTopicOffsets(topic))[0]?.high).toBe('5');
    });

    it('deletes a topic', async () => {
      const topic = await context.topic('deleted');
      const admin = await context.admin();
      await admin.deleteTopics({ topics: [topic] });
      await waitFor(async () => !(await admin.listTopics()).includes(topic), { what: 'the topic to go' });
      // On the wire, since kafkajs tries again for long.
      const wire = await context.wire();
      const never = { topicNames: [context.name('never-made')], timeoutMs: 5_000 };
      const { responses } = await wire.call(messages.deleteTopics, 3, never);
      expect(responses[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    });
  });
}

import type { Admin } from 'kafkajs';
import type { GroupOffsets, KafkaAdmin } from '../admin';
import { kafkaClient, kafkaError, type ClientOptions } from './client';

export function createAdmin(options: ClientOptions): KafkaAdmin {
  const client = kafkaClient({ requestTimeoutMs: 5_000, retries: 2, ...options });
  let connected: Promise<Admin> | undefined;

  const connection = () => {
    connected ??= (async () => {
      const admin = client.admin();
      await admin.connect();
      return admin;
    })();
    return connected;
  };
  /** A failed call drops the connection: the next one begins anew, so a restarted broker is found again. */
  const call = async <T>(what: string, work: (admin: Admin) => Promise<T>): Promise<T> => {
    const mine = connection();
    try {
      return await work(await mine);
    } catch (cause) {
      if (connected === mine) connected = undefined;
      mine.then((admin) => admin.disconnect()).catch(() => undefined);
      throw kafkaError(what, cause);
    }
  };
  const endOffsets = async (admin: Admin, topic: string) => {
    const partitions = await admin.fetchTopicOffsets(topic);
    return byPartition(partitions.map(({ partition, offset }) => ({ partition, offset })));
  };

  return {
    ensureTopic: (name, partitions) =>
      call(`make topic ${name}`, (admin) =>
        admin.createTopics({ waitForLeaders: true, topics: [{ topic: name, numPartitions: partitions }] }),
      ),
    partitionCount: (topic) =>
      call(`read topic ${topic}`, async (admin) => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        return topics[0]?.partitions.length ?? 0;
      }),
    groupOffsets: (groupId, topics): Promise<GroupOffsets> =>
      call(`read offsets of group ${groupId}`, async (admin) => {
        const groups = await admin.fetchOffsets({ groupId, ...(topics && { topics: [...topics] }) });
        const committed = Object.fromEntries(
          groups.map(({ topic, partitions }) => [topic, byPartition(partitions)]),
        );
        const names = topics ?? Object.keys(committed);
        const latest = Object.fromEntries(
          await Promise.all(names.map(async (topic) => [topic, await endOffsets(admin, topic)] as const)),
        );
        return { latest, committed };
      }),
    async close() {
      const mine = connected;
      connected = undefined;
      if (mine) await mine.then((admin) => admin.disconnect()).catch(() => undefined);
    },
  };
}

function byPartition(entries: readonly { partition: number; offset: string }[]): number[] {
  const offsets: number[] = [];
  for (const { partition, offset } of entries) offsets[partition] = Number(offset);
  return Array.from(offsets, (offset) => offset ?? -1);
}

import type { Counters } from './counters';
import type { GroupCoordinator } from './groups/group-coordinator';
import type { BrokerStats } from './stats';
import type { TopicRegistry } from './topics/topic-registry';

export function snapshotStats(
  topics: TopicRegistry,
  groups: GroupCoordinator,
  counters: Counters,
  connections: number,
): BrokerStats {
  const perTopic = topics.all.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((log, partition) => {
      const { logStartOffset, highWatermark, lastStableOffset, segmentCount, bytes } = log;
      return { partition, logStartOffset, highWatermark, lastStableOffset, segments: segmentCount, bytes };
    }),
  }));
  return {
    connections,
    connectionsTotal: counters.connectionsTotal,
    connectionsRefusedTotal: counters.connectionsRefused,
    malformedTotal: counters.malformed,
    requestsTotal: Object.fromEntries(counters.requests),
    bytesInTotal: counters.bytesIn,
    bytesOutTotal: counters.bytesOut,
    messagesInTotal: counters.messagesIn,
    duplicateBatchesTotal: counters.duplicateBatches,
    logBytes: perTopic.flatMap(({ partitions }) => partitions).reduce((sum, { bytes }) => sum + bytes, 0),
    topics: perTopic,
    groups: groups.all.map(({ id, state, generation, members }) => ({
      groupId: id,
      state,
      generation,
      members: members.size,
    })),
  };
}

import { numberOf, type Autoscaler, type Check } from './subject';

export const kafkaMaxAbovePartitions: Check = {
  code: 'kafka-max-above-partitions',
  level: 'warning',
  title: 'more replicas than Kafka partitions',
  why: 'a partition is read by one member of the group: replicas beyond the partitions have no work, and KEDA caps at the partitions unless allowIdleConsumers is true',
  *find(autoscaler) {
    for (const { type, index, metadata } of autoscaler.triggers) {
      if (type !== 'kafka' || metadata.allowIdleConsumers === 'true') continue;
      const partitions = partitionsOf(autoscaler, metadata.partitionLimitation);
      if (partitions !== undefined && autoscaler.max > partitions)
        yield {
          path: [
            'spec',
            autoscaler.spec.maxReplicaCount === undefined ? 'triggers' : 'maxReplicaCount',
            ...(autoscaler.spec.maxReplicaCount === undefined ? [index] : []),
          ],
          message: `up to ${autoscaler.max} replicas for ${partitions} partitions of ${metadata.topic ?? 'the topic'}`,
          fix: `set maxReplicaCount to ${partitions}, or add partitions`,
        };
    }
  },
};

function partitionsOf(autoscaler: Autoscaler, limitation: string | undefined): number | undefined {
  if (limitation)
    return limitation.split(',').reduce((sum, part) => {
      const [from, to] = part.split('-').map(Number);
      return sum + (to === undefined ? 1 : to - (from ?? 0) + 1);
    }, 0);
  return (
    numberOf(autoscaler.annotation('lint.scalelab.dev/partitions')) ??
    autoscaler.facts.partitions ??
    numberOf(autoscaler.env(/PARTITIONS$/)?.value)
  );
}

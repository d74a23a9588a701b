import { ErrorCode } from '../protocol/error-codes';
import { offsetCommit, offsetDelete, offsetFetch } from '../protocol/messages';
import type { Encodable } from '../protocol/schema';
import type { BrokerContext } from './context';
import { route } from './route';

type FetchedTopic = NonNullable<Encodable<typeof offsetFetch.response>['topics']>[number];

/** Longest note a client may store with an offset, as Kafka's default. */
export const maxOffsetMetadataBytes = 4_096;

interface CommitOfPartition {
  readonly partitionIndex: number;
  readonly committedMetadata: string | null;
}

/** Whether an offset of this partition can be stored at all. */
export function offsetRefusal(
  context: BrokerContext,
  topic: string,
  { partitionIndex, committedMetadata }: CommitOfPartition,
): ErrorCode {
  if (!context.topics.log(topic, partitionIndex)) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  const tooLong = Buffer.byteLength(committedMetadata ?? '') > maxOffsetMetadataBytes;
  return tooLong ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE;
}

export const offsetCommitRoute = route(offsetCommit, (request, context) => {
  const { groupId, memberId, groupInstanceId, generationId } = request;
  const refusal = context.groups.commitRefusal(groupId, memberId, groupInstanceId, generationId);
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) => {
        const { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata } = partition;
        const errorCode = refusal === ErrorCode.NONE ? offsetRefusal(context, name, partition) : refusal;
        if (errorCode === ErrorCode.NONE) {
          context.groups.offsets.commit({
            group: groupId,
            topic: name,
            partition: partitionIndex,
            offset: committedOffset,
            leaderEpoch: committedLeaderEpoch,
            metadata: committedMetadata,
          });
        }
        return { partitionIndex, errorCode };
      }),
    })),
  };
});

interface WantedTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

function committed(
  context: BrokerContext,
  group: string,
  topics: readonly WantedTopic[] | null,
  requireStable: boolean,
): FetchedTopic[] {
  const { offsets } = context.groups;
  const wanted =
    topics ?? offsets.topicsOf(group).map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
  return wanted.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      const unstable = requireStable && context.transactions.hasPendingOffset(group, name, partitionIndex);
      const found = unstable ? undefined : offsets.get(group, name, partitionIndex);
      return {
        partitionIndex,
        committedOffset: found?.offset ?? -1,
        committedLeaderEpoch: found?.leaderEpoch ?? -1,
        metadata: found?.metadata ?? '',
        errorCode: unstable ? ErrorCode.UNSTABLE_OFFSET_COMMIT : ErrorCode.NONE,
      };
    }),
  }));
}

export const offsetFetchRoute = route(offsetFetch, (request, context, call) => {
  const { requireStable } = request;
  if (call.version < 8) {
    return { topics: committed(context, request.groupId, request.topics, requireStable) };
  }
  return {
    groups: request.groups.map(({ groupId, topics }) => ({
      groupId,
      topics: committed(context, groupId, topics, requireStable),
      errorCode: ErrorCode.NONE,
    })),
  };
});

export const offsetDeleteRoute = route(offsetDelete, (request, context) => {
  const { groupId } = request;
  const group = context.groups.get(groupId);
  if (!group && !context.groups.offsets.has(groupId)) {
    return { errorCode: ErrorCode.GROUP_ID_NOT_FOUND, topics: [] };
  }
  // A group with members may be reading any topic: what each subscribes to is the clients' own format.
  if (group && group.members.size > 0) return { errorCode: ErrorCode.NON_EMPTY_GROUP, topics: [] };
  return {
    errorCode: ErrorCode.NONE,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => {
        context.groups.offsets.delete(groupId, name, partitionIndex);
        return { partitionIndex, errorCode: ErrorCode.NONE };
      }),
    })),
  };
});

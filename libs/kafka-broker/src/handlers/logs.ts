import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { deleteRecords, listOffsets, offsetForLeaderEpoch } from '../protocol/messages';
import type { PartitionLog } from '../storage/partition-log';
import type { BrokerContext } from './context';
import { checkEpoch } from './fetch';
import { refusalOf, unknownPartition } from './refusal';
import { route } from './route';

/** Timestamps with a meaning of their own in ListOffsets. */
const latest = -1;
const earliest = -2;
const greatestTimestamp = -3;

function logOf(context: BrokerContext, topic: string, partition: number): PartitionLog {
  const log = context.topics.log(topic, partition);
  if (!log) throw unknownPartition(topic, partition);
  return log;
}

function find(log: PartitionLog, timestamp: number, committedOnly: boolean) {
  const nothing = { offset: -1, timestamp: -1, leaderEpoch: -1 };
  if (timestamp === latest) {
    const offset = committedOnly ? log.lastStableOffset : log.highWatermark;
    return { offset, timestamp: -1, leaderEpoch: 0 };
  }
  if (timestamp === earliest) return { offset: log.logStartOffset, timestamp: -1, leaderEpoch: 0 };
  const found =
    timestamp === greatestTimestamp ? log.offsetOfGreatestTime() : log.offsetAtTime(Math.max(0, timestamp));
  return found ? { offset: found.offset, timestamp: found.timestampMs, leaderEpoch: 0 } : nothing;
}

export const listOffsetsRoute = route(listOffsets, (request, context) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, timestamp, currentLeaderEpoch }) => {
      try {
        const log = logOf(context, name, partitionIndex);
        checkEpoch(currentLeaderEpoch);
        const found = find(log, timestamp, request.isolationLevel === 1);
        return { partitionIndex, errorCode: ErrorCode.NONE, ...found };
      } catch (error) {
        return { partitionIndex, errorCode: refusalOf(context, error).errorCode };
      }
    }),
  })),
}));

export const offsetForLeaderEpochRoute = route(offsetForLeaderEpoch, (request, context) => ({
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, leaderEpoch, currentLeaderEpoch }) => {
      try {
        const log = logOf(context, topic, partition);
        checkEpoch(currentLeaderEpoch);
        // Epoch 0 is the only one there ever was, and goes on to the end of the log.
        const end = leaderEpoch === 0 ? { leaderEpoch, endOffset: log.highWatermark } : { endOffset: -1 };
        return { partition, errorCode: ErrorCode.NONE, ...end };
      } catch (error) {
        return { partition, errorCode: refusalOf(context, error).errorCode, endOffset: -1 };
      }
    }),
  })),
}));

export const deleteRecordsRoute = route(deleteRecords, (request, context) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      try {
        const log = logOf(context, name, partitionIndex);
        if (offset < -1 || offset > log.highWatermark) {
          throw new ProtocolError(ErrorCode.OFFSET_OUT_OF_RANGE, `offset ${offset} is not in the log`);
        }
        context.topics.deleteBefore(name, partitionIndex, log, offset === -1 ? log.highWatermark : offset);
        return { partitionIndex, errorCode: ErrorCode.NONE, lowWatermark: log.logStartOffset };
      } catch (error) {
        return { partitionIndex, errorCode: refusalOf(context, error).errorCode, lowWatermark: -1 };
      }
    }),
  })),
}));

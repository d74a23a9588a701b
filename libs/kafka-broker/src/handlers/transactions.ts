import { ErrorCode } from '../protocol/error-codes';
import {
  addOffsetsToTxn,
  addPartitionsToTxn,
  endTxn,
  initProducerId,
  txnOffsetCommit,
} from '../protocol/messages';
import type { PendingOffset } from '../storage/journal';
import type { ProducerIdentity } from '../transactions/transaction-coordinator';
import { offsetRefusal } from './committed-offsets';
import type { Call } from './context';
import { attempt } from './refusal';
import { route } from './route';

/** Older clients know a fenced producer by the code for a stale epoch only. */
function fenced(errorCode: ErrorCode, call: Call, knownSince: number): ErrorCode {
  if (errorCode === ErrorCode.INVALID_PRODUCER_EPOCH && call.version >= knownSince) {
    return ErrorCode.PRODUCER_FENCED;
  }
  if (errorCode === ErrorCode.PRODUCER_FENCED && call.version < knownSince) {
    return ErrorCode.INVALID_PRODUCER_EPOCH;
  }
  return errorCode;
}

export const initProducerIdRoute = route(initProducerId, (request, context, call) => {
  const { transactionalId, transactionTimeoutMs } = request;
  let identity: ProducerIdentity = { producerId: -1, producerEpoch: -1 };
  const { errorCode } = attempt(context, () => {
    identity = context.transactions.initProducer(transactionalId, transactionTimeoutMs, request);
  });
  return { errorCode: fenced(errorCode, call, 4), ...identity };
});

export const addPartitionsToTxnRoute = route(addPartitionsToTxn, (request, context, call) => {
  const exists = (topic: string, partition: number) => context.topics.log(topic, partition) !== undefined;
  const partitions = request.topics.flatMap(({ name, partitions: indexes }) =>
    indexes.map((index) => [name, index] as const),
  );
  const allExist = partitions.every(([topic, partition]) => exists(topic, partition));
  const outcome = allExist
    ? attempt(context, () => context.transactions.addPartitions(request.transactionalId, request, partitions))
    : undefined;
  const codeFor = (topic: string, partition: number): ErrorCode => {
    if (outcome) return fenced(outcome.errorCode, call, 2);
    return exists(topic, partition)
      ? ErrorCode.OPERATION_NOT_ATTEMPTED
      : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  };
  return {
    results: request.topics.map(({ name, partitions: indexes }) => ({
      name,
      partitions: indexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode: codeFor(name, partitionIndex),
      })),
    })),
  };
});

export const addOffsetsToTxnRoute = route(addOffsetsToTxn, (request, context, call) => {
  const { errorCode } = attempt(context, () =>
    context.transactions.addGroup(request.transactionalId, request, request.groupId),
  );
  return { errorCode: fenced(errorCode, call, 2) };
});

export const endTxnRoute = route(endTxn, (request, context, call) => {
  const { errorCode } = attempt(context, () =>
    context.transactions.endTransaction(request.transactionalId, request, request.committed),
  );
  return { errorCode: fenced(errorCode, call, 2) };
});

export const txnOffsetCommitRoute = route(txnOffsetCommit, (request, context) => {
  const { groupId, memberId, groupInstanceId, generationId, transactionalId } = request;
  const offsets: PendingOffset[] = request.topics.flatMap(({ name, partitions }) =>
    partitions
      .filter((partition) => offsetRefusal(context, name, partition) === ErrorCode.NONE)
      .map(({ partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }) => ({
        group: groupId,
        topic: name,
        partition: partitionIndex,
        offset: committedOffset,
        leaderEpoch: committedLeaderEpoch,
        metadata: committedMetadata,
      })),
  );
  let refusal = context.groups.commitRefusal(groupId, memberId, groupInstanceId, generationId, true);
  if (refusal === ErrorCode.NONE) {
    refusal = attempt(context, () =>
      context.transactions.addOffsets(transactionalId, request, groupId, offsets),
    ).errorCode;
  }
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) => ({
        partitionIndex: partition.partitionIndex,
        errorCode: refusal === ErrorCode.NONE ? offsetRefusal(context, name, partition) : refusal,
      })),
    })),
  };
});

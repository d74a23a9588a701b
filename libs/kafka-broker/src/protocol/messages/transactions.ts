import { defineApi } from '../api';
import { from, struct } from '../schema';
import { array, bool, int16, int32, int64, nullableString, string } from '../types';

export const initProducerId = defineApi({
  name: 'InitProducerId',
  key: 22,
  versions: [0, 4],
  flexibleFrom: 2,
  request: struct({
    transactionalId: nullableString,
    transactionTimeoutMs: int32,
    producerId: from(3, int64, -1),
    producerEpoch: from(3, int16, -1),
  }),
  response: struct({
    throttleTimeMs: from(0, int32, 0),
    errorCode: int16,
    producerId: int64,
    producerEpoch: int16,
  }),
});

export const addPartitionsToTxn = defineApi({
  name: 'AddPartitionsToTxn',
  key: 24,
  versions: [0, 3],
  flexibleFrom: 3,
  request: struct({
    transactionalId: string,
    producerId: int64,
    producerEpoch: int16,
    topics: array(struct({ name: string, partitions: array(int32) })),
  }),
  response: struct({
    throttleTimeMs: from(0, int32, 0),
    results: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, errorCode: int16 })) }),
    ),
  }),
});

export const addOffsetsToTxn = defineApi({
  name: 'AddOffsetsToTxn',
  key: 25,
  versions: [0, 3],
  flexibleFrom: 3,
  request: struct({ transactionalId: string, producerId: int64, producerEpoch: int16, groupId: string }),
  response: struct({ throttleTimeMs: from(0, int32, 0), errorCode: int16 }),
});

export const endTxn = defineApi({
  name: 'EndTxn',
  key: 26,
  versions: [0, 3],
  flexibleFrom: 3,
  request: struct({ transactionalId: string, producerId: int64, producerEpoch: int16, committed: bool }),
  response: struct({ throttleTimeMs: from(0, int32, 0), errorCode: int16 }),
});

export const txnOffsetCommit = defineApi({
  name: 'TxnOffsetCommit',
  key: 28,
  versions: [0, 3],
  flexibleFrom: 3,
  request: struct({
    transactionalId: string,
    groupId: string,
    producerId: int64,
    producerEpoch: int16,
    generationId: from(3, int32, -1),
    memberId: from(3, string, ''),
    groupInstanceId: from(3, nullableString, null),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: int64,
            committedLeaderEpoch: from(2, int32, -1),
            committedMetadata: nullableString,
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: from(0, int32, 0),
    topics: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, errorCode: int16 })) }),
    ),
  }),
});

import { defineApi } from '../api';
import { from, struct } from '../schema';
import { array, int16, int32, int64, int8, string } from '../types';

export const listOffsets = defineApi({
  name: 'ListOffsets',
  key: 2,
  versions: [1, 7],
  flexibleFrom: 6,
  request: struct({
    replicaId: int32,
    isolationLevel: from(2, int8, 0),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({ partitionIndex: int32, currentLeaderEpoch: from(4, int32, -1), timestamp: int64 }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: from(2, int32, 0),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            timestamp: from(1, int64, -1),
            offset: from(1, int64, -1),
            leaderEpoch: from(4, int32, -1),
          }),
        ),
      }),
    ),
  }),
});

export const offsetForLeaderEpoch = defineApi({
  name: 'OffsetForLeaderEpoch',
  key: 23,
  versions: [2, 4],
  flexibleFrom: 4,
  request: struct({
    replicaId: from(3, int32, -2),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({ partition: int32, currentLeaderEpoch: from(2, int32, -1), leaderEpoch: int32 }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: from(2, int32, 0),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({ errorCode: int16, partition: int32, leaderEpoch: from(1, int32, -1), endOffset: int64 }),
        ),
      }),
    ),
  }),
});

export const deleteRecords = defineApi({
  name: 'DeleteRecords',
  key: 21,
  versions: [0, 2],
  flexibleFrom: 2,
  request: struct({
    topics: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, offset: int64 })) }),
    ),
    timeoutMs: int32,
  }),
  response: struct({
    throttleTimeMs: from(0, int32, 0),
    topics: array(
      struct({
        name: string,
        partitions: array(struct({ partitionIndex: int32, lowWatermark: int64, errorCode: int16 })),
      }),
    ),
  }),
});

import { defineApi } from '../api';
import { from, struct, tagged } from '../schema';
import { array, int16, int32, int64, int8, nullableArray, nullableString, records, string } from '../types';

export const fetch = defineApi({
  name: 'Fetch',
  key: 1,
  versions: [4, 12],
  flexibleFrom: 12,
  request: struct({
    clusterId: tagged(0, 12, nullableString, null),
    replicaId: int32,
    maxWaitMs: int32,
    minBytes: int32,
    maxBytes: int32,
    isolationLevel: int8,
    sessionId: from(7, int32, 0),
    sessionEpoch: from(7, int32, -1),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: from(9, int32, -1),
            fetchOffset: int64,
            lastFetchedEpoch: from(12, int32, -1),
            logStartOffset: from(5, int64, -1),
            partitionMaxBytes: int32,
          }),
        ),
      }),
    ),
    forgottenTopics: from(7, array(struct({ topic: string, partitions: array(int32) })), []),
    rackId: from(11, string, ''),
  }),
  response: struct({
    throttleTimeMs: from(1, int32, 0),
    errorCode: from(7, int16, 0),
    sessionId: from(7, int32, 0),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            highWatermark: int64,
            lastStableOffset: from(4, int64, -1),
            logStartOffset: from(5, int64, -1),
            abortedTransactions: from(
              4,
              nullableArray(struct({ producerId: int64, firstOffset: int64 })),
              null,
            ),
            preferredReadReplica: from(11, int32, -1),
            records,
          }),
        ),
      }),
    ),
  }),
});

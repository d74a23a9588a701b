import { defineApi } from '../api';
import { between, from, struct, upTo } from '../schema';
import { array, bool, int16, int32, int64, nullableArray, nullableString, string } from '../types';

export const offsetCommit = defineApi({
  name: 'OffsetCommit',
  key: 8,
  versions: [2, 9],
  flexibleFrom: 8,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: from(7, nullableString, null),
    retentionTimeMs: between(2, 4, int64, -1),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: int64,
            committedLeaderEpoch: from(6, int32, -1),
            committedMetadata: nullableString,
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: from(3, int32, 0),
    topics: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, errorCode: int16 })) }),
    ),
  }),
});

const fetchedTopic = struct({
  name: string,
  partitions: array(
    struct({
      partitionIndex: int32,
      committedOffset: int64,
      committedLeaderEpoch: from(5, int32, -1),
      metadata: nullableString,
      errorCode: int16,
    }),
  ),
});
const wantedTopic = struct({ name: string, partitionIndexes: array(int32) });

export const offsetFetch = defineApi({
  name: 'OffsetFetch',
  key: 9,
  versions: [1, 9],
  flexibleFrom: 6,
  request: struct({
    groupId: upTo(7, string, ''),
    // Null asks for every partition that has a committed offset.
    topics: upTo(7, nullableArray(wantedTopic), null),
    groups: from(
      8,
      array(
        struct({
          groupId: string,
          memberId: from(9, nullableString, null),
          memberEpoch: from(9, int32, -1),
          topics: nullableArray(wantedTopic),
        }),
      ),
      [],
    ),
    requireStable: from(7, bool, false),
  }),
  response: struct({
    throttleTimeMs: from(3, int32, 0),
    topics: upTo(7, array(fetchedTopic), []),
    errorCode: between(2, 7, int16, 0),
    groups: from(8, array(struct({ groupId: string, topics: array(fetchedTopic), errorCode: int16 })), []),
  }),
});

export const offsetDelete = defineApi({
  name: 'OffsetDelete',
  key: 47,
  versions: [0, 0],
  flexibleFrom: Infinity,
  request: struct({
    groupId: string,
    topics: array(struct({ name: string, partitions: array(struct({ partitionIndex: int32 })) })),
  }),
  response: struct({
    errorCode: int16,
    throttleTimeMs: from(0, int32, 0),
    topics: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, errorCode: int16 })) }),
    ),
  }),
});

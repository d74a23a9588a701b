import { defineApi } from '../api';
import { from, struct, upTo } from '../schema';
import {
  array,
  bool,
  int16,
  int32,
  int8,
  noUuid,
  nullableArray,
  nullableString,
  string,
  uuid,
} from '../types';

export const createTopics = defineApi({
  name: 'CreateTopics',
  key: 19,
  versions: [0, 7],
  flexibleFrom: 5,
  request: struct({
    topics: array(
      struct({
        name: string,
        numPartitions: int32,
        replicationFactor: int16,
        assignments: array(struct({ partitionIndex: int32, brokerIds: array(int32) })),
        configs: array(struct({ name: string, value: nullableString })),
      }),
    ),
    timeoutMs: int32,
    validateOnly: from(1, bool, false),
  }),
  response: struct({
    throttleTimeMs: from(2, int32, 0),
    topics: array(
      struct({
        name: string,
        topicId: from(7, uuid, noUuid),
        errorCode: int16,
        errorMessage: from(1, nullableString, null),
        numPartitions: from(5, int32, -1),
        replicationFactor: from(5, int16, -1),
        configs: from(
          5,
          nullableArray(
            struct({
              name: string,
              value: nullableString,
              readOnly: bool,
              configSource: int8,
              isSensitive: bool,
            }),
          ),
          null,
        ),
      }),
    ),
  }),
});

export const deleteTopics = defineApi({
  name: 'DeleteTopics',
  key: 20,
  versions: [0, 6],
  flexibleFrom: 4,
  request: struct({
    topics: from(6, array(struct({ name: nullableString, topicId: uuid })), []),
    topicNames: upTo(5, array(string), []),
    timeoutMs: int32,
  }),
  response: struct({
    throttleTimeMs: from(1, int32, 0),
    responses: array(
      struct({
        name: nullableString,
        topicId: from(6, uuid, noUuid),
        errorCode: int16,
        errorMessage: from(5, nullableString, null),
      }),
    ),
  }),
});

export const createPartitions = defineApi({
  name: 'CreatePartitions',
  key: 37,
  versions: [0, 3],
  flexibleFrom: 2,
  request: struct({
    topics: array(
      struct({
        name: string,
        count: int32,
        assignments: nullableArray(struct({ brokerIds: array(int32) })),
      }),
    ),
    timeoutMs: int32,
    validateOnly: bool,
  }),
  response: struct({
    throttleTimeMs: from(0, int32, 0),
    results: array(struct({ name: string, errorCode: int16, errorMessage: from(0, nullableString, null) })),
  }),
});

import { defineApi } from '../api';
import { between, from, struct } from '../schema';
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

/** "Not asked": the value of an authorized-operations field. */
const operationsUnknown = -2_147_483_648;

export const metadata = defineApi({
  name: 'Metadata',
  key: 3,
  versions: [0, 12],
  flexibleFrom: 9,
  request: struct({
    // Null, and in version 0 an empty list, ask for every topic.
    topics: nullableArray(struct({ topicId: from(10, uuid, noUuid), name: nullableString })),
    allowAutoTopicCreation: from(4, bool, true),
    includeClusterAuthorizedOperations: between(8, 10, bool, false),
    includeTopicAuthorizedOperations: from(8, bool, false),
  }),
  response: struct({
    throttleTimeMs: from(3, int32, 0),
    brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: from(1, nullableString, null) })),
    clusterId: from(2, nullableString, null),
    controllerId: from(1, int32, -1),
    topics: array(
      struct({
        errorCode: int16,
        name: nullableString,
        topicId: from(10, uuid, noUuid),
        isInternal: from(1, bool, false),
        partitions: array(
          struct({
            errorCode: from(0, int16, 0),
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: from(7, int32, -1),
            replicaNodes: array(int32),
            isrNodes: array(int32),
            offlineReplicas: from(5, array(int32), []),
          }),
        ),
        topicAuthorizedOperations: from(8, int32, operationsUnknown),
      }),
    ),
    clusterAuthorizedOperations: between(8, 10, int32, operationsUnknown),
  }),
});

export const describeCluster = defineApi({
  name: 'DescribeCluster',
  key: 60,
  versions: [0, 1],
  flexibleFrom: 0,
  request: struct({ includeClusterAuthorizedOperations: bool, endpointType: from(1, int8, 1) }),
  response: struct({
    throttleTimeMs: from(0, int32, 0),
    errorCode: from(0, int16, 0),
    errorMessage: from(0, nullableString, null),
    endpointType: from(1, int8, 1),
    clusterId: string,
    controllerId: int32,
    brokers: array(
      struct({ brokerId: int32, host: string, port: int32, rack: from(0, nullableString, null) }),
    ),
    clusterAuthorizedOperations: from(0, int32, operationsUnknown),
  }),
});

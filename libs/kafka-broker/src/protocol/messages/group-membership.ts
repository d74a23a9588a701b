import { defineApi } from '../api';
import { between, from, struct, upTo } from '../schema';
import { array, bool, bytes, int16, int32, int8, nullableString, string } from '../types';

export const findCoordinator = defineApi({
  name: 'FindCoordinator',
  key: 10,
  versions: [0, 4],
  flexibleFrom: 3,
  request: struct({
    key: upTo(3, string, ''),
    keyType: from(1, int8, 0),
    coordinatorKeys: from(4, array(string), []),
  }),
  response: struct({
    throttleTimeMs: from(1, int32, 0),
    errorCode: upTo(3, int16, 0),
    errorMessage: between(1, 3, nullableString, null),
    nodeId: upTo(3, int32, -1),
    host: upTo(3, string, ''),
    port: upTo(3, int32, -1),
    coordinators: from(
      4,
      array(
        struct({
          key: string,
          nodeId: int32,
          host: string,
          port: int32,
          errorCode: int16,
          errorMessage: nullableString,
        }),
      ),
      [],
    ),
  }),
});

export const joinGroup = defineApi({
  name: 'JoinGroup',
  key: 11,
  versions: [0, 9],
  flexibleFrom: 6,
  request: struct({
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: from(1, int32, -1),
    memberId: string,
    groupInstanceId: from(5, nullableString, null),
    protocolType: string,
    protocols: array(struct({ name: string, metadata: bytes })),
    reason: from(8, nullableString, null),
  }),
  response: struct({
    throttleTimeMs: from(2, int32, 0),
    errorCode: int16,
    generationId: int32,
    protocolType: from(7, nullableString, null),
    protocolName: nullableString,
    leader: string,
    skipAssignment: from(9, bool, false),
    memberId: string,
    members: array(
      struct({ memberId: string, groupInstanceId: from(5, nullableString, null), metadata: bytes }),
    ),
  }),
});

export const syncGroup = defineApi({
  name: 'SyncGroup',
  key: 14,
  versions: [0, 5],
  flexibleFrom: 4,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: from(3, nullableString, null),
    protocolType: from(5, nullableString, null),
    protocolName: from(5, nullableString, null),
    assignments: array(struct({ memberId: string, assignment: bytes })),
  }),
  response: struct({
    throttleTimeMs: from(1, int32, 0),
    errorCode: int16,
    protocolType: from(5, nullableString, null),
    protocolName: from(5, nullableString, null),
    assignment: bytes,
  }),
});

export const heartbeat = defineApi({
  name: 'Heartbeat',
  key: 12,
  versions: [0, 4],
  flexibleFrom: 4,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: from(3, nullableString, null),
  }),
  response: struct({ throttleTimeMs: from(1, int32, 0), errorCode: int16 }),
});

export const leaveGroup = defineApi({
  name: 'LeaveGroup',
  key: 13,
  versions: [0, 5],
  flexibleFrom: 4,
  request: struct({
    groupId: string,
    memberId: upTo(2, string, ''),
    members: from(
      3,
      array(
        struct({
          memberId: string,
          groupInstanceId: from(3, nullableString, null),
          reason: from(5, nullableString, null),
        }),
      ),
      [],
    ),
  }),
  response: struct({
    throttleTimeMs: from(1, int32, 0),
    errorCode: int16,
    members: from(
      3,
      array(struct({ memberId: string, groupInstanceId: nullableString, errorCode: int16 })),
      [],
    ),
  }),
});

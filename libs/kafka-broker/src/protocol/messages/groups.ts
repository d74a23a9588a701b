import { defineApi } from '../api';
import { from, struct } from '../schema';
import { array, bool, bytes, int16, int32, nullableString, string } from '../types';

export const describeGroups = defineApi({
  name: 'DescribeGroups',
  key: 15,
  versions: [0, 6],
  flexibleFrom: 5,
  request: struct({ groups: array(string), includeAuthorizedOperations: from(3, bool, false) }),
  response: struct({
    throttleTimeMs: from(1, int32, 0),
    groups: array(
      struct({
        errorCode: int16,
        errorMessage: from(6, nullableString, null),
        groupId: string,
        groupState: string,
        protocolType: string,
        protocolData: string,
        members: array(
          struct({
            memberId: string,
            groupInstanceId: from(4, nullableString, null),
            clientId: string,
            clientHost: string,
            memberMetadata: bytes,
            memberAssignment: bytes,
          }),
        ),
        authorizedOperations: from(3, int32, -2_147_483_648),
      }),
    ),
  }),
});

export const listGroups = defineApi({
  name: 'ListGroups',
  key: 16,
  versions: [0, 5],
  flexibleFrom: 3,
  request: struct({ statesFilter: from(4, array(string), []), typesFilter: from(5, array(string), []) }),
  response: struct({
    throttleTimeMs: from(1, int32, 0),
    errorCode: int16,
    groups: array(
      struct({
        groupId: string,
        protocolType: string,
        groupState: from(4, string, ''),
        groupType: from(5, string, ''),
      }),
    ),
  }),
});

export const deleteGroups = defineApi({
  name: 'DeleteGroups',
  key: 42,
  versions: [0, 2],
  flexibleFrom: 2,
  request: struct({ groupNames: array(string) }),
  response: struct({
    throttleTimeMs: from(0, int32, 0),
    results: array(struct({ groupId: string, errorCode: int16 })),
  }),
});

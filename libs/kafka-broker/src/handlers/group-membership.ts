import { ErrorCode } from '../protocol/error-codes';
import { findCoordinator, heartbeat, joinGroup, leaveGroup, syncGroup } from '../protocol/messages';
import { advertisedAddress } from './cluster';
import { route } from './route';

const coordinatorKinds = { group: 0, transaction: 1 } as const;

export const findCoordinatorRoute = route(findCoordinator, (request, context, call) => {
  const known =
    request.keyType === coordinatorKinds.group || request.keyType === coordinatorKinds.transaction;
  const errorCode = known ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST;
  const errorMessage = known ? null : `coordinator type ${request.keyType}, served are 0 and 1`;
  const self = { nodeId: context.nodeId, ...advertisedAddress(context, call), errorCode, errorMessage };
  if (call.version < 4) return self;
  return { coordinators: request.coordinatorKeys.map((key) => ({ key, ...self })) };
});

export const joinGroupRoute = route(joinGroup, async (request, context, call) => {
  const { groupId, sessionTimeoutMs, rebalanceTimeoutMs } = request;
  const result = await context.groups.join(groupId, {
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: call.clientId,
    clientHost: call.clientHost,
    sessionTimeoutMs,
    // Version 0 has no such field: the session timeout serves for both.
    rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
    protocolType: request.protocolType,
    // The request's buffer is the socket's: what is kept longer is copied.
    protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
    knowsMemberIds: call.version >= 4,
    knowsSkipAssignment: call.version >= 9,
  });
  const protocolName = call.version >= 7 ? result.protocolName : (result.protocolName ?? '');
  return { ...result, protocolName };
});

export const syncGroupRoute = route(syncGroup, (request, context) =>
  context.groups.sync(request.groupId, {
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    generationId: request.generationId,
    protocolType: request.protocolType,
    protocolName: request.protocolName,
    assignments: request.assignments.map(({ memberId, assignment }) => ({
      memberId,
      assignment: Buffer.from(assignment),
    })),
  }),
);

export const heartbeatRoute = route(heartbeat, (request, context) => {
  const { groupId, memberId, groupInstanceId, generationId } = request;
  return { errorCode: context.groups.heartbeat(groupId, memberId, groupInstanceId, generationId) };
});

export const leaveGroupRoute = route(leaveGroup, (request, context, call) => {
  const { groupId } = request;
  if (call.version < 3) return { errorCode: context.groups.leave(groupId, request.memberId, null) };
  const members = request.members.map(({ memberId, groupInstanceId }) => ({
    memberId,
    groupInstanceId,
    errorCode: context.groups.leave(groupId, memberId, groupInstanceId),
  }));
  return { errorCode: ErrorCode.NONE, members };
});

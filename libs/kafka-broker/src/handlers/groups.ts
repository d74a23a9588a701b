import { metadataFor } from '../groups/member';
import { ErrorCode } from '../protocol/error-codes';
import { deleteGroups, describeGroups, listGroups } from '../protocol/messages';
import type { BrokerContext } from './context';
import { route } from './route';

export const describeGroupsRoute = route(describeGroups, (request, context, call) => ({
  groups: request.groups.map((groupId) => {
    const group = context.groups.get(groupId);
    if (!group) return withoutMembers(context, groupId, call.version);
    const settled = group.state === 'Stable';
    return {
      errorCode: ErrorCode.NONE,
      groupId,
      groupState: group.state,
      protocolType: group.protocolType ?? '',
      // As in Kafka: while members join and assign, there is no protocol to tell yet.
      protocolData: settled ? (group.protocolName ?? '') : '',
      members: group.members.all.map((member) => ({
        memberId: member.id,
        groupInstanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        memberMetadata: settled ? metadataFor(member, group.protocolName) : Buffer.alloc(0),
        memberAssignment: member.assignment,
      })),
    };
  }),
}));

/** A group known by its committed offsets only is empty; one that is not known at all is dead, an error from version 6 on. */
function withoutMembers(context: BrokerContext, groupId: string, version: number) {
  const known = context.groups.offsets.has(groupId);
  const missing = !known && version >= 6;
  return {
    errorCode: missing ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.NONE,
    errorMessage: missing ? `group ${groupId} not found` : null,
    groupId,
    groupState: known ? 'Empty' : 'Dead',
    protocolType: '',
    protocolData: '',
    members: [],
  };
}

export const listGroupsRoute = route(listGroups, ({ statesFilter, typesFilter }, context) => {
  const states = new Set(statesFilter.map((state) => state.toLowerCase()));
  const types = new Set(typesFilter.map((type) => type.toLowerCase()));
  const groups = context.groups.ids.map((groupId) => {
    const group = context.groups.get(groupId);
    const groupState = group?.state ?? 'Empty';
    return { groupId, protocolType: group?.protocolType ?? '', groupState, groupType: 'classic' };
  });
  return {
    errorCode: ErrorCode.NONE,
    groups: groups.filter(
      ({ groupState, groupType }) =>
        (states.size === 0 || states.has(groupState.toLowerCase())) &&
        (types.size === 0 || types.has(groupType)),
    ),
  };
});

export const deleteGroupsRoute = route(deleteGroups, ({ groupNames }, context) => ({
  results: groupNames.map((groupId) => ({ groupId, errorCode: context.groups.delete(groupId) })),
}));

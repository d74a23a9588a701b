import { AssignerProtocol } from 'kafkajs';
import { ErrorCode, messages, type WireClient } from '@scalelab/kafka-broker/testing';
import type { ContractContext } from './contract-context';

export interface JoinedMember {
  readonly wire: WireClient;
  readonly memberId: string;
  readonly generationId: number;
  close(): void;
}

/** Joins a group by hand, with every partition for itself, and then says nothing more. Session timeout: one second. */
export async function silentMember(
  context: ContractContext,
  groupId: string,
  topic: string,
): Promise<JoinedMember> {
  const wire = await context.wire();
  const metadata = AssignerProtocol.MemberMetadata.encode({
    version: 0,
    topics: [topic],
    userData: Buffer.alloc(0),
  });
  const join = (memberId: string) =>
    wire.call(messages.joinGroup, 5, {
      groupId,
      sessionTimeoutMs: 1_000,
      rebalanceTimeoutMs: 5_000,
      memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'RoundRobinAssigner', metadata }],
    });
  let joined = await join('');
  if (joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED) joined = await join(joined.memberId);
  if (joined.errorCode !== ErrorCode.NONE) throw new Error(`the join was answered with ${joined.errorCode}`);
  const { memberId, generationId } = joined;
  const assignment = AssignerProtocol.MemberAssignment.encode({
    version: 0,
    assignment: { [topic]: [0] },
    userData: Buffer.alloc(0),
  });
  const synced = await wire.call(messages.syncGroup, 3, {
    groupId,
    generationId,
    memberId,
    assignments: [{ memberId, assignment }],
  });
  if (synced.errorCode !== ErrorCode.NONE) throw new Error(`the sync was answered with ${synced.errorCode}`);
  return { wire, memberId, generationId, close: () => wire.close() };
}

import { randomUUID } from 'node:crypto';
import { ErrorCode } from '../protocol/error-codes';
import {
  type JoinRequest,
  type JoinResult,
  type Member,
  metadataFor,
  newMember,
  noAssignment,
  sameProtocols,
  type SyncRequest,
  type SyncResult,
} from './member';
import { Membership } from './membership';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

type Reply<T> = (result: T) => void;

/**
 * One consumer group under the classic protocol, as a state machine without a clock of its own: every call takes the time,
 * `nextDueAt()` tells when `tick` has something to do.
 *
 * Empty -> PreparingRebalance (members join) -> CompletingRebalance (the leader assigns) -> Stable -> ...
 */
export class Group {
  state: GroupState = 'Empty';
  generation = 0;
  protocolType: string | null = null;
  protocolName: string | null = null;
  readonly members = new Membership();
  private readonly notSynced = new Set<string>();
  private syncDeadlineMs = Infinity;
  private joinDeadlineMs = Infinity;
  /** The first rebalance of an empty group waits its whole delay for further members. */
  private initialSinceMs: number | undefined;

  constructor(
    readonly id: string,
    private readonly initialDelayMs: number,
  ) {}

  join(request: JoinRequest, nowMs: number, reply: Reply<JoinResult>): void {
    const refuse = (code: ErrorCode, memberId = request.memberId) => reply(refusedJoin(code, memberId));
    if (this.state === 'Dead') return refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    if (!this.accepts(request)) return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    if (request.memberId === '') return this.joinNew(request, nowMs, reply);

    const fenced = this.fencing(request.memberId, request.groupInstanceId);
    if (fenced !== ErrorCode.NONE) return refuse(fenced);
    if (this.members.pending.delete(request.memberId)) {
      return this.admit(request.memberId, request, nowMs, reply);
    }
    const member = this.members.get(request.memberId);
    if (!member || this.state === 'Empty') return refuse(ErrorCode.UNKNOWN_MEMBER_ID);

    const unchanged = sameProtocols(member.protocols, request.protocols);
    const isLeader = member.id === this.members.leader;
    const needsRebalance =
      this.state === 'PreparingRebalance' || !unchanged || (this.state === 'Stable' && isLeader);
    if (!needsRebalance) {
      this.beat(member, nowMs);
      return reply(this.joined(member));
    }
    this.park(member, request, reply);
    if (this.state !== 'PreparingRebalance') this.prepareRebalance(nowMs);
    else this.tryCompleteJoin(nowMs);
  }

  sync(request: SyncRequest, nowMs: number, reply: Reply<SyncResult>): void {
    const refuse = (code: ErrorCode) => reply(refusedSync(code));
    const { memberId, groupInstanceId, generationId, protocolType, protocolName } = request;
    const refusal = this.refusal(memberId, groupInstanceId, generationId);
    if (refusal !== ErrorCode.NONE) return refuse(refusal);
    const member = this.members.get(memberId)!;
    const typeDiffers = protocolType !== null && protocolType !== this.protocolType;
    const nameDiffers = protocolName !== null && protocolName !== this.protocolName;
    if (typeDiffers || nameDiffers) return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    if (this.state === 'PreparingRebalance') return refuse(ErrorCode.REBALANCE_IN_PROGRESS);

    this.notSynced.delete(memberId);
    if (this.state === 'Stable') {
      this.beat(member, nowMs);
      return reply(this.synced(member));
    }
    member.sync?.(refusedSync(ErrorCode.UNKNOWN_MEMBER_ID));
    member.sync = reply;
    if (member.id === this.members.leader) this.assign(request.assignments, nowMs);
  }

  heartbeat(memberId: string, instanceId: string | null, generationId: number, nowMs: number): ErrorCode {
    const refusal = this.refusal(memberId, instanceId, generationId);
    if (refusal !== ErrorCode.NONE) return refusal;
    this.beat(this.members.get(memberId)!, nowMs);
    return this.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
  }

  leave(memberId: string, instanceId: string | null, nowMs: number): ErrorCode {
    if (this.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    if (this.members.pending.delete(memberId)) {
      this.tryCompleteJoin(nowMs);
      return ErrorCode.NONE;
    }
    // A static member may be removed by its instance id alone, as an operator does.
    const id = memberId === '' && instanceId !== null ? this.members.idOfInstance(instanceId) : memberId;
    const fenced = this.fencing(id ?? '', instanceId);
    if (fenced !== ErrorCode.NONE) return fenced;
    const member = this.members.get(id ?? '');
    if (!member) return ErrorCode.UNKNOWN_MEMBER_ID;
    this.remove(member, nowMs);
    return ErrorCode.NONE;
  }

  /** Whether a commit of offsets is allowed now; a commit counts as a heartbeat. */
  commitRefusal(
    memberId: string,
    instanceId: string | null,
    generationId: number,
    transactional: boolean,
    nowMs: number,
  ): ErrorCode {
    const anonymous = generationId < 0 && memberId === '' && instanceId === null;
    if (generationId < 0 && this.state === 'Empty') return ErrorCode.NONE;
    if (anonymous) return transactional ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    const refusal = this.refusal(memberId, instanceId, generationId);
    if (refusal !== ErrorCode.NONE) return refusal;
    if (this.state === 'CompletingRebalance' && !transactional) return ErrorCode.REBALANCE_IN_PROGRESS;
    this.beat(this.members.get(memberId)!, nowMs);
    return ErrorCode.NONE;
  }

  /** The earliest time at which `tick` may change something; Infinity for never. */
  nextDueAt(): number {
    let due = this.state === 'PreparingRebalance' ? this.joinDeadlineMs : Infinity;
    if (this.notSynced.size > 0) due = Math.min(due, this.syncDeadlineMs);
    for (const member of this.members.all) if (!isParked(member)) due = Math.min(due, member.expiresAtMs);
    for (const expiresAtMs of this.members.pending.values()) due = Math.min(due, expiresAtMs);
    return due;
  }

  /** Ends sessions, given-out ids and rebalances whose time is over. */
  tick(nowMs: number): void {
    for (const [id, expiresAtMs] of this.members.pending) {
      if (expiresAtMs <= nowMs) this.members.pending.delete(id);
    }
    for (const member of this.members.all) {
      if (!isParked(member) && member.expiresAtMs <= nowMs) this.remove(member, nowMs);
    }
    if (this.notSynced.size > 0 && this.syncDeadlineMs <= nowMs) {
      for (const id of [...this.notSynced]) {
        const member = this.members.get(id);
        if (member) this.remove(member, nowMs);
      }
    }
    if (this.state === 'PreparingRebalance' && this.joinDeadlineMs <= nowMs) this.completeJoin(nowMs);
    else this.tryCompleteJoin(nowMs);
  }

  /** Ends the group: whoever waits is told to look for its coordinator again. */
  die(): void {
    this.state = 'Dead';
    for (const member of this.members.all) {
      member.join?.(refusedJoin(ErrorCode.COORDINATOR_NOT_AVAILABLE, member.id));
      member.sync?.(refusedSync(ErrorCode.COORDINATOR_NOT_AVAILABLE));
      this.members.remove(member);
    }
  }

  private accepts({ protocolType, protocols, memberId }: JoinRequest): boolean {
    if (protocolType === '' || protocols.length === 0) return false;
    if (this.members.size === 0) return true;
    return protocolType === this.protocolType && this.members.supports(protocols, memberId);
  }

  private joinNew(request: JoinRequest, nowMs: number, reply: Reply<JoinResult>): void {
    const id = `${request.groupInstanceId ?? request.clientId}-${randomUUID()}`;
    const known =
      request.groupInstanceId === null ? undefined : this.members.idOfInstance(request.groupInstanceId);
    const member = known === undefined ? undefined : this.members.get(known);
    if (member) return this.replaceStatic(member, id, request, nowMs, reply);
    if (request.groupInstanceId === null && request.knowsMemberIds) {
      this.members.pending.set(id, nowMs + request.sessionTimeoutMs);
      return reply(refusedJoin(ErrorCode.MEMBER_ID_REQUIRED, id));
    }
    this.admit(id, request, nowMs, reply);
  }

  private admit(id: string, request: JoinRequest, nowMs: number, reply: Reply<JoinResult>): void {
    const member = newMember(id, request);
    if (this.members.size === 0) this.protocolType = request.protocolType;
    this.members.add(member);
    this.park(member, request, reply);
    if (this.state !== 'PreparingRebalance') return this.prepareRebalance(nowMs);
    if (this.initialSinceMs !== undefined) {
      const latest = this.initialSinceMs + this.members.longestRebalanceMs;
      this.joinDeadlineMs = Math.min(nowMs + this.initialDelayMs, latest);
    }
    this.tryCompleteJoin(nowMs);
  }

  /** A static member came back after a restart: the old one is fenced, and nothing is reassigned when nothing changed. */
  private replaceStatic(
    member: Member,
    id: string,
    request: JoinRequest,
    nowMs: number,
    reply: Reply<JoinResult>,
  ): void {
    const leaderBefore = this.members.leader;
    member.join?.(refusedJoin(ErrorCode.FENCED_INSTANCE_ID, member.id));
    member.sync?.(refusedSync(ErrorCode.FENCED_INSTANCE_ID));
    member.join = undefined;
    member.sync = undefined;
    this.members.rename(member, id);
    const unchanged = sameProtocols(member.protocols, request.protocols);
    if (this.state !== 'Stable' || !unchanged) {
      this.park(member, request, reply);
      if (this.state === 'PreparingRebalance') this.tryCompleteJoin(nowMs);
      else this.prepareRebalance(nowMs);
      return;
    }
    this.beat(member, nowMs);
    const result = this.joined(member);
    // A client that cannot skip the assignment is told of its former id as leader, so that it assigns nothing.
    if (request.knowsSkipAssignment) reply({ ...result, skipAssignment: member.id === result.leader });
    else reply({ ...result, leader: leaderBefore ?? result.leader, members: [] });
  }

  private park(member: Member, request: JoinRequest, reply: Reply<JoinResult>): void {
    member.join?.(refusedJoin(ErrorCode.UNKNOWN_MEMBER_ID, member.id));
    member.join = reply;
    member.protocols = request.protocols;
    member.clientId = request.clientId;
    member.clientHost = request.clientHost;
    member.sessionTimeoutMs = request.sessionTimeoutMs;
    member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
  }

  private prepareRebalance(nowMs: number): void {
    for (const member of this.members.all) {
      member.assignment = this.state === 'CompletingRebalance' ? noAssignment : member.assignment;
      this.answerSync(member, refusedSync(ErrorCode.REBALANCE_IN_PROGRESS), nowMs);
    }
    this.notSynced.clear();
    this.initialSinceMs = this.state === 'Empty' ? nowMs : undefined;
    const waitMs = this.state === 'Empty' ? this.initialDelayMs : this.members.longestRebalanceMs;
    this.joinDeadlineMs = nowMs + waitMs;
    this.state = 'PreparingRebalance';
    this.tryCompleteJoin(nowMs);
  }

  private tryCompleteJoin(nowMs: number): void {
    if (this.state !== 'PreparingRebalance') return;
    const complete =
      this.initialSinceMs === undefined ? this.members.allJoined : nowMs >= this.joinDeadlineMs;
    if (complete) this.completeJoin(nowMs);
  }

  private completeJoin(nowMs: number): void {
    for (const member of this.members.all) {
      if (member.join === undefined && member.instanceId === null) this.members.remove(member);
    }
    const joined = this.members.all.filter((member) => member.join !== undefined);
    if (joined.length === 0 && this.members.size > 0) {
      // Only static members that are away: they keep their place until their sessions end.
      this.joinDeadlineMs = nowMs + Math.max(1_000, this.members.longestRebalanceMs);
      return;
    }
    this.generation += 1;
    this.initialSinceMs = undefined;
    this.joinDeadlineMs = Infinity;
    if (this.members.size === 0) {
      this.state = 'Empty';
      this.protocolName = null;
      return;
    }
    this.members.electAmong(joined);
    this.protocolName = this.members.vote();
    this.state = 'CompletingRebalance';
    this.syncDeadlineMs = nowMs + this.members.longestRebalanceMs;
    for (const member of joined) this.notSynced.add(member.id);
    for (const member of joined) {
      const reply = member.join;
      member.join = undefined;
      this.beat(member, nowMs);
      reply?.(this.joined(member));
    }
  }

  private assign(assignments: SyncRequest['assignments'], nowMs: number): void {
    const byMember = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]));
    for (const member of this.members.all) member.assignment = byMember.get(member.id) ?? noAssignment;
    this.state = 'Stable';
    for (const member of this.members.all) this.answerSync(member, this.synced(member), nowMs);
  }

  private answerSync(member: Member, result: SyncResult, nowMs: number): void {
    const reply = member.sync;
    if (!reply) return;
    member.sync = undefined;
    this.beat(member, nowMs);
    reply(result);
  }

  private remove(member: Member, nowMs: number): void {
    this.members.remove(member);
    this.notSynced.delete(member.id);
    member.join?.(refusedJoin(ErrorCode.UNKNOWN_MEMBER_ID, member.id));
    member.sync?.(refusedSync(ErrorCode.UNKNOWN_MEMBER_ID));
    if (this.state === 'Stable' || this.state === 'CompletingRebalance') this.prepareRebalance(nowMs);
    else this.tryCompleteJoin(nowMs);
  }

  private refusal(memberId: string, instanceId: string | null, generationId: number): ErrorCode {
    if (this.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    const fenced = this.fencing(memberId, instanceId);
    if (fenced !== ErrorCode.NONE) return fenced;
    if (!this.members.get(memberId)) return ErrorCode.UNKNOWN_MEMBER_ID;
    return generationId === this.generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
  }

  private fencing(memberId: string, instanceId: string | null): ErrorCode {
    if (instanceId === null) return ErrorCode.NONE;
    const holder = this.members.idOfInstance(instanceId);
    if (holder === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    return holder === memberId ? ErrorCode.NONE : ErrorCode.FENCED_INSTANCE_ID;
  }

  private beat(member: Member, nowMs: number): void {
    member.expiresAtMs = nowMs + member.sessionTimeoutMs;
  }

  private joined(member: Member): JoinResult {
    const leader = this.members.leader ?? '';
    return {
      errorCode: ErrorCode.NONE,
      generationId: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leader,
      skipAssignment: false,
      memberId: member.id,
      members:
        member.id === leader
          ? this.members.all.map((other) => ({
              memberId: other.id,
              groupInstanceId: other.instanceId,
              metadata: metadataFor(other, this.protocolName),
            }))
          : [],
    };
  }

  private synced({ assignment }: Member): SyncResult {
    const { protocolType, protocolName } = this;
    return { errorCode: ErrorCode.NONE, protocolType, protocolName, assignment };
  }
}

function isParked(member: Member): boolean {
  return member.join !== undefined || member.sync !== undefined;
}

export function refusedJoin(errorCode: ErrorCode, memberId: string): JoinResult {
  const nothing = { protocolType: null, protocolName: null, leader: '', skipAssignment: false, members: [] };
  return { errorCode, generationId: -1, memberId, ...nothing };
}

export function refusedSync(errorCode: ErrorCode): SyncResult {
  return { errorCode, protocolType: null, protocolName: null, assignment: noAssignment };
}

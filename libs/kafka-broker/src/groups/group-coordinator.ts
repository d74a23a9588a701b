import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { ErrorCode } from '../protocol/error-codes';
import { Group, refusedJoin, refusedSync } from './group';
import type { JoinRequest, JoinResult, SyncRequest, SyncResult } from './member';
import type { OffsetStore } from './offset-store';

export interface GroupCoordinatorOptions {
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly initialRebalanceDelayMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Wake {
  readonly atMs: number;
  readonly cancel: () => void;
}

/** The groups of the broker, and the one timer that each has. */
export class GroupCoordinator {
  private readonly groups = new Map<string, Group>();
  private readonly wakes = new Map<Group, Wake>();

  constructor(
    readonly offsets: OffsetStore,
    private readonly options: GroupCoordinatorOptions,
  ) {}

  get all(): Group[] {
    return [...this.groups.values()];
  }

  /** Ids of groups with members or with committed offsets. */
  get ids(): string[] {
    return [...new Set([...this.groups.keys(), ...this.offsets.groupIds])];
  }

  get(groupId: string): Group | undefined {
    return this.groups.get(groupId);
  }

  join(groupId: string, request: JoinRequest): Promise<JoinResult> {
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.options;
    const { memberId, sessionTimeoutMs } = request;
    const refuse = (code: ErrorCode) => Promise.resolve(refusedJoin(code, memberId));
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID);
    if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
      return refuse(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    const group = this.groups.get(groupId) ?? (memberId === '' ? this.create(groupId) : undefined);
    if (!group) return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
    return new Promise((resolve) => this.run(group, (nowMs) => group.join(request, nowMs, resolve)));
  }

  sync(groupId: string, request: SyncRequest): Promise<SyncResult> {
    const group = this.groups.get(groupId);
    if (!group) return Promise.resolve(refusedSync(ErrorCode.UNKNOWN_MEMBER_ID));
    return new Promise((resolve) => this.run(group, (nowMs) => group.sync(request, nowMs, resolve)));
  }

  heartbeat(groupId: string, memberId: string, instanceId: string | null, generationId: number): ErrorCode {
    const group = this.groups.get(groupId);
    if (!group) return ErrorCode.UNKNOWN_MEMBER_ID;
    return this.run(group, (nowMs) => group.heartbeat(memberId, instanceId, generationId, nowMs));
  }

  leave(groupId: string, memberId: string, instanceId: string | null): ErrorCode {
    const group = this.groups.get(groupId);
    if (!group) return ErrorCode.UNKNOWN_MEMBER_ID;
    return this.run(group, (nowMs) => group.leave(memberId, instanceId, nowMs));
  }

  /** NONE when the member may commit offsets of this generation; a group that nobody joined takes commits without one. */
  commitRefusal(
    groupId: string,
    memberId: string,
    instanceId: string | null,
    generationId: number,
    transactional = false,
  ): ErrorCode {
    if (groupId === '') return ErrorCode.INVALID_GROUP_ID;
    const group = this.groups.get(groupId);
    if (!group) return generationId < 0 ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    return this.run(group, (nowMs) =>
      group.commitRefusal(memberId, instanceId, generationId, transactional, nowMs),
    );
  }

  delete(groupId: string): ErrorCode {
    const group = this.groups.get(groupId);
    if (!group && !this.offsets.has(groupId)) return ErrorCode.GROUP_ID_NOT_FOUND;
    if (group && group.state !== 'Empty') return ErrorCode.NON_EMPTY_GROUP;
    if (group) this.forget(group);
    this.offsets.deleteGroup(groupId);
    return ErrorCode.NONE;
  }

  close(): void {
    for (const group of this.all) this.forget(group);
  }

  private create(groupId: string): Group {
    const group = new Group(groupId, this.options.initialRebalanceDelayMs);
    this.groups.set(groupId, group);
    return group;
  }

  private forget(group: Group): void {
    group.die();
    this.groups.delete(group.id);
    this.wakes.get(group)?.cancel();
    this.wakes.delete(group);
  }

  private run<T>(group: Group, step: (nowMs: number) => T): T {
    const before = `${group.state} ${group.generation}`;
    const result = step(this.options.clock.now());
    if (`${group.state} ${group.generation}` !== before) {
      const { id, state, generation, members } = group;
      this.options.logger.debug({ group: id, state, generation, members: members.size }, 'group changed');
    }
    this.arm(group);
    return result;
  }

  /** A wake-up that is earlier than needed stays: heartbeats move deadlines on far too often to move the timer with them. */
  private arm(group: Group): void {
    if (group.state === 'Dead') return;
    const dueAtMs = group.nextDueAt();
    const armed = this.wakes.get(group);
    if (dueAtMs === Infinity || (armed && armed.atMs <= dueAtMs)) return;
    armed?.cancel();
    const cancel = this.options.clock.wakeAt(dueAtMs, () => {
      this.wakes.delete(group);
      this.run(group, (nowMs) => group.tick(nowMs));
    });
    this.wakes.set(group, { atMs: dueAtMs, cancel });
  }
}

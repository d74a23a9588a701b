import { ErrorCode } from '../protocol/error-codes';
import { Group } from './group';
import type { JoinRequest, JoinResult, SyncResult } from './member';

const request = (clientId: string, more: Partial<JoinRequest> = {}): JoinRequest => ({
  memberId: '',
  groupInstanceId: null,
  clientId,
  clientHost: '/127.0.0.1',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 30_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.from(clientId) }],
  knowsMemberIds: false,
  knowsSkipAssignment: false,
  ...more,
});

/** A group and what its members were answered, by client id; time is given with every call. */
class Scene {
  readonly group: Group;
  readonly joins = new Map<string, JoinResult>();
  readonly syncs = new Map<string, SyncResult>();

  constructor(initialDelayMs = 0) {
    this.group = new Group('g', initialDelayMs);
  }

  join(clientId: string, nowMs: number, more: Partial<JoinRequest> = {}): void {
    this.joins.delete(clientId);
    this.group.join(request(clientId, more), nowMs, (result) => this.joins.set(clientId, result));
  }

  /** Joins again under the id it has. */
  rejoin(clientId: string, nowMs: number, more: Partial<JoinRequest> = {}): void {
    this.join(clientId, nowMs, { memberId: this.id(clientId), ...more });
  }

  sync(clientId: string, nowMs: number, assignments: Readonly<Record<string, string>> = {}): void {
    const { memberId, generationId } = this.joins.get(clientId)!;
    this.syncs.delete(clientId);
    const list = Object.entries(assignments).map(([to, assignment]) => ({
      memberId: this.id(to),
      assignment: Buffer.from(assignment),
    }));
    const shared = { groupInstanceId: null, protocolType: null, protocolName: null };
    this.group.sync({ memberId, generationId, ...shared, assignments: list }, nowMs, (result) =>
      this.syncs.set(clientId, result),
    );
  }

  beat(clientId: string, nowMs: number): ErrorCode {
    return this.group.heartbeat(this.id(clientId), null, this.group.generation, nowMs);
  }

  readonly ids = new Map<string, string>();

  id(clientId: string): string {
    const id = this.joins.get(clientId)?.memberId;
    if (id) this.ids.set(clientId, id);
    return this.ids.get(clientId) ?? '';
  }
}

/** Two members, stable, "a" leading. */
function stablePair(): Scene {
  const scene = new Scene();
  scene.join('a', 0);
  scene.id('a');
  scene.join('b', 0);
  scene.rejoin('a', 0);
  scene.id('b');
  scene.sync('b', 0);
  scene.sync('a', 0, { a: 'for a', b: 'for b' });
  return scene;
}

describe('a group', () => {
  it('gives the leader all members, each member its assignment, and becomes stable', () => {
    const scene = stablePair();
    expect(scene.group).toMatchObject({ state: 'Stable', generation: 2, protocolName: 'range' });
    const [a, b] = [scene.joins.get('a')!, scene.joins.get('b')!];
    expect(a.leader).toBe(a.memberId);
    expect(a.members.map(({ metadata }) => String(metadata))).toEqual(['a', 'b']);
    expect(b).toMatchObject({ leader: a.memberId, members: [], generationId: 2, errorCode: ErrorCode.NONE });
    expect(String(scene.syncs.get('a')?.assignment)).toBe('for a');
    expect(String(scene.syncs.get('b')?.assignment)).toBe('for b');
  });

  it('waits for all members to join again, and tells them by their heartbeats', () => {
    const scene = stablePair();
    scene.join('c', 1_000);
    expect(scene.group.state).toBe('PreparingRebalance');
    expect(scene.joins.has('c')).toBe(false);
    expect(scene.beat('a', 1_100)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    scene.rejoin('a', 1_200);
    expect(scene.joins.has('a')).toBe(false);
    scene.rejoin('b', 1_300);
    expect(scene.group).toMatchObject({ state: 'CompletingRebalance', generation: 3 });
    expect(scene.joins.get('c')).toMatchObject({ generationId: 3 });
    expect(scene.beat('a', 1_400)).toBe(ErrorCode.NONE);
  });

  it('goes on without members that do not join again within the rebalance timeout', () => {
    const scene = stablePair();
    scene.join('c', 1_000, { sessionTimeoutMs: 60_000 });
    scene.rejoin('a', 1_000);
    // "b" beats, and so stays, but never joins.
    for (let now = 2_000; now < 31_000; now += 5_000) {
      scene.beat('b', now);
      scene.group.tick(now);
    }
    expect(scene.group.state).toBe('PreparingRebalance');
    expect(scene.group.nextDueAt()).toBe(31_000);
    scene.group.tick(31_000);
    expect(scene.group).toMatchObject({ state: 'CompletingRebalance', generation: 3 });
    expect(scene.group.members.size).toBe(2);
    expect(scene.beat('b', 31_000)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it('ends the session of a member that says nothing, to the millisecond, and rebalances', () => {
    const scene = stablePair();
    scene.beat('a', 4_000);
    expect(scene.group.nextDueAt()).toBe(10_000);
    scene.group.tick(9_999);
    expect(scene.group.state).toBe('Stable');
    scene.group.tick(10_000);
    expect(scene.group.state).toBe('PreparingRebalance');
    scene.rejoin('a', 10_100);
    expect(scene.group).toMatchObject({ state: 'CompletingRebalance', generation: 3 });
    expect(scene.group.members.size).toBe(1);
  });

  it('does not end the session of a member whose join waits', () => {
    const scene = stablePair();
    scene.join('c', 0, { sessionTimeoutMs: 1_000 });
    scene.beat('a', 5_000);
    scene.beat('b', 5_000);
    scene.group.tick(5_000);
    expect(scene.group.members.size).toBe(3);
  });

  it('removes members that do not fetch their assignment within the rebalance timeout', () => {
    const scene = stablePair();
    scene.join('c', 1_000);
    scene.rejoin('a', 1_000);
    scene.rejoin('b', 1_000);
    scene.sync('a', 1_000, { a: 'x' });
    scene.sync('b', 1_000);
    for (let now = 5_000; now <= 31_000; now += 2_000) {
      for (const member of ['a', 'b', 'c']) scene.beat(member, now);
      scene.group.tick(now);
    }
    expect(scene.group.state).toBe('PreparingRebalance');
    expect(scene.group.members.size).toBe(2);
  });

  it('becomes empty when the last member leaves', () => {
    const scene = stablePair();
    expect(scene.group.leave(scene.id('a'), null, 0)).toBe(ErrorCode.NONE);
    expect(scene.group.leave(scene.id('b'), null, 0)).toBe(ErrorCode.NONE);
    expect(scene.group).toMatchObject({ state: 'Empty', generation: 3, protocolName: null });
    expect(scene.group.leave(scene.id('b'), null, 0)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(scene.group.nextDueAt()).toBe(Infinity);
  });

  it('gives an id first where the client knows how, and forgets it when nobody comes back', () => {
    const scene = new Scene();
    scene.join('a', 0, { knowsMemberIds: true });
    expect(scene.joins.get('a')).toMatchObject({ errorCode: ErrorCode.MEMBER_ID_REQUIRED, generationId: -1 });
    expect(scene.id('a')).toMatch(/^a-/);
    expect(scene.group.nextDueAt()).toBe(10_000);
    scene.group.tick(10_000);
    scene.rejoin('a', 10_001, { knowsMemberIds: true });
    expect(scene.joins.get('a')?.errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it('waits in its first rebalance for as long as new members come, up to the delay after the last', () => {
    const scene = new Scene(3_000);
    scene.join('a', 0);
    scene.join('b', 2_000);
    expect(scene.group.nextDueAt()).toBe(5_000);
    scene.group.tick(3_000);
    expect(scene.joins.size).toBe(0);
    scene.group.tick(5_000);
    expect(scene.joins.size).toBe(2);
    expect(scene.group.generation).toBe(1);
  });

  it('chooses the protocol that all offer and most put first', () => {
    const scene = new Scene(10);
    const offer = (...names: string[]) => ({
      protocols: names.map((name) => ({ name, metadata: Buffer.from(name) })),
    });
    scene.join('a', 0, offer('sticky', 'range', 'robin'));
    scene.join('b', 0, offer('robin', 'range'));
    scene.join('c', 0, offer('range', 'robin'));
    scene.group.tick(10);
    expect(scene.group.protocolName).toBe('range');
    scene.join('d', 20, offer('sticky'));
    expect(scene.joins.get('d')?.errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    scene.join('e', 20, { ...offer('range'), protocolType: 'connect' });
    expect(scene.joins.get('e')?.errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  });

  it('answers a follower that joins again unchanged without a rebalance, and rebalances for the leader', () => {
    const scene = stablePair();
    scene.rejoin('b', 100);
    expect(scene.joins.get('b')).toMatchObject({ errorCode: ErrorCode.NONE, generationId: 2 });
    expect(scene.group.state).toBe('Stable');
    scene.rejoin('a', 200);
    expect(scene.group.state).toBe('PreparingRebalance');
  });

  it('hands the lead on when the leader leaves', () => {
    const scene = stablePair();
    scene.group.leave(scene.id('a'), null, 0);
    scene.rejoin('b', 100);
    expect(scene.joins.get('b')).toMatchObject({ leader: scene.id('b'), generationId: 3 });
  });

  it('tells members that wait for their assignment to join again when another joins', () => {
    const scene = stablePair();
    scene.rejoin('a', 100);
    scene.rejoin('b', 100);
    scene.sync('b', 100);
    expect(scene.syncs.has('b')).toBe(false);
    scene.join('c', 200);
    expect(scene.syncs.get('b')?.errorCode).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  });

  describe('with commits', () => {
    const commit = (scene: Scene, memberId: string, generation: number, transactional = false) =>
      scene.group.commitRefusal(memberId, null, generation, transactional, 0);

    it('takes them from its members in the present generation only', () => {
      const scene = stablePair();
      expect(commit(scene, scene.id('a'), 2)).toBe(ErrorCode.NONE);
      expect(commit(scene, scene.id('a'), 1)).toBe(ErrorCode.ILLEGAL_GENERATION);
      expect(commit(scene, 'nobody', 2)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
      expect(commit(scene, '', -1)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
      expect(commit(scene, '', -1, true)).toBe(ErrorCode.NONE);
    });

    it('takes them while members join, so that finished work is not lost, but not while they assign', () => {
      const scene = stablePair();
      scene.join('c', 0);
      expect(commit(scene, scene.id('a'), 2)).toBe(ErrorCode.NONE);
      scene.rejoin('a', 0);
      scene.rejoin('b', 0);
      expect(commit(scene, scene.id('a'), 2)).toBe(ErrorCode.ILLEGAL_GENERATION);
      expect(commit(scene, scene.id('a'), 3)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    });

    it('takes them from anybody while it is empty', () => {
      expect(commit(new Scene(), '', -1)).toBe(ErrorCode.NONE);
    });
  });

  describe('with static members', () => {
    const fixed = (name: string) => ({ groupInstanceId: name });

    function staticPair(): Scene {
      const scene = new Scene(10);
      scene.join('a', 0, fixed('one'));
      scene.join('b', 0, fixed('two'));
      scene.group.tick(10);
      scene.sync('b', 10);
      scene.sync('a', 10, { a: 'for a', b: 'for b' });
      return scene;
    }

    it('lets one come back after a restart without a rebalance, and fences the old one', () => {
      const scene = staticPair();
      const old = scene.id('b');
      scene.join('b', 1_000, fixed('two'));
      expect(scene.group).toMatchObject({ state: 'Stable', generation: 1 });
      expect(scene.joins.get('b')).toMatchObject({ errorCode: ErrorCode.NONE, generationId: 1 });
      scene.sync('b', 1_000);
      expect(String(scene.syncs.get('b')?.assignment)).toBe('for b');
      expect(scene.group.heartbeat(old, 'two', 1, 1_000)).toBe(ErrorCode.FENCED_INSTANCE_ID);
      expect(scene.group.commitRefusal(old, 'two', 1, false, 1_000)).toBe(ErrorCode.FENCED_INSTANCE_ID);
    });

    it('tells a restarted leader that there is nothing to assign', () => {
      const scene = staticPair();
      const old = scene.id('a');
      scene.join('a', 1_000, { ...fixed('one'), knowsSkipAssignment: true });
      expect(scene.joins.get('a')).toMatchObject({ skipAssignment: true, leader: scene.id('a') });
      scene.join('a', 2_000, fixed('one'));
      const result = scene.joins.get('a')!;
      expect(result.memberId).not.toBe(old);
      expect(result.leader).not.toBe(result.memberId);
    });

    it('removes one by its instance id', () => {
      const scene = staticPair();
      expect(scene.group.leave('', 'two', 0)).toBe(ErrorCode.NONE);
      expect(scene.group.leave('', 'two', 0)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
      expect(scene.group.members.size).toBe(1);
    });
  });
});

import { type GroupProtocol, type Member } from './member';

/** Who is in a group: members by id, static members by instance id, and ids given out whose owner has not come back yet. */
export class Membership {
  /** Ids given out, with the time each is forgotten. */
  readonly pending = new Map<string, number>();
  private readonly members = new Map<string, Member>();
  private readonly staticIds = new Map<string, string>();
  private leaderId: string | undefined;

  get size(): number {
    return this.members.size;
  }

  get all(): Member[] {
    return [...this.members.values()];
  }

  get leader(): string | undefined {
    return this.leaderId;
  }

  get allJoined(): boolean {
    return this.pending.size === 0 && this.all.every((member) => member.join !== undefined);
  }

  get longestRebalanceMs(): number {
    return this.all.reduce((longest, member) => Math.max(longest, member.rebalanceTimeoutMs), 0);
  }

  get(id: string): Member | undefined {
    return this.members.get(id);
  }

  /** The member id that holds a static instance id now. */
  idOfInstance(instanceId: string): string | undefined {
    return this.staticIds.get(instanceId);
  }

  add(member: Member): void {
    this.members.set(member.id, member);
    if (member.instanceId !== null) this.staticIds.set(member.instanceId, member.id);
    this.leaderId ??= member.id;
  }

  remove(member: Member): void {
    this.members.delete(member.id);
    if (member.instanceId !== null && this.staticIds.get(member.instanceId) === member.id) {
      this.staticIds.delete(member.instanceId);
    }
    if (this.leaderId === member.id) this.leaderId = this.members.keys().next().value;
  }

  /** A restarted static member goes on under a new id. */
  rename(member: Member, id: string): void {
    const led = this.leaderId === member.id;
    this.members.delete(member.id);
    member.id = id;
    this.members.set(id, member);
    if (member.instanceId !== null) this.staticIds.set(member.instanceId, id);
    if (led) this.leaderId = id;
  }

  /** A leader that did not come back in a rebalance hands over to one that did. */
  electAmong(joined: readonly Member[]): void {
    if (!joined.some(({ id }) => id === this.leaderId)) this.leaderId = joined[0]?.id;
  }

  /** True when some protocol is offered by every member, not counting `except`, and by the newcomer. */
  supports(protocols: readonly GroupProtocol[], except?: string): boolean {
    const others = this.all.filter(({ id }) => id !== except);
    return protocols.some(({ name }) => others.every((member) => offers(member, name)));
  }

  /** The protocol all offer that most put first: each votes for the first of its own that all have. */
  vote(): string | null {
    const votes = new Map<string, number>();
    for (const member of this.members.values()) {
      const choice = member.protocols.find(({ name }) => this.all.every((other) => offers(other, name)));
      if (choice) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
    }
    let winner: string | null = null;
    for (const [name, count] of votes) {
      if (winner === null || count > (votes.get(winner) ?? 0)) winner = name;
    }
    return winner;
  }
}

function offers(member: Member, protocolName: string): boolean {
  return member.protocols.some(({ name }) => name === protocolName);
}

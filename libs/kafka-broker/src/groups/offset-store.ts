import type { Journal, JournalEntry, PendingOffset } from '../storage/journal';

export interface CommittedOffset {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

/** Offsets that groups have committed. They do not expire. */
export class OffsetStore {
  private readonly groups = new Map<string, Map<string, Map<number, CommittedOffset>>>();

  constructor(private readonly journal: () => Journal) {}

  commit({ group, topic, partition, ...committed }: PendingOffset): void {
    this.set(group, topic, partition, committed);
    this.journal().append({ kind: 'offset', group, topic, partition, ...committed });
  }

  get(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.groups.get(group)?.get(topic)?.get(partition);
  }

  has(group: string): boolean {
    return this.groups.has(group);
  }

  get groupIds(): string[] {
    return [...this.groups.keys()];
  }

  /** Topics and partitions for which the group has committed. */
  topicsOf(group: string): [topic: string, partitions: number[]][] {
    return [...(this.groups.get(group) ?? [])].map(([topic, partitions]) => [topic, [...partitions.keys()]]);
  }

  delete(group: string, topic: string, partition: number): void {
    if (!this.unset(group, topic, partition)) return;
    this.journal().append({ kind: 'offsetDeleted', group, topic, partition });
  }

  deleteGroup(group: string): void {
    if (this.groups.delete(group)) this.journal().append({ kind: 'groupDeleted', group });
  }

  deleteTopic(topic: string): void {
    for (const group of this.groupIds) {
      for (const partition of [...(this.groups.get(group)?.get(topic)?.keys() ?? [])]) {
        this.delete(group, topic, partition);
      }
    }
  }

  restore(entries: Iterable<JournalEntry>): void {
    for (const entry of entries) {
      if (entry.kind === 'offset') {
        const { group, topic, partition, offset, leaderEpoch, metadata } = entry;
        this.set(group, topic, partition, { offset, leaderEpoch, metadata });
      }
      if (entry.kind === 'offsetDeleted') this.unset(entry.group, entry.topic, entry.partition);
      if (entry.kind === 'groupDeleted') this.groups.delete(entry.group);
    }
  }

  *snapshot(): Iterable<JournalEntry> {
    for (const [group, topics] of this.groups) {
      for (const [topic, partitions] of topics) {
        for (const [partition, committed] of partitions) {
          yield { kind: 'offset', group, topic, partition, ...committed };
        }
      }
    }
  }

  private set(group: string, topic: string, partition: number, committed: CommittedOffset): void {
    const topics = this.groups.get(group) ?? new Map<string, Map<number, CommittedOffset>>();
    const partitions = topics.get(topic) ?? new Map<number, CommittedOffset>();
    partitions.set(partition, committed);
    topics.set(topic, partitions);
    this.groups.set(group, topics);
  }

  private unset(group: string, topic: string, partition: number): boolean {
    const topics = this.groups.get(group);
    const partitions = topics?.get(topic);
    if (!topics || !partitions?.delete(partition)) return false;
    if (partitions.size === 0) topics.delete(topic);
    if (topics.size === 0) this.groups.delete(group);
    return true;
  }
}

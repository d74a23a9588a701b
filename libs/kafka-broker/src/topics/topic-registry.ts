import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import type { Journal, JournalEntry } from '../storage/journal';
import { type LogLimits, PartitionLog } from '../storage/partition-log';
import { recoverLog } from '../storage/recover-log';
import { Topic } from './topic';
import { checkTopicConfig, limitsOf } from './topic-config';

export const maxPartitions = 10_000;

export interface TopicRegistryOptions {
  readonly defaults: LogLimits;
  readonly maxLogBytes: number;
  /** Folder of the segment files; undefined for memory only. */
  readonly folder: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The topics of the broker. */
export class TopicRegistry {
  private readonly topics = new Map<string, Topic>();
  private readonly deletionListeners: ((topic: string) => void)[] = [];
  private bytesSinceCheck = 0;

  constructor(
    private readonly options: TopicRegistryOptions,
    private readonly journal: () => Journal,
  ) {}

  get defaults(): LogLimits {
    return this.options.defaults;
  }

  get all(): Topic[] {
    return [...this.topics.values()];
  }

  get(name: string): Topic | undefined {
    return this.topics.get(name);
  }

  byId(id: string): Topic | undefined {
    return this.all.find((topic) => topic.id === id);
  }

  log(topic: string, partition: number): PartitionLog | undefined {
    return this.topics.get(topic)?.partitions[partition];
  }

  onDeletion(listener: (topic: string) => void): void {
    this.deletionListeners.push(listener);
  }

  /** @throws ProtocolError naming what is wrong with the name, number or settings; nothing is made then. */
  checkNew(name: string, partitions: number, configs: Iterable<readonly [string, string | null]>): void {
    checkTopicName(name);
    if (this.topics.has(name)) {
      throw new ProtocolError(ErrorCode.TOPIC_ALREADY_EXISTS, `topic ${name} exists`);
    }
    checkPartitions(partitions);
    for (const [key, value] of configs) checkTopicConfig(key, value);
  }

  create(name: string, partitions: number, configs: ReadonlyMap<string, string> = new Map()): Topic {
    this.checkNew(name, partitions, configs);
    const topic = new Topic(name, randomBytes(16).toString('hex'), configs);
    // The journal first: a folder without a journalled topic is removed at the next start, never the other way round.
    this.journal().append(topicEntry(topic, partitions));
    this.addPartitions(topic, partitions);
    this.topics.set(name, topic);
    return topic;
  }

  /** @throws ProtocolError `INVALID_PARTITIONS` unless `count` is more than there are. */
  checkGrowth(topic: Topic, count: number): void {
    if (count <= topic.partitions.length) {
      throw new ProtocolError(
        ErrorCode.INVALID_PARTITIONS,
        `${topic.name} has ${topic.partitions.length} partitions, ${count} are not more`,
      );
    }
    checkPartitions(count);
  }

  /** Raises the number of partitions to `count`. */
  grow(topic: Topic, count: number): void {
    this.journal().append(topicEntry(topic, count));
    this.addPartitions(topic, count);
  }

  configure(topic: Topic, configs: ReadonlyMap<string, string>): void {
    for (const [key, value] of configs) checkTopicConfig(key, value);
    topic.configure(configs, this.defaults, this.options.clock.now());
    this.journal().append(topicEntry(topic, topic.partitions.length));
  }

  delete(topic: Topic): void {
    this.journal().append({ kind: 'topicDeleted', name: topic.name });
    this.topics.delete(topic.name);
    for (const log of topic.partitions) {
      log.close();
      // Readers that wait on it look again and find the topic gone.
      for (const wake of [...log.readers]) wake();
    }
    const { folder } = this.options;
    if (folder !== undefined) rmSync(join(folder, topic.id), { recursive: true, force: true });
    for (const listener of this.deletionListeners) listener(topic.name);
  }

  deleteBefore(topic: string, partition: number, log: PartitionLog, offset: number): void {
    log.deleteBefore(offset);
    this.journal().append({ kind: 'logStart', topic, partition, offset: log.logStartOffset });
  }

  /** Told after every write of `bytes`: now and then looks at the total. */
  appended(bytes: number): void {
    this.bytesSinceCheck += bytes;
    if (this.bytesSinceCheck < this.options.maxLogBytes / 64) return;
    this.bytesSinceCheck = 0;
    this.enforceTotal();
  }

  /** Keeps all logs together within `maxLogBytes`: the largest loses its oldest segment. */
  enforceTotal(): void {
    const logs = this.all.flatMap((topic) => topic.partitions);
    let total = logs.reduce((sum, log) => sum + log.bytes, 0);
    while (total > this.options.maxLogBytes) {
      const largest = logs
        .filter((log) => log.segmentCount > 1)
        .reduce<PartitionLog | undefined>((a, b) => (a && a.bytes >= b.bytes ? a : b), undefined);
      if (!largest) return;
      const before = largest.bytes;
      largest.dropOldest();
      total -= before - largest.bytes;
    }
  }

  /** Retention by time, and producers that have been silent since `idleProducerMs` ago. */
  housekeep(idleProducerMs: number): void {
    const now = this.options.clock.now();
    for (const topic of this.topics.values()) {
      for (const log of topic.partitions) {
        log.enforceRetention(now);
        log.producers.forgetIdleSince(now - idleProducerMs);
      }
    }
  }

  /** Takes in what the journal says, in its order, then opens the logs. */
  restore(entries: Iterable<JournalEntry>): void {
    const wanted = new Map<string, JournalEntry & { kind: 'topic' }>();
    const starts = new Map<string, JournalEntry & { kind: 'logStart' }>();
    for (const entry of entries) {
      if (entry.kind === 'topic') wanted.set(entry.name, entry);
      if (entry.kind === 'topicDeleted') {
        wanted.delete(entry.name);
        for (const [key, start] of starts) if (start.topic === entry.name) starts.delete(key);
      }
      if (entry.kind === 'logStart') starts.set(`${entry.topic}/${entry.partition}`, entry);
    }
    for (const { name, id, partitions, configs } of wanted.values()) {
      const topic = new Topic(name, id, new Map(Object.entries(configs)));
      this.addPartitions(topic, partitions);
      this.topics.set(name, topic);
    }
    for (const start of starts.values()) this.log(start.topic, start.partition)?.deleteBefore(start.offset);
    this.removeOrphans();
  }

  *snapshot(): Iterable<JournalEntry> {
    for (const topic of this.topics.values()) {
      yield topicEntry(topic, topic.partitions.length);
      for (const [partition, log] of topic.partitions.entries()) {
        if (log.logStartOffset > 0) {
          yield { kind: 'logStart', topic: topic.name, partition, offset: log.logStartOffset };
        }
      }
    }
  }

  close(): void {
    for (const topic of this.topics.values()) for (const log of topic.partitions) log.close();
  }

  private addPartitions(topic: Topic, count: number): void {
    const { folder, clock, logger, defaults } = this.options;
    const limits = limitsOf(topic.configs, defaults);
    while (topic.partitions.length < count) {
      const log =
        folder === undefined
          ? new PartitionLog(limits)
          : recoverLog(join(folder, topic.id, String(topic.partitions.length)), limits, clock.now(), logger);
      topic.partitions.push(log);
    }
  }

  private removeOrphans(): void {
    const { folder, logger } = this.options;
    if (folder === undefined || !existsSync(folder)) return;
    for (const id of readdirSync(folder)) {
      if (this.byId(id)) continue;
      logger.info({ folder: join(folder, id) }, 'removing the log of a deleted topic');
      rmSync(join(folder, id), { recursive: true, force: true });
    }
  }
}

function topicEntry(topic: Topic, partitions: number): JournalEntry {
  return {
    kind: 'topic',
    name: topic.name,
    id: topic.id,
    partitions,
    configs: Object.fromEntries(topic.configs),
  };
}

function checkTopicName(name: string): void {
  if (/^[A-Za-z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..') return;
  throw new ProtocolError(
    ErrorCode.INVALID_TOPIC_EXCEPTION,
    `topic name ${JSON.stringify(name)} is not 1 to 249 of letters, digits, dot, underscore and dash`,
  );
}

function checkPartitions(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= maxPartitions) return;
  throw new ProtocolError(
    ErrorCode.INVALID_PARTITIONS,
    `${count} partitions, allowed are 1 to ${maxPartitions}`,
  );
}

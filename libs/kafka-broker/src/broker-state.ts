import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GroupCoordinator } from './groups/group-coordinator';
import { OffsetStore } from './groups/offset-store';
import { ProtocolError } from './protocol/error-codes';
import { BrokerError } from './broker-error';
import type { ResolvedOptions } from './resolve-options';
import { FileJournal, forgetfulJournal, type Journal, type JournalEntry } from './storage/journal';
import { TopicRegistry } from './topics/topic-registry';
import { ProducerIds } from './transactions/producer-ids';
import { TransactionCoordinator } from './transactions/transaction-coordinator';

export interface BrokerState {
  readonly clusterId: string;
  readonly topics: TopicRegistry;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  close(): void;
}

/** Everything the broker knows: read back from the data folder, when there is one. */
export function openState(options: ResolvedOptions): BrokerState {
  const { clock, logger, dataDir } = options;
  let journal: Journal = forgetfulJournal;
  const current = () => journal;
  const topics = new TopicRegistry(
    {
      defaults: {
        retentionBytes: options.retentionBytes,
        retentionMs: -1,
        segmentBytes: options.segmentBytes,
        maxMessageBytes: options.maxMessageBytes,
      },
      maxLogBytes: options.maxLogBytes,
      folder: dataDir === undefined ? undefined : join(dataDir, 'logs'),
      clock,
      logger,
    },
    current,
  );
  const offsets = new OffsetStore(current);
  const producerIds = new ProducerIds(current);
  const groups = new GroupCoordinator(offsets, {
    minSessionTimeoutMs: options.groupMinSessionTimeoutMs,
    maxSessionTimeoutMs: options.groupMaxSessionTimeoutMs,
    initialRebalanceDelayMs: options.groupInitialRebalanceDelayMs,
    clock,
    logger,
  });
  const transactions = new TransactionCoordinator({
    topics,
    offsets,
    producerIds,
    clock,
    logger,
    journal: current,
  });
  topics.onDeletion((topic) => offsets.deleteTopic(topic));

  let clusterId = randomBytes(16).toString('base64url');
  if (dataDir !== undefined) {
    mkdirSync(dataDir, { recursive: true });
    const path = join(dataDir, 'state.journal');
    const entries = FileJournal.read(path, logger);
    for (const entry of entries) if (entry.kind === 'cluster') clusterId = entry.id;
    topics.restore(entries);
    offsets.restore(entries);
    producerIds.restore(entries);
    const fileJournal = new FileJournal(path, function* (): Iterable<JournalEntry> {
      yield { kind: 'cluster', id: clusterId };
      yield* topics.snapshot();
      yield* offsets.snapshot();
      yield* producerIds.snapshot();
      yield* transactions.snapshot();
    });
    journal = fileJournal;
    transactions.restore(entries);
    fileJournal.compact();
  }
  makeTopics(options, topics);
  return {
    clusterId,
    topics,
    groups,
    transactions,
    close() {
      groups.close();
      transactions.close();
      topics.close();
      journal.close();
    },
  };
}

function makeTopics(options: ResolvedOptions, topics: TopicRegistry): void {
  for (const { name, partitions = options.defaultPartitions, configs = {} } of options.topics) {
    try {
      const topic = topics.get(name) ?? topics.create(name, partitions, new Map(Object.entries(configs)));
      if (topic.partitions.length < partitions) topics.grow(topic, partitions);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      throw new BrokerError('BadOption', `topics: ${cause.message}`, { cause });
    }
  }
}

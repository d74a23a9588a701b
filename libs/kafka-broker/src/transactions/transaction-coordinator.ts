import type { Clock } from '../clock';
import type { OffsetStore } from '../groups/offset-store';
import type { Logger } from '../logger';
import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { readBatchHeader } from '../records/batch-header';
import { buildTransactionMarker } from '../records/build-batch';
import type { Journal, JournalEntry, PendingOffset } from '../storage/journal';
import type { TopicRegistry } from '../topics/topic-registry';
import type { ProducerIds } from './producer-ids';
import { fromEntry, newTransaction, partitionKey, toEntry, type Transaction } from './transaction';

/** Longest transaction timeout a producer may ask for, as Kafka's default. */
export const maxTransactionTimeoutMs = 900_000;
const greatestEpoch = 32_766;

export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

export interface TransactionCoordinatorOptions {
  readonly topics: TopicRegistry;
  readonly offsets: OffsetStore;
  readonly producerIds: ProducerIds;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: () => Journal;
}

/** Transactional ids: fencing by epoch, and transactions that end in all partitions and groups or in none. */
export class TransactionCoordinator {
  private readonly transactions = new Map<string, Transaction>();
  private readonly byProducer = new Map<number, Transaction>();

  constructor(private readonly options: TransactionCoordinatorOptions) {}

  /** A new producer; under a known transactional id it fences the former one and aborts what that left open. */
  initProducer(
    transactionalId: string | null,
    timeoutMs: number,
    current: ProducerIdentity,
  ): ProducerIdentity {
    if (transactionalId === null) {
      return { producerId: this.options.producerIds.take(), producerEpoch: 0 };
    }
    if (transactionalId === '')
      throw new ProtocolError(ErrorCode.INVALID_REQUEST, 'an empty transactional id');
    if (timeoutMs <= 0 || timeoutMs > maxTransactionTimeoutMs) {
      throw new ProtocolError(
        ErrorCode.INVALID_TRANSACTION_TIMEOUT,
        `transaction timeout ${timeoutMs} ms, allowed are 1 to ${maxTransactionTimeoutMs}`,
      );
    }
    const known = this.transactions.get(transactionalId);
    if (!known) {
      const made = newTransaction(transactionalId, this.options.producerIds.take(), timeoutMs);
      this.keep(made);
      this.record(made);
      return identityOf(made);
    }
    const { producerId, producerEpoch } = current;
    if (producerId >= 0 && (producerId !== known.producerId || producerEpoch !== known.epoch)) {
      throw new ProtocolError(ErrorCode.PRODUCER_FENCED, `a newer producer uses ${transactionalId}`);
    }
    this.bumpEpoch(known);
    if (known.state === 'ongoing') this.end(known, false);
    if (known.epoch >= greatestEpoch) {
      this.byProducer.delete(known.producerId);
      known.producerId = this.options.producerIds.take();
      known.epoch = 0;
      this.byProducer.set(known.producerId, known);
    }
    known.timeoutMs = timeoutMs;
    known.lastOutcome = undefined;
    this.record(known);
    return identityOf(known);
  }

  addPartitions(
    transactionalId: string,
    producer: ProducerIdentity,
    partitions: readonly (readonly [topic: string, partition: number])[],
  ): void {
    const transaction = this.find(transactionalId, producer);
    this.begin(transaction);
    for (const [topic, partition] of partitions) {
      transaction.partitions.set(partitionKey(topic, partition), [topic, partition]);
    }
    this.record(transaction);
  }

  addGroup(transactionalId: string, producer: ProducerIdentity, group: string): void {
    const transaction = this.find(transactionalId, producer);
    this.begin(transaction);
    transaction.groups.add(group);
    this.record(transaction);
  }

  /** Offsets that become the group's when the transaction commits. */
  addOffsets(
    transactionalId: string,
    producer: ProducerIdentity,
    group: string,
    offsets: readonly PendingOffset[],
  ): void {
    const transaction = this.find(transactionalId, producer);
    if (transaction.state !== 'ongoing' || !transaction.groups.has(group)) {
      throw new ProtocolError(ErrorCode.INVALID_TXN_STATE, `group ${group} is not part of a transaction`);
    }
    transaction.offsets.push(...offsets);
    this.record(transaction);
  }

  endTransaction(transactionalId: string, producer: ProducerIdentity, committed: boolean): void {
    const transaction = this.find(transactionalId, producer);
    if (transaction.state === 'ongoing') return this.end(transaction, committed);
    if (transaction.lastOutcome === (committed ? 'committed' : 'aborted')) return;
    throw new ProtocolError(ErrorCode.INVALID_TXN_STATE, `${transactionalId} has no open transaction`);
  }

  /** @throws ProtocolError unless the producer's open transaction includes the partition. */
  checkWrite(producer: ProducerIdentity, topic: string, partition: number): void {
    const transaction = this.byProducer.get(producer.producerId);
    if (!transaction) {
      throw new ProtocolError(
        ErrorCode.INVALID_PRODUCER_ID_MAPPING,
        `producer ${producer.producerId} has no transactional id`,
      );
    }
    if (producer.producerEpoch !== transaction.epoch) {
      throw new ProtocolError(ErrorCode.INVALID_PRODUCER_EPOCH, `a newer producer uses ${transaction.id}`);
    }
    if (transaction.state === 'ongoing' && transaction.partitions.has(partitionKey(topic, partition))) return;
    throw new ProtocolError(
      ErrorCode.INVALID_TXN_STATE,
      `${topic}-${partition} is not part of a transaction of ${transaction.id}`,
    );
  }

  hasPendingOffset(group: string, topic: string, partition: number): boolean {
    for (const { offsets } of this.transactions.values()) {
      if (offsets.some((o) => o.group === group && o.topic === topic && o.partition === partition))
        return true;
    }
    return false;
  }

  /** Takes in the journal after topics and offsets are back; what a kill cut off while ending is ended now. */
  restore(entries: Iterable<JournalEntry>): void {
    for (const entry of entries) if (entry.kind === 'transaction') this.keep(fromEntry(entry));
    for (const transaction of this.transactions.values()) {
      if (transaction.state === 'ongoing') this.armTimeout(transaction);
      if (transaction.state === 'committing') this.finish(transaction, true);
      if (transaction.state === 'aborting') this.finish(transaction, false);
    }
  }

  *snapshot(): Iterable<JournalEntry> {
    for (const transaction of this.transactions.values()) yield toEntry(transaction);
  }

  close(): void {
    for (const transaction of this.transactions.values()) transaction.cancelTimeout?.();
  }

  private find(transactionalId: string, producer: ProducerIdentity): Transaction {
    const transaction = this.transactions.get(transactionalId);
    if (!transaction || transaction.producerId !== producer.producerId) {
      throw new ProtocolError(
        ErrorCode.INVALID_PRODUCER_ID_MAPPING,
        `${transactionalId} does not belong to producer ${producer.producerId}`,
      );
    }
    if (transaction.epoch !== producer.producerEpoch) {
      throw new ProtocolError(ErrorCode.INVALID_PRODUCER_EPOCH, `a newer producer uses ${transactionalId}`);
    }
    return transaction;
  }

  private begin(transaction: Transaction): void {
    if (transaction.state === 'ongoing') return;
    transaction.state = 'ongoing';
    transaction.startedAtMs = this.options.clock.now();
    transaction.lastOutcome = undefined;
    this.armTimeout(transaction);
  }

  private armTimeout(transaction: Transaction): void {
    const { clock, logger } = this.options;
    const dueAtMs = transaction.startedAtMs + transaction.timeoutMs;
    transaction.cancelTimeout = clock.wakeAt(dueAtMs, () => {
      logger.warn({ transactionalId: transaction.id }, 'transaction ran out of time and is aborted');
      this.bumpEpoch(transaction);
      this.end(transaction, false);
    });
  }

  private end(transaction: Transaction, committed: boolean): void {
    transaction.cancelTimeout?.();
    transaction.cancelTimeout = undefined;
    transaction.state = committed ? 'committing' : 'aborting';
    // From here on the outcome is certain, whatever happens to the process.
    this.record(transaction);
    this.finish(transaction, committed);
  }

  private finish(transaction: Transaction, committed: boolean): void {
    const { topics, offsets, clock } = this.options;
    const { producerId, epoch } = transaction;
    for (const [topic, partition] of transaction.partitions.values()) {
      const nowMs = clock.now();
      const marker = buildTransactionMarker(committed, producerId, epoch, nowMs);
      topics.log(topic, partition)?.append(marker, readBatchHeader(marker), nowMs);
    }
    if (committed) for (const offset of transaction.offsets) offsets.commit(offset);
    transaction.partitions.clear();
    transaction.groups.clear();
    transaction.offsets = [];
    transaction.state = 'empty';
    transaction.lastOutcome = committed ? 'committed' : 'aborted';
    this.record(transaction);
  }

  private bumpEpoch(transaction: Transaction): void {
    transaction.epoch += 1;
  }

  private keep(transaction: Transaction): void {
    const before = this.transactions.get(transaction.id);
    if (before) this.byProducer.delete(before.producerId);
    this.transactions.set(transaction.id, transaction);
    this.byProducer.set(transaction.producerId, transaction);
  }

  private record(transaction: Transaction): void {
    this.options.journal().append(toEntry(transaction));
  }
}

function identityOf({ producerId, epoch }: Transaction): ProducerIdentity {
  return { producerId, producerEpoch: epoch };
}

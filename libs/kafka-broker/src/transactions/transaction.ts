import type { JournalEntry, PendingOffset } from '../storage/journal';

type TransactionEntry = Extract<JournalEntry, { kind: 'transaction' }>;

/** A transactional id, its current producer, and its transaction if one is open. */
export interface Transaction {
  readonly id: string;
  producerId: number;
  epoch: number;
  timeoutMs: number;
  state: TransactionEntry['state'];
  startedAtMs: number;
  /** How the last transaction ended, so that a repeated EndTxn gets the same answer. */
  lastOutcome: 'committed' | 'aborted' | undefined;
  readonly partitions: Map<string, readonly [topic: string, partition: number]>;
  readonly groups: Set<string>;
  offsets: PendingOffset[];
  cancelTimeout: (() => void) | undefined;
}

export function newTransaction(id: string, producerId: number, timeoutMs: number): Transaction {
  return {
    id,
    producerId,
    epoch: 0,
    timeoutMs,
    state: 'empty',
    startedAtMs: 0,
    lastOutcome: undefined,
    partitions: new Map(),
    groups: new Set(),
    offsets: [],
    cancelTimeout: undefined,
  };
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

export function toEntry(transaction: Transaction): TransactionEntry {
  const { id, producerId, epoch, timeoutMs, state, startedAtMs, partitions, offsets } = transaction;
  return {
    kind: 'transaction',
    id,
    producerId,
    epoch,
    timeoutMs,
    state,
    startedAtMs,
    partitions: [...partitions.values()],
    offsets,
  };
}

export function fromEntry(entry: TransactionEntry): Transaction {
  const transaction = newTransaction(entry.id, entry.producerId, entry.timeoutMs);
  transaction.epoch = entry.epoch;
  transaction.state = entry.state;
  transaction.startedAtMs = entry.startedAtMs;
  transaction.offsets = [...entry.offsets];
  for (const [topic, partition] of entry.partitions) {
    transaction.partitions.set(partitionKey(topic, partition), [topic, partition]);
  }
  for (const { group } of entry.offsets) transaction.groups.add(group);
  return transaction;
}

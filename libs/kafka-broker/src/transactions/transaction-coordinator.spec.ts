import { VirtualClock } from '@scalelab/testing';
import { OffsetStore } from '../groups/offset-store';
import { silentLogger } from '../logger';
import { ErrorCode } from '../protocol/error-codes';
import { readBatchHeader } from '../records/batch-header';
import { buildBatch } from '../records/build-batch';
import type { Journal, JournalEntry } from '../storage/journal';
import { TopicRegistry } from '../topics/topic-registry';
import { ProducerIds } from './producer-ids';
import { type ProducerIdentity, TransactionCoordinator } from './transaction-coordinator';

const unknown: ProducerIdentity = { producerId: -1, producerEpoch: -1 };
const defaults = { retentionBytes: -1, retentionMs: -1, segmentBytes: 10_000, maxMessageBytes: 10_000 };

function scene(clock = new VirtualClock(1_000)) {
  const entries: JournalEntry[] = [];
  const keeping: Journal = { append: (entry) => void entries.push(entry), close: () => undefined };
  const journal = () => keeping;
  const options = { defaults, maxLogBytes: 1e9, folder: undefined, clock, logger: silentLogger };
  const topics = new TopicRegistry(options, journal);
  const offsets = new OffsetStore(journal);
  const producerIds = new ProducerIds(journal);
  const shared = { topics, offsets, producerIds, clock, logger: silentLogger, journal };
  topics.create('t', 2);
  const coordinator = new TransactionCoordinator(shared);
  const log = topics.log('t', 0)!;
  const write = (producer: ProducerIdentity, baseSequence: number) => {
    coordinator.checkWrite(producer, 't', 0);
    const batch = buildBatch([{ key: null, value: Buffer.from('x') }], {
      timestampMs: 0,
      baseSequence,
      transactional: true,
      ...producer,
    });
    return log.append(batch, readBatchHeader(batch), clock.now());
  };
  return { clock, entries, topics, offsets, coordinator, log, write, shared };
}

const codeOf = (step: () => unknown): unknown => {
  try {
    step();
    return ErrorCode.NONE;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('transactions', () => {
  it('refuse writes to a partition that was not added, and once they have ended', () => {
    const { coordinator, write } = scene();
    const producer = coordinator.initProducer('writer', 60_000, unknown);
    expect(codeOf(() => write(producer, 0))).toBe(ErrorCode.INVALID_TXN_STATE);
    coordinator.addPartitions('writer', producer, [['t', 1]]);
    expect(codeOf(() => write(producer, 0))).toBe(ErrorCode.INVALID_TXN_STATE);
    coordinator.addPartitions('writer', producer, [['t', 0]]);
    expect(write(producer, 0)).toEqual({ baseOffset: 0, duplicate: false });
    coordinator.endTransaction('writer', producer, true);
    expect(codeOf(() => write(producer, 1))).toBe(ErrorCode.INVALID_TXN_STATE);
  });

  it('give a repeated end the same answer, and refuse the opposite', () => {
    const { coordinator, log, write } = scene();
    const producer = coordinator.initProducer('writer', 60_000, unknown);
    coordinator.addPartitions('writer', producer, [['t', 0]]);
    write(producer, 0);
    coordinator.endTransaction('writer', producer, true);
    const { highWatermark } = log;
    coordinator.endTransaction('writer', producer, true);
    expect(log.highWatermark).toBe(highWatermark);
    expect(codeOf(() => coordinator.endTransaction('writer', producer, false))).toBe(
      ErrorCode.INVALID_TXN_STATE,
    );
  });

  it('are aborted when their time is over, and their producer is fenced', async () => {
    const { coordinator, clock, log, write } = scene();
    const producer = coordinator.initProducer('writer', 5_000, unknown);
    coordinator.addPartitions('writer', producer, [['t', 0]]);
    write(producer, 0);
    await clock.advance(4_999);
    expect(log.lastStableOffset).toBe(0);
    await clock.advance(1);
    expect(log.lastStableOffset).toBe(log.highWatermark);
    expect(log.read(0, 1e6, true, true).abortedTransactions).toHaveLength(1);
    expect(codeOf(() => coordinator.endTransaction('writer', producer, true))).toBe(
      ErrorCode.INVALID_PRODUCER_EPOCH,
    );
  });

  it('fence the former producer and abort what it left open when another takes the id', () => {
    const { coordinator, log, write } = scene();
    const old = coordinator.initProducer('writer', 60_000, unknown);
    coordinator.addPartitions('writer', old, [['t', 0]]);
    write(old, 0);
    const young = coordinator.initProducer('writer', 60_000, unknown);
    expect(young.producerId).toBe(old.producerId);
    expect(young.producerEpoch).toBeGreaterThan(old.producerEpoch);
    expect(log.lastStableOffset).toBe(log.highWatermark);
    expect(codeOf(() => write(old, 1))).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
    coordinator.addPartitions('writer', young, [['t', 0]]);
    expect(write(young, 0).duplicate).toBe(false);
  });

  it('take a new producer id before the epoch runs out', () => {
    const { coordinator } = scene();
    const first = coordinator.initProducer('writer', 60_000, unknown);
    let last = first;
    for (let round = 0; round < 33_000; round += 1)
      last = coordinator.initProducer('writer', 60_000, unknown);
    expect(last.producerEpoch).toBeLessThan(32_767);
    expect(last.producerId).not.toBe(first.producerId);
  });

  it.each([0, -5, 900_001])('refuse a timeout of %i ms', (timeoutMs) => {
    const { coordinator } = scene();
    expect(codeOf(() => coordinator.initProducer('writer', timeoutMs, unknown))).toBe(
      ErrorCode.INVALID_TRANSACTION_TIMEOUT,
    );
  });

  it('end after a restart as they were ending before it', () => {
    const before = scene();
    const producer = before.coordinator.initProducer('writer', 60_000, unknown);
    before.coordinator.addPartitions('writer', producer, [['t', 0]]);
    before.coordinator.addGroup('writer', producer, 'g');
    const offset = { group: 'g', topic: 't', partition: 1, offset: 9, leaderEpoch: 0, metadata: null };
    before.coordinator.addOffsets('writer', producer, 'g', [offset]);
    before.write(producer, 0);
    before.coordinator.endTransaction('writer', producer, true);
    // The journal of a process that was killed right behind the decision: no marker, no offset yet.
    const decided = before.entries.findIndex((e) => e.kind === 'transaction' && e.state === 'committing');
    const after = scene();
    const batch = buildBatch([{ key: null, value: Buffer.from('x') }], {
      timestampMs: 0,
      baseSequence: 0,
      transactional: true,
      ...producer,
    });
    after.log.append(batch, readBatchHeader(batch), 0);
    after.coordinator.restore(before.entries.slice(0, decided + 1));
    expect(after.log.lastStableOffset).toBe(after.log.highWatermark);
    expect(after.log.read(0, 1e6, true, true).abortedTransactions).toEqual([]);
    expect(after.offsets.get('g', 't', 1)?.offset).toBe(9);
  });

  it('stay open over a restart, with the time they have left', async () => {
    const before = scene();
    const producer = before.coordinator.initProducer('writer', 5_000, unknown);
    before.coordinator.addPartitions('writer', producer, [['t', 0]]);
    const after = scene(new VirtualClock(4_000));
    after.coordinator.restore(before.entries);
    expect(after.write(producer, 0).duplicate).toBe(false);
    await after.clock.advance(1_999);
    expect(after.log.lastStableOffset).toBe(0);
    await after.clock.advance(1);
    expect(after.log.lastStableOffset).toBe(2);
  });
});

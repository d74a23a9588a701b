import { seededRandom } from '@scalelab/testing';
import { ErrorCode } from '../protocol/error-codes';
import { readBatchHeader } from '../records/batch-header';
import { type BatchOptions, buildBatch, buildTransactionMarker } from '../records/build-batch';
import { readRecords } from '../records/read-records';
import { type LogLimits, PartitionLog } from './partition-log';

const unlimited: LogLimits = {
  retentionBytes: -1,
  retentionMs: -1,
  segmentBytes: 2_000,
  maxMessageBytes: 1_000_000,
};

function add(log: PartitionLog, values: readonly string[], options: Partial<BatchOptions> = {}) {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }));
  const batch = buildBatch(records, { timestampMs: 0, ...options });
  return log.append(batch, readBatchHeader(batch), options.timestampMs ?? 0);
}

function mark(log: PartitionLog, committed: boolean, producerId: number, epoch = 0): void {
  const marker = buildTransactionMarker(committed, producerId, epoch, 0);
  log.append(marker, readBatchHeader(marker), 0);
}

function readAll(log: PartitionLog, from: number, committedOnly = false): string[] {
  const values: string[] = [];
  const limit = committedOnly ? log.lastStableOffset : log.highWatermark;
  for (let offset = from; offset < limit;) {
    const { records } = log.read(offset, 500, committedOnly, true);
    for (let at = 0; at < records.length;) {
      const header = readBatchHeader(records, at);
      if (!header.control) {
        for (const record of readRecords(records, at) ?? []) {
          if (record.offset >= offset) values.push(String(record.value));
        }
      }
      at += header.byteLength;
      offset = header.lastOffset + 1;
    }
  }
  return values;
}

const codeOf = (step: () => unknown): unknown => {
  try {
    step();
    return ErrorCode.NONE;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('the log of a partition', () => {
  it('gives every message from any offset on, across segments', () => {
    const log = new PartitionLog(unlimited);
    const random = seededRandom(11);
    const values: string[] = [];
    while (values.length < 300) {
      const batch = Array.from({ length: random.int(1, 9) }, (_unused, i) => `m${values.length + i}`);
      expect(add(log, batch).baseOffset).toBe(values.length);
      values.push(...batch);
    }
    expect(log.segmentCount).toBeGreaterThan(3);
    for (let offset = 0; offset <= values.length; offset += 1) {
      expect(readAll(log, offset)).toEqual(values.slice(offset));
    }
  });

  it('keeps to the byte limit, but gives one batch that is larger when told to', () => {
    const log = new PartitionLog({ ...unlimited, segmentBytes: 1_000_000 });
    for (let index = 0; index < 200; index += 1) add(log, ['x'.repeat(100)]);
    const one = log.read(0, 1, false, true).records;
    expect(readBatchHeader(one)).toMatchObject({ byteLength: one.length, lastOffset: 0 });
    expect(log.read(0, 1, false, false).records).toHaveLength(0);
    for (const batches of [1, 7, 100, 199]) {
      expect(log.read(0, one.length * batches + 3, false, false).records).toHaveLength(one.length * batches);
    }
    expect(log.read(0, 1e9, false, false).records).toHaveLength(one.length * 200);
  });

  it('leaves a reader what it was given while the log grows and drops segments', () => {
    const log = new PartitionLog({ ...unlimited, retentionBytes: 4_000 });
    add(log, ['first']);
    const { records } = log.read(0, 1e6, false, true);
    const before = Buffer.from(records);
    for (let index = 0; index < 200; index += 1) add(log, [`later ${index}`.repeat(5)]);
    expect(log.logStartOffset).toBeGreaterThan(0);
    expect(records).toEqual(before);
  });

  it('bounds its bytes by dropping whole segments from the start', () => {
    const log = new PartitionLog({ ...unlimited, retentionBytes: 10_000 });
    const values = Array.from({ length: 500 }, (_unused, index) => `message ${index}`.padEnd(50));
    for (const value of values) {
      add(log, [value]);
      expect(log.bytes).toBeLessThan(10_000 + 2_000 + 200);
    }
    expect(log.bytes).toBeGreaterThanOrEqual(10_000);
    expect(codeOf(() => log.read(log.logStartOffset - 1, 1, false, true))).toBe(
      ErrorCode.OFFSET_OUT_OF_RANGE,
    );
    expect(codeOf(() => log.read(501, 1, false, true))).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
    expect(readAll(log, log.logStartOffset)).toEqual(values.slice(log.logStartOffset));
  });

  it('drops what is older than retention.ms, the segment being written too once all of it is', () => {
    const log = new PartitionLog({ ...unlimited, retentionMs: 1_000 });
    for (let index = 0; index < 50; index += 1) add(log, ['x'.repeat(80)], { timestampMs: index * 100 });
    expect(log.logStartOffset).toBeGreaterThan(0);
    expect(log.logStartOffset).toBeLessThan(41);
    log.enforceRetention(60_000);
    expect(log).toMatchObject({ logStartOffset: 50, highWatermark: 50, bytes: 0 });
  });

  it('begins at an offset below which messages were deleted', () => {
    const log = new PartitionLog(unlimited);
    for (let index = 0; index < 100; index += 1) add(log, [`m${index}`, `n${index}`]);
    log.deleteBefore(101);
    expect(log.logStartOffset).toBe(101);
    expect(readAll(log, 101)[0]).toBe('n50');
    log.deleteBefore(200);
    expect(log).toMatchObject({ logStartOffset: 200, highWatermark: 200, bytes: 0 });
    expect(add(log, ['next']).baseOffset).toBe(200);
  });

  it('finds the first message at or after a time, inside of its batch', () => {
    const log = new PartitionLog(unlimited);
    for (let index = 0; index < 50; index += 1) add(log, ['a', 'b'], { timestampMs: 1_000 + index * 10 });
    expect(log.offsetAtTime(0)).toMatchObject({ offset: 0, timestampMs: 1_000 });
    expect(log.offsetAtTime(1_201)).toMatchObject({ offset: 42, timestampMs: 1_210 });
    expect(log.offsetAtTime(1_491)).toBeUndefined();
    expect(log.offsetOfGreatestTime()).toMatchObject({ offset: 98, timestampMs: 1_490 });
  });

  describe('with idempotent producers', () => {
    const from = (baseSequence: number, producerEpoch = 0) => ({
      producerId: 5,
      producerEpoch,
      baseSequence,
    });

    it('answers any of the last five batches with its former offset, and stores it once', () => {
      const log = new PartitionLog(unlimited);
      for (let batch = 0; batch < 6; batch += 1) add(log, ['a', 'b'], from(batch * 2));
      for (let batch = 1; batch < 6; batch += 1) {
        expect(add(log, ['a', 'b'], from(batch * 2))).toEqual({ baseOffset: batch * 2, duplicate: true });
      }
      expect(log.highWatermark).toBe(12);
      expect(codeOf(() => add(log, ['a', 'b'], from(0)))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    });

    it('refuses a gap, an old epoch, and a new epoch that does not begin at 0', () => {
      const log = new PartitionLog(unlimited);
      add(log, ['a'], from(0, 1));
      expect(codeOf(() => add(log, ['b'], from(2, 1)))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
      expect(codeOf(() => add(log, ['b'], from(1, 0)))).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
      expect(codeOf(() => add(log, ['b'], from(1, 2)))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
      expect(add(log, ['b'], from(0, 2))).toEqual({ baseOffset: 1, duplicate: false });
    });

    it('goes on at 0 behind the greatest sequence number', () => {
      const log = new PartitionLog(unlimited);
      add(log, ['a', 'b', 'c'], from(2_147_483_646));
      expect(add(log, ['d'], from(1))).toEqual({ baseOffset: 3, duplicate: false });
    });

    it('forgets producers that have been silent', () => {
      const log = new PartitionLog(unlimited);
      add(log, ['a'], { ...from(0), timestampMs: 1_000 });
      add(log, ['a'], { ...from(0), producerId: 6, timestampMs: 2_000 });
      log.producers.forgetIdleSince(1_500);
      expect(log.producers.size).toBe(1);
    });
  });

  describe('with transactions', () => {
    const of = (producerId: number, baseSequence: number) => ({
      producerId,
      producerEpoch: 0,
      baseSequence,
      transactional: true,
    });

    it('shows readers of committed messages nothing from the first open transaction on', () => {
      const log = new PartitionLog(unlimited);
      add(log, ['plain']);
      add(log, ['one'], of(1, 0));
      add(log, ['two'], of(2, 0));
      expect(log.lastStableOffset).toBe(1);
      mark(log, true, 2);
      expect(log.lastStableOffset).toBe(1);
      expect(readAll(log, 0, true)).toEqual(['plain']);
      expect(readAll(log, 0)).toEqual(['plain', 'one', 'two']);
      mark(log, true, 1);
      expect(log.lastStableOffset).toBe(log.highWatermark);
      expect(readAll(log, 0, true)).toEqual(['plain', 'one', 'two']);
    });

    it('tells readers of committed messages which transactions were aborted', () => {
      const log = new PartitionLog(unlimited);
      add(log, ['one'], of(1, 0));
      add(log, ['two'], of(2, 0));
      mark(log, false, 1);
      mark(log, true, 2);
      const { abortedTransactions } = log.read(0, 1e6, true, true);
      expect(abortedTransactions).toEqual([{ producerId: 1, firstOffset: 0, lastOffset: 2 }]);
      expect(log.read(3, 1e6, true, true).abortedTransactions).toEqual([]);
      expect(log.read(0, 1e6, false, true).abortedTransactions).toBeNull();
    });
  });
});

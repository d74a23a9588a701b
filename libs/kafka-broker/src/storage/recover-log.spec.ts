import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom, tempDir } from '@scalelab/testing';
import { silentLogger } from '../logger';
import { readBatchHeader } from '../records/batch-header';
import { type BatchOptions, buildBatch } from '../records/build-batch';
import type { LogLimits, PartitionLog } from './partition-log';
import { recoverLog } from './recover-log';

const limits: LogLimits = {
  retentionBytes: -1,
  retentionMs: -1,
  segmentBytes: 2_000,
  maxMessageBytes: 1_000_000,
};

function add(log: PartitionLog, value: string, options: Partial<BatchOptions> = {}): Buffer {
  const batch = buildBatch([{ key: null, value: Buffer.from(value) }], { timestampMs: 1, ...options });
  log.append(batch, readBatchHeader(batch), 1);
  return batch;
}

const open = (folder: string) => recoverLog(folder, limits, 1, silentLogger);

function offsets(log: PartitionLog): number[] {
  const found: number[] = [];
  for (let offset = log.logStartOffset; offset < log.highWatermark;) {
    const { records } = log.read(offset, 1, false, true);
    const { baseOffset, lastOffset } = readBatchHeader(records);
    found.push(baseOffset);
    offset = lastOffset + 1;
  }
  return found;
}

const segmentFiles = (folder: string) =>
  readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name));

describe('recovery of a segment log', () => {
  it('has after a restart what it had before, and goes on there', () => {
    const folder = tempDir();
    const log = open(folder);
    for (let index = 0; index < 60; index += 1) add(log, `message ${index}`.padEnd(80));
    log.close();
    expect(segmentFiles(folder).length).toBeGreaterThan(2);
    const again = open(folder);
    expect(again).toMatchObject({ highWatermark: 60, bytes: log.bytes, segmentCount: log.segmentCount });
    add(again, 'next');
    again.close();
    expect(offsets(open(folder))).toEqual(Array.from({ length: 61 }, (_unused, index) => index));
  });

  it('cuts off a last batch of which any part is missing, and nothing else', () => {
    const folder = tempDir();
    const log = open(folder);
    add(log, 'kept');
    const torn = add(log, 'torn');
    log.close();
    const [file = ''] = segmentFiles(folder);
    const whole = readFileSync(file);
    for (let missing = 1; missing <= torn.length; missing += 1) {
      writeFileSync(file, whole.subarray(0, whole.length - missing));
      const recovered = open(folder);
      expect(recovered.highWatermark).toBe(1);
      add(recovered, 'again');
      recovered.close();
      expect(offsets(open(folder))).toEqual([0, 1]);
    }
  });

  it('cuts off garbage behind the last batch', () => {
    const folder = tempDir();
    const log = open(folder);
    add(log, 'kept');
    log.close();
    const [file = ''] = segmentFiles(folder);
    const random = seededRandom(5);
    appendFileSync(file, Buffer.from(Array.from({ length: 200 }, () => random.int(0, 255))));
    expect(offsets(open(folder))).toEqual([0]);
    expect(readFileSync(file)).toHaveLength(log.bytes);
  });

  it('refuses to start on a segment that is damaged before the last one', () => {
    const folder = tempDir();
    const log = open(folder);
    for (let index = 0; index < 60; index += 1) add(log, `message ${index}`.padEnd(80));
    log.close();
    const [first = ''] = segmentFiles(folder);
    const bytes = readFileSync(first);
    bytes[100]! ^= 1;
    writeFileSync(first, bytes);
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'DataDirCorrupt' }));
  });

  it('refuses to start when a segment is missing between two', () => {
    const folder = tempDir();
    const log = open(folder);
    for (let index = 0; index < 60; index += 1) add(log, `message ${index}`.padEnd(80));
    log.close();
    const [first = '', second = ''] = segmentFiles(folder);
    writeFileSync(first, readFileSync(first).subarray(0, 0));
    expect(second).not.toBe('');
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'DataDirCorrupt' }));
  });

  it('knows idempotent producers and open transactions again', () => {
    const folder = tempDir();
    const log = open(folder);
    const of = (baseSequence: number) => ({
      producerId: 3,
      producerEpoch: 0,
      baseSequence,
      transactional: true,
    });
    add(log, 'plain');
    add(log, 'a', of(0));
    add(log, 'b', of(1));
    log.close();
    const again = open(folder);
    expect(again.lastStableOffset).toBe(1);
    expect(again.transactions.isOpen(3)).toBe(true);
    const batch = buildBatch([{ key: null, value: Buffer.from('b') }], { timestampMs: 1, ...of(1) });
    expect(again.append(batch, readBatchHeader(batch), 1)).toEqual({ baseOffset: 2, duplicate: true });
  });

  it('keeps the offset of a log that retention has emptied', () => {
    const folder = tempDir();
    const log = open(folder);
    for (let index = 0; index < 5; index += 1) add(log, 'gone');
    log.deleteBefore(5);
    log.close();
    expect(open(folder)).toMatchObject({ logStartOffset: 5, highWatermark: 5 });
  });
});

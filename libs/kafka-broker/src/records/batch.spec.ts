import { gzipSync } from 'node:zlib';
import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { batchHeaderBytes, crcStart, placeBatch, readBatchHeader } from './batch-header';
import { buildBatch, buildTransactionMarker } from './build-batch';
import { crc32c } from './crc32c';
import { readRecords } from './read-records';
import { validateBatch } from './validate-batch';

const record = (value: string) => ({ key: Buffer.from('k'), value: Buffer.from(value) });
const batch = () => buildBatch([record('one'), record('two')], { timestampMs: 1_000 });
const signed = (bytes: Buffer) => {
  bytes.writeUInt32BE(crc32c(bytes, crcStart), 17);
  return bytes;
};

function codeOf(bytes: Buffer | null, maxMessageBytes = 10_000): number {
  try {
    validateBatch(bytes, maxMessageBytes);
    return ErrorCode.NONE;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

describe('a record batch', () => {
  it('has the header that was asked for', () => {
    const bytes = buildBatch([record('a'), record('b'), record('c')], {
      timestampMs: 1_700_000_000_000,
      producerId: 4_294_967_297,
      producerEpoch: 3,
      baseSequence: 7,
      transactional: true,
    });
    expect(readBatchHeader(bytes)).toMatchObject({
      baseOffset: 0,
      lastOffset: 2,
      byteLength: bytes.length,
      magic: 2,
      compression: 0,
      transactional: true,
      control: false,
      firstTimestamp: 1_700_000_000_000,
      maxTimestamp: 1_700_000_000_000,
      producerId: 4_294_967_297,
      producerEpoch: 3,
      baseSequence: 7,
      recordCount: 3,
    });
  });

  it('gets its place in the log without a change of what the CRC covers', () => {
    const bytes = batch();
    const before = Buffer.from(bytes);
    placeBatch(bytes, 0, 5_000_000_000, 0);
    expect(readBatchHeader(bytes)).toMatchObject({ baseOffset: 5_000_000_000, lastOffset: 5_000_000_001 });
    expect(bytes.subarray(16)).toEqual(before.subarray(16));
    expect(codeOf(bytes)).toBe(ErrorCode.NONE);
  });

  it('gives its records back, compressed or not', () => {
    const plain = batch();
    const body = gzipSync(plain.subarray(batchHeaderBytes));
    const zipped = Buffer.concat([plain.subarray(0, batchHeaderBytes), body]);
    zipped.writeInt32BE(zipped.length - 12, 8);
    zipped.writeInt16BE(1, 21);
    for (const bytes of [plain, signed(zipped)]) {
      expect(codeOf(bytes)).toBe(ErrorCode.NONE);
      expect(readRecords(bytes)?.map(({ offset, value }) => [offset, String(value)])).toEqual([
        [0, 'one'],
        [1, 'two'],
      ]);
    }
  });

  it.each([true, false])('tells in a marker whether the transaction was committed (%s)', (committed) => {
    const marker = buildTransactionMarker(committed, 9, 1, 1_000);
    expect(readBatchHeader(marker)).toMatchObject({ control: true, transactional: true, producerId: 9 });
    expect(readRecords(marker)?.[0]?.key).toEqual(Buffer.from([0, 0, 0, committed ? 1 : 0]));
  });

  const changed = (change: (bytes: Buffer) => void) => {
    const bytes = batch();
    change(bytes);
    return signed(bytes);
  };

  it.each<[string, Buffer | null, number]>([
    ['nothing', null, ErrorCode.CORRUPT_MESSAGE],
    ['half a header', batch().subarray(0, 40), ErrorCode.CORRUPT_MESSAGE],
    ['a batch without its end', batch().subarray(0, -1), ErrorCode.CORRUPT_MESSAGE],
    ['two batches', Buffer.concat([batch(), batch()]), ErrorCode.INVALID_RECORD],
    ['an older message format', changed((b) => b.writeInt8(1, 16)), ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT],
    ['an unknown compression', changed((b) => b.writeInt16BE(5, 21)), ErrorCode.UNSUPPORTED_COMPRESSION_TYPE],
    ['a time of the broker', changed((b) => b.writeInt16BE(8, 21)), ErrorCode.INVALID_TIMESTAMP],
    ['a marker', buildTransactionMarker(true, 1, 0, 0), ErrorCode.INVALID_RECORD],
    ['no records', changed((b) => b.writeInt32BE(0, 57)), ErrorCode.INVALID_RECORD],
    ['more records than offsets', changed((b) => b.writeInt32BE(3, 57)), ErrorCode.INVALID_RECORD],
    [
      'records that run past the batch',
      changed((b) => b.writeInt8(127, batchHeaderBytes)),
      ErrorCode.INVALID_RECORD,
    ],
    [
      'bytes behind the last record',
      changed((b) => {
        b.writeInt32BE(0, 23);
        b.writeInt32BE(1, 57);
      }),
      ErrorCode.INVALID_RECORD,
    ],
  ])('is refused when it is %s', (_name, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('is refused when one bit is wrong, whichever', () => {
    const good = batch();
    const accepted: number[] = [];
    for (let bit = crcStart * 8; bit < good.length * 8; bit += 1) {
      const bad = Buffer.from(good);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      if (codeOf(bad) !== ErrorCode.CORRUPT_MESSAGE) accepted.push(bit);
    }
    expect(accepted).toEqual([]);
  });

  it('is refused beyond max.message.bytes', () => {
    const bytes = batch();
    expect(codeOf(bytes, bytes.length)).toBe(ErrorCode.NONE);
    expect(codeOf(bytes, bytes.length - 1)).toBe(ErrorCode.MESSAGE_TOO_LARGE);
  });
});

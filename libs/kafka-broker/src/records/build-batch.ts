import { ByteWriter } from '../protocol/byte-writer';
import { batchHeaderBytes, crcStart, writeInt64 } from './batch-header';
import { crc32c } from './crc32c';

export interface PlainRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export interface BatchOptions {
  /** Milliseconds since the epoch, for every record. */
  readonly timestampMs: number;
  /** Default -1: not idempotent. */
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  /** Default false. */
  readonly transactional?: boolean;
  /** Default false. */
  readonly control?: boolean;
  readonly leaderEpoch?: number;
}

/** One uncompressed record batch with base offset 0. */
export function buildBatch(records: readonly PlainRecord[], options: BatchOptions): Buffer {
  const body = new ByteWriter();
  records.forEach((record, index) => writeRecord(body, record, index));
  const batch = Buffer.concat([Buffer.alloc(batchHeaderBytes), ...body.finish()]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(options.leaderEpoch ?? 0, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE((options.transactional ? 0x10 : 0) | (options.control ? 0x20 : 0), 21);
  batch.writeInt32BE(records.length - 1, 23);
  writeInt64(batch, 27, options.timestampMs);
  writeInt64(batch, 35, options.timestampMs);
  writeInt64(batch, 43, options.producerId ?? -1);
  batch.writeInt16BE(options.producerEpoch ?? -1, 51);
  batch.writeInt32BE(options.baseSequence ?? -1, 53);
  batch.writeInt32BE(records.length, 57);
  batch.writeUInt32BE(crc32c(batch, crcStart), 17);
  return batch;
}

function writeRecord(to: ByteWriter, record: PlainRecord, offsetDelta: number): void {
  const fields = new ByteWriter(64);
  fields.int8(0);
  fields.varlong(0);
  fields.varint(offsetDelta);
  writeField(fields, record.key);
  writeField(fields, record.value);
  fields.varint(0);
  to.varint(fields.length);
  for (const part of fields.finish()) to.bytes(part);
}

function writeField(to: ByteWriter, value: Buffer | null): void {
  to.varint(value === null ? -1 : value.length);
  if (value !== null) to.bytes(value);
}

/** The marker that ends a transaction in a partition. Its key is version 0 and type 0 (abort) or 1 (commit). */
export function buildTransactionMarker(
  committed: boolean,
  producerId: number,
  producerEpoch: number,
  timestampMs: number,
): Buffer {
  const key = Buffer.from([0, 0, 0, committed ? 1 : 0]);
  const value = Buffer.alloc(6);
  return buildBatch([{ key, value }], {
    timestampMs,
    producerId,
    producerEpoch,
    transactional: true,
    control: true,
  });
}

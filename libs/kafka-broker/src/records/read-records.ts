import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { ByteReader } from '../protocol/byte-reader';
import { batchHeaderBytes, readBatchHeader } from './batch-header';

export interface ReadRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/**
 * The records of one batch at `position`. Undefined where Node has no decompressor (snappy, lz4).
 * Only needed to find an offset by time; messages themselves pass through unread.
 */
export function readRecords(bytes: Buffer, position = 0): ReadRecord[] | undefined {
  const header = readBatchHeader(bytes, position);
  const body = decompress(
    bytes.subarray(position + batchHeaderBytes, position + header.byteLength),
    header.compression,
  );
  if (!body) return undefined;
  const reader = new ByteReader(body);
  const records: ReadRecord[] = [];
  for (let left = header.recordCount; left > 0; left -= 1) {
    const record = new ByteReader(reader.slice(reader.varint()));
    record.int8();
    const timestampMs = header.firstTimestamp + record.varlong();
    const offset = header.baseOffset + record.varint();
    records.push({ offset, timestampMs, key: readField(record), value: readField(record) });
  }
  return records;
}

function readField(from: ByteReader): Buffer | null {
  const length = from.varint();
  return length < 0 ? null : from.slice(length);
}

function decompress(body: Buffer, compression: number): Buffer | undefined {
  // A bound on what a small hostile batch may grow to.
  const options = { maxOutputLength: 268_435_456 };
  if (compression === 0) return body;
  if (compression === 1) return gunzipSync(body, options);
  if (compression === 4) return zstdDecompressSync(body, options);
  return undefined;
}

/** Byte positions in a record batch (magic 2). The CRC covers everything from `attributes` on. */
const at = {
  baseOffset: 0,
  batchLength: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

/** Bytes before the first record. */
export const batchHeaderBytes = 61;

/** Bytes before what `batchLength` counts. */
const lengthPrefixBytes = 12;

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

export interface BatchHeader {
  readonly baseOffset: number;
  /** Bytes of the whole batch. */
  readonly byteLength: number;
  readonly magic: number;
  readonly crc: number;
  /** Index in `compressions`. */
  readonly compression: number;
  /** The broker's append time instead of the producer's time. */
  readonly logAppendTime: boolean;
  readonly transactional: boolean;
  /** A transaction marker: no record of a user. */
  readonly control: boolean;
  readonly lastOffset: number;
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  /** -1 for a producer that is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Bytes of the batch at `position`; undefined when not even its length is there. */
export function batchByteLength(bytes: Buffer, position: number): number | undefined {
  if (position + lengthPrefixBytes > bytes.length) return undefined;
  return lengthPrefixBytes + bytes.readInt32BE(position + at.batchLength);
}

/** Reads the header of the batch at `position`, which must have `batchHeaderBytes` bytes there. */
export function readBatchHeader(bytes: Buffer, position = 0): BatchHeader {
  const attributes = bytes.readInt16BE(position + at.attributes);
  const baseOffset = readInt64(bytes, position + at.baseOffset);
  return {
    baseOffset,
    byteLength: lengthPrefixBytes + bytes.readInt32BE(position + at.batchLength),
    magic: bytes.readInt8(position + at.magic),
    crc: bytes.readUInt32BE(position + at.crc),
    compression: attributes & 0x07,
    logAppendTime: (attributes & 0x08) !== 0,
    transactional: (attributes & 0x10) !== 0,
    control: (attributes & 0x20) !== 0,
    lastOffset: baseOffset + bytes.readInt32BE(position + at.lastOffsetDelta),
    firstTimestamp: readInt64(bytes, position + at.firstTimestamp),
    maxTimestamp: readInt64(bytes, position + at.maxTimestamp),
    producerId: readInt64(bytes, position + at.producerId),
    producerEpoch: bytes.readInt16BE(position + at.producerEpoch),
    baseSequence: bytes.readInt32BE(position + at.baseSequence),
    recordCount: bytes.readInt32BE(position + at.recordCount),
  };
}

/** Where the CRC's cover begins. */
export const crcStart = at.attributes;

/** Places a batch in a log: base offset and leader epoch are outside the CRC, so that nothing else has to change. */
export function placeBatch(bytes: Buffer, position: number, baseOffset: number, leaderEpoch: number): void {
  writeInt64(bytes, position + at.baseOffset, baseOffset);
  bytes.writeInt32BE(leaderEpoch, position + at.leaderEpoch);
}

const twoTo32 = 4_294_967_296;

export function readInt64(bytes: Buffer, position: number): number {
  return bytes.readInt32BE(position) * twoTo32 + bytes.readUInt32BE(position + 4);
}

export function writeInt64(bytes: Buffer, position: number, value: number): void {
  const high = Math.floor(value / twoTo32);
  bytes.writeInt32BE(high, position);
  bytes.writeUInt32BE(value - high * twoTo32, position + 4);
}

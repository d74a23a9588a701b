import { MalformedMessage } from './malformed';

const twoTo32 = 4_294_967_296;

/** Reads Kafka's primitive types from a buffer; every read past the end is a MalformedMessage. */
export class ByteReader {
  private position = 0;

  constructor(
    private readonly buffer: Buffer,
    private end = buffer.length,
  ) {}

  get remaining(): number {
    return this.end - this.position;
  }

  int8(): number {
    return this.buffer.readInt8(this.take(1));
  }

  int16(): number {
    return this.buffer.readInt16BE(this.take(2));
  }

  int32(): number {
    return this.buffer.readInt32BE(this.take(4));
  }

  /** Exact up to 2^53; larger magnitudes are rounded to the nearest double. */
  int64(): number {
    const at = this.take(8);
    return this.buffer.readInt32BE(at) * twoTo32 + this.buffer.readUInt32BE(at + 4);
  }

  /** Unsigned LEB128 of at most 32 bits. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.take(1)] ?? 0;
      if (shift === 28 && byte > 0x0f) throw new MalformedMessage('a varint is longer than 32 bits');
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new MalformedMessage('a varint is longer than 5 bytes');
  }

  /** Zigzag-coded 32-bit integer, as in records. */
  varint(): number {
    const raw = this.uvarint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** Zigzag-coded 64-bit integer; exact up to 2^53. */
  varlong(): number {
    let raw = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.take(1)] ?? 0;
      raw |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number((raw >> 1n) ^ -(raw & 1n));
    }
    throw new MalformedMessage('a varlong is longer than 10 bytes');
  }

  /** The next `length` bytes, without a copy. */
  slice(length: number): Buffer {
    const at = this.take(length);
    return this.buffer.subarray(at, at + length);
  }

  utf8(length: number): string {
    const at = this.take(length);
    return this.buffer.toString('utf8', at, at + length);
  }

  skip(length: number): void {
    this.take(length);
  }

  private take(length: number): number {
    const at = this.position;
    if (length < 0 || at + length > this.end) {
      throw new MalformedMessage(`${length} bytes wanted at byte ${at}, ${this.end - at} left`);
    }
    this.position = at + length;
    return at;
  }
}

const twoTo32 = 4_294_967_296;

/**
 * Writes Kafka's primitive types. Large byte fields are kept by reference, not copied, so that a fetch answer costs no copy of
 * the log: the result is a list of buffers for one gathered write.
 */
export class ByteWriter {
  private readonly parts: Buffer[] = [];
  private chunk: Buffer;
  private start = 0;
  private position = 0;
  private flushed = 0;

  constructor(initialBytes = 512) {
    this.chunk = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.flushed + this.position - this.start;
  }

  int8(value: number): void {
    const at = this.room(1);
    this.chunk.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.room(2);
    this.chunk.writeInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.room(4);
    this.chunk.writeInt32BE(value, at);
  }

  int64(value: number): void {
    const at = this.room(8);
    const high = Math.floor(value / twoTo32);
    this.chunk.writeInt32BE(high, at);
    this.chunk.writeUInt32BE(value - high * twoTo32, at + 4);
  }

  uvarint(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  varint(value: number): void {
    this.uvarint((value << 1) ^ (value >> 31));
  }

  varlong(value: number): void {
    let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
    while (rest > 0x7fn) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  bytes(value: Uint8Array): void {
    const at = this.room(value.length);
    this.chunk.set(value, at);
  }

  /** Adds `value` by reference: it must not change afterwards. */
  reference(value: Buffer): void {
    if (value.length < 1024) return this.bytes(value);
    this.flush();
    this.parts.push(value);
    this.flushed += value.length;
  }

  utf8(value: string): void {
    const at = this.room(Buffer.byteLength(value));
    this.chunk.write(value, at);
  }

  /** What was written, in order. The writer must not be used afterwards. */
  finish(): Buffer[] {
    this.flush();
    return this.parts;
  }

  private byte(value: number): void {
    // First the room, which may begin another chunk.
    const at = this.room(1);
    this.chunk[at] = value;
  }

  private flush(): void {
    if (this.position === this.start) return;
    this.parts.push(this.chunk.subarray(this.start, this.position));
    this.flushed += this.position - this.start;
    this.start = this.position;
  }

  private room(length: number): number {
    if (this.position + length > this.chunk.length) {
      this.flush();
      this.chunk = Buffer.allocUnsafe(Math.max(length, Math.min(this.chunk.length * 2, 65_536)));
      this.start = 0;
      this.position = 0;
    }
    const at = this.position;
    this.position += length;
    return at;
  }
}

import { MalformedMessage } from '../protocol/malformed';

const lengthBytes = 4;

/** Cuts a byte stream into frames: a 32-bit length, then so many bytes. */
export class FrameAssembler {
  private chunks: Buffer[] = [];
  private buffered = 0;

  constructor(private readonly maxFrameBytes: number) {}

  /**
   * Takes in what came and gives the frames that are whole now, as slices where a chunk holds them.
   * @throws MalformedMessage when a length is negative or beyond the maximum.
   */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    const frames: Buffer[] = [];
    while (this.buffered >= lengthBytes) {
      const length = this.peekLength();
      if (length < 0 || length > this.maxFrameBytes) {
        throw new MalformedMessage(`a request of ${length} bytes, allowed are 0 to ${this.maxFrameBytes}`);
      }
      if (this.buffered < lengthBytes + length) break;
      frames.push(this.take(lengthBytes + length).subarray(lengthBytes));
    }
    return frames;
  }

  private peekLength(): number {
    const first = this.chunks[0]!;
    if (first.length >= lengthBytes) return first.readInt32BE(0);
    this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!.readInt32BE(0);
  }

  private take(length: number): Buffer {
    let first = this.chunks[0]!;
    if (first.length < length) {
      first = Buffer.concat(this.chunks);
      this.chunks = [first];
    }
    if (first.length === length) this.chunks.shift();
    else this.chunks[0] = first.subarray(length);
    this.buffered -= length;
    return first.subarray(0, length);
  }
}

import { batchByteLength, placeBatch, readBatchHeader, readInt64 } from '../records/batch-header';
import { OffsetIndex } from './offset-index';
import type { SegmentFile } from './segment-file';

/**
 * A stretch of a partition's log in one growing buffer. Bytes below `size` never change, so that readers hold slices of the
 * buffer while it grows (growing moves to a new buffer and leaves the old one to them).
 */
export class Segment {
  nextOffset: number;
  maxTimestampMs = -1;
  size = 0;
  private buffer: Buffer;
  private readonly index = new OffsetIndex();

  constructor(
    readonly baseOffset: number,
    private readonly capacityBytes: number,
    private readonly file?: SegmentFile,
    recovered?: Buffer,
  ) {
    this.nextOffset = baseOffset;
    this.buffer = recovered ?? Buffer.alloc(0);
  }

  hasRoomFor(byteLength: number): boolean {
    return this.size === 0 || this.size + byteLength <= this.capacityBytes;
  }

  /**
   * Copies the batch to the end and gives it its base offset; the file, when there is one, is written before readers see it.
   * @throws the file system's error; the segment is then as it was.
   */
  append(batch: Buffer, baseOffset: number, lastOffset: number, maxTimestampMs: number): void {
    this.grow(this.size + batch.length);
    batch.copy(this.buffer, this.size);
    placeBatch(this.buffer, this.size, baseOffset, 0);
    this.file?.append(this.buffer.subarray(this.size, this.size + batch.length), this.size);
    this.note(batch.length, baseOffset, lastOffset, maxTimestampMs);
  }

  /** Takes in the next batch of the recovered buffer, which already lies where it belongs. */
  adopt(byteLength: number, baseOffset: number, lastOffset: number, maxTimestampMs: number): void {
    this.note(byteLength, baseOffset, lastOffset, maxTimestampMs);
  }

  /**
   * Whole batches from the one that holds `offset` on: at most `maxBytes`, none that begins at `limitOffset` or later. When the
   * first alone is larger than `maxBytes`, it is given if `atLeastOne`. The slice shares the segment's memory.
   */
  read(offset: number, maxBytes: number, limitOffset: number, atLeastOne: boolean): Buffer {
    const start = this.positionOf(offset);
    let end = start;
    if (this.size - start <= maxBytes && limitOffset >= this.nextOffset) end = this.size;
    else {
      const near = this.index.lastPositionWithin(start + maxBytes);
      if (near > start && readInt64(this.buffer, near) < limitOffset) end = near;
      end = this.walkForward(end, start + maxBytes, limitOffset);
      if (end === start && atLeastOne) end = this.walkForward(start, start, limitOffset, true);
    }
    return this.buffer.subarray(start, end);
  }

  /** Headers of the segment's batches with their positions, from the one that holds `offset` on. */
  *batches(offset = this.baseOffset): Generator<{ position: number; bytes: Buffer }> {
    for (let position = this.positionOf(offset); position < this.size;) {
      const next = position + (batchByteLength(this.buffer, position) ?? this.size);
      yield { position, bytes: this.buffer.subarray(position, next) };
      position = next;
    }
  }

  close(): void {
    this.file?.close();
  }

  remove(): void {
    this.file?.remove();
  }

  private positionOf(offset: number): number {
    let position = this.index.positionAtOrBefore(offset);
    while (position < this.size) {
      const header = readBatchHeader(this.buffer, position);
      if (header.lastOffset >= offset) break;
      position += header.byteLength;
    }
    return position;
  }

  private walkForward(from: number, limit: number, limitOffset: number, oneOnly = false): number {
    let end = from;
    while (end < this.size && readInt64(this.buffer, end) < limitOffset) {
      const next = end + (batchByteLength(this.buffer, end) ?? 0);
      if (oneOnly) return next;
      if (next > limit) break;
      end = next;
    }
    return end;
  }

  private note(byteLength: number, baseOffset: number, lastOffset: number, maxTimestampMs: number): void {
    this.index.add(baseOffset, this.size);
    this.size += byteLength;
    this.nextOffset = lastOffset + 1;
    this.maxTimestampMs = Math.max(this.maxTimestampMs, maxTimestampMs);
  }

  private grow(needed: number): void {
    if (needed <= this.buffer.length) return;
    const doubled = Math.min(Math.max(this.buffer.length * 2, 4_096), this.capacityBytes);
    // Not from Node's shared pool: a segment's memory must go when the segment goes.
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, doubled));
    this.buffer.copy(grown, 0, 0, this.size);
    this.buffer = grown;
  }
}

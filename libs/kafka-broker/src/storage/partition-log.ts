import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { type BatchHeader, batchHeaderBytes, readBatchHeader } from '../records/batch-header';
import { readRecords } from '../records/read-records';
import { type AbortedTransaction, LogTransactions } from './log-transactions';
import { ProducerStates } from './producer-states';
import { Segment } from './segment';
import { SegmentFile } from './segment-file';

export interface LogLimits {
  /** -1 for no limit. */
  readonly retentionBytes: number;
  /** -1 for no limit. */
  readonly retentionMs: number;
  readonly segmentBytes: number;
  readonly maxMessageBytes: number;
}

export interface Appended {
  readonly baseOffset: number;
  /** The batch was in the log already: nothing was written. */
  readonly duplicate: boolean;
}

export interface ReadResult {
  readonly records: Buffer;
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
}

export interface OffsetAndTime {
  readonly offset: number;
  readonly timestampMs: number;
}

const nothing: Buffer = Buffer.alloc(0);

/** The messages of one partition, oldest segment first; only the last one is written to. */
export class PartitionLog {
  readonly producers = new ProducerStates();
  readonly transactions = new LogTransactions();
  /** Called after every append. */
  readonly readers = new Set<() => void>();
  private readonly segments: Segment[];
  private startOffset: number;
  private byteCount: number;

  constructor(
    public limits: LogLimits,
    private readonly folder?: string,
    segments: readonly Segment[] = [],
  ) {
    this.segments = [...segments];
    this.startOffset = this.segments[0]?.baseOffset ?? 0;
    this.byteCount = this.segments.reduce((sum, segment) => sum + segment.size, 0);
    if (this.segments.length === 0) this.addSegment(0);
  }

  get logStartOffset(): number {
    return this.startOffset;
  }

  get highWatermark(): number {
    return this.active.nextOffset;
  }

  get lastStableOffset(): number {
    return this.transactions.lastStableOffset(this.highWatermark);
  }

  get bytes(): number {
    return this.byteCount;
  }

  get segmentCount(): number {
    return this.segments.length;
  }

  /**
   * Appends a checked batch of a producer.
   * @throws ProtocolError of the sequence check; the file system's error when the segment could not be written.
   */
  append(batch: Buffer, header: BatchHeader, nowMs: number): Appended {
    const idempotent = header.producerId >= 0;
    const before = idempotent && !header.control ? this.producers.check(header) : undefined;
    if (before !== undefined) return { baseOffset: before, duplicate: true };
    if (!this.active.hasRoomFor(batch.length)) this.addSegment(this.highWatermark);
    const baseOffset = this.highWatermark;
    const lastOffset = baseOffset + header.lastOffset - header.baseOffset;
    this.active.append(batch, baseOffset, lastOffset, header.maxTimestamp);
    this.byteCount += batch.length;
    if (idempotent) {
      this.producers.note(header, baseOffset, nowMs);
      this.transactions.note(header, baseOffset, isCommitMarker(header, batch));
    }
    this.enforceRetention(nowMs);
    for (const wake of this.readers) wake();
    return { baseOffset, duplicate: false };
  }

  /**
   * Whole batches from `offset` on.
   * @throws ProtocolError `OFFSET_OUT_OF_RANGE` outside of what the log holds.
   */
  read(offset: number, maxBytes: number, committedOnly: boolean, atLeastOne: boolean): ReadResult {
    const limit = committedOnly ? this.lastStableOffset : this.highWatermark;
    if (offset < this.startOffset || offset > this.highWatermark) {
      throw new ProtocolError(
        ErrorCode.OFFSET_OUT_OF_RANGE,
        `offset ${offset} is outside of ${this.startOffset} to ${this.highWatermark}`,
      );
    }
    if (offset >= limit) return { records: nothing, abortedTransactions: committedOnly ? [] : null };
    const records = this.segmentOf(offset).read(offset, maxBytes, limit, atLeastOne);
    // Up to the segment's end covers what was read; an aborted transaction too many does no harm.
    const end = Math.min(limit, this.segmentOf(offset).nextOffset);
    return {
      records,
      abortedTransactions: committedOnly ? this.transactions.abortedIn(offset, end) : null,
    };
  }

  /** The first message at `timestampMs` or later. */
  offsetAtTime(timestampMs: number): OffsetAndTime | undefined {
    for (const segment of this.segments) {
      if (segment.maxTimestampMs < timestampMs) continue;
      for (const { bytes } of segment.batches(Math.max(this.startOffset, segment.baseOffset))) {
        const header = readBatchHeader(bytes);
        if (header.maxTimestamp < timestampMs || header.control) continue;
        const exact = readRecords(bytes)?.find(
          (record) => record.timestampMs >= timestampMs && record.offset >= this.startOffset,
        );
        return exact ?? { offset: header.baseOffset, timestampMs: header.firstTimestamp };
      }
    }
    return undefined;
  }

  /** The message with the greatest timestamp, the first of equals. */
  offsetOfGreatestTime(): OffsetAndTime | undefined {
    const greatest = Math.max(...this.segments.map((segment) => segment.maxTimestampMs));
    return greatest < 0 ? undefined : this.offsetAtTime(greatest);
  }

  /** Makes `offset` the first that can be read, and drops the segments that end before it. */
  deleteBefore(offset: number): void {
    this.startOffset = Math.min(Math.max(this.startOffset, offset), this.highWatermark);
    if (this.startOffset === this.highWatermark && this.active.size > 0) this.addSegment(this.highWatermark);
    while (this.segments.length > 1 && this.segments[0]!.nextOffset <= this.startOffset) this.dropOldest();
  }

  /** Drops what retention by bytes and by time no longer keeps; never the segment being written. */
  enforceRetention(nowMs: number): void {
    const { retentionBytes, retentionMs } = this.limits;
    if (retentionMs >= 0 && this.active.size > 0 && this.active.maxTimestampMs < nowMs - retentionMs) {
      this.addSegment(this.highWatermark);
    }
    while (this.segments.length > 1) {
      const oldest = this.segments[0]!;
      const tooMuch = retentionBytes >= 0 && this.bytes - oldest.size >= retentionBytes;
      const tooOld = retentionMs >= 0 && oldest.maxTimestampMs < nowMs - retentionMs;
      if (!tooMuch && !tooOld) return;
      this.dropOldest();
    }
  }

  /** Drops the oldest segment; false when only the one being written is left. */
  dropOldest(): boolean {
    if (this.segments.length < 2) return false;
    const oldest = this.segments.shift();
    this.byteCount -= oldest?.size ?? 0;
    oldest?.remove();
    this.startOffset = Math.max(this.startOffset, this.segments[0]!.baseOffset);
    this.transactions.forgetBefore(this.startOffset);
    return true;
  }

  close(): void {
    for (const segment of this.segments) segment.close();
  }

  private get active(): Segment {
    return this.segments.at(-1)!;
  }

  private segmentOf(offset: number): Segment {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.segments[middle]!.baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return this.segments[low]!;
  }

  private addSegment(baseOffset: number): void {
    const previous = this.segments.at(-1);
    const file = this.folder === undefined ? undefined : SegmentFile.at(this.folder, baseOffset);
    this.segments.push(new Segment(baseOffset, this.limits.segmentBytes, file));
    previous?.close();
  }
}

/** A marker's first record has the key {version 0, type}; type 1 says commit. */
export function isCommitMarker(header: BatchHeader, batch: Buffer): boolean {
  if (!header.control || batch.length <= batchHeaderBytes) return false;
  const key = readRecords(batch)?.[0]?.key;
  return key !== undefined && key !== null && key.length >= 4 && key.readInt16BE(2) === 1;
}

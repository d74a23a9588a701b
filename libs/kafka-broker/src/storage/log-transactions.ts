import type { BatchHeader } from '../records/batch-header';

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the abort marker. */
  readonly lastOffset: number;
}

/** The transactions of one partition: those still open hold back readers of committed messages. */
export class LogTransactions {
  private readonly open = new Map<number, number>();
  private aborted: AbortedTransaction[] = [];

  /** Notes a batch of the log; `committed` tells what a marker says. */
  note(header: BatchHeader, baseOffset: number, committed: boolean): void {
    if (!header.transactional) return;
    const firstOffset = this.open.get(header.producerId);
    if (!header.control) {
      if (firstOffset === undefined) this.open.set(header.producerId, baseOffset);
      return;
    }
    this.open.delete(header.producerId);
    if (!committed && firstOffset !== undefined) {
      this.aborted.push({ producerId: header.producerId, firstOffset, lastOffset: baseOffset });
    }
  }

  isOpen(producerId: number): boolean {
    return this.open.has(producerId);
  }

  /** First offset that readers of committed messages may not see. */
  lastStableOffset(highWatermark: number): number {
    let lowest = highWatermark;
    for (const firstOffset of this.open.values()) lowest = Math.min(lowest, firstOffset);
    return lowest;
  }

  /** Aborted transactions with messages in `[from, to)`: the reader skips those messages. */
  abortedIn(from: number, to: number): AbortedTransaction[] {
    return this.aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to);
  }

  forgetBefore(offset: number): void {
    this.aborted = this.aborted.filter(({ lastOffset }) => lastOffset >= offset);
  }
}

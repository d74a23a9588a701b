/**
 * Tracks which records of one partition's batch are finished, and how far the finished ones reach without a gap.
 * Only that far may be committed: committing past an unfinished record would lose it.
 */
export class ContiguousOffsets {
  private readonly offsets: string[] = [];
  private readonly done: boolean[] = [];
  private next = 0;

  /** A record was started; offsets come in ascending order. Returns the place to pass to `finished`. */
  started(offset: string): number {
    this.done.push(false);
    return this.offsets.push(offset) - 1;
  }

  finished(place: number): void {
    this.done[place] = true;
    while (this.done[this.next]) this.next += 1;
  }

  /** The highest offset up to which everything started is finished; null when the first one is not. */
  get highest(): string | null {
    return this.offsets[this.next - 1] ?? null;
  }

  /** The offset to commit: the one after `highest`. */
  get nextToCommit(): string | null {
    const highest = this.highest;
    return highest === null ? null : (BigInt(highest) + 1n).toString();
  }
}

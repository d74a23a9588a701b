/** Positions of some batches of a segment, about one every `everyBytes`: the rest is found by walking on from the nearest. */
export class OffsetIndex {
  private readonly offsets: number[] = [];
  private readonly positions: number[] = [];

  constructor(private readonly everyBytes = 4_096) {}

  /** Notes a batch, unless the last noted one is near. */
  add(baseOffset: number, position: number): void {
    const last = this.positions.at(-1);
    if (last !== undefined && position - last < this.everyBytes) return;
    this.offsets.push(baseOffset);
    this.positions.push(position);
  }

  /** Position of a noted batch at or before `offset`; 0 when there is none. */
  positionAtOrBefore(offset: number): number {
    return this.positions[lastAtMost(this.offsets, offset)] ?? 0;
  }

  /** The largest noted position that is not beyond `limit`; 0 when there is none. */
  lastPositionWithin(limit: number): number {
    return this.positions[lastAtMost(this.positions, limit)] ?? 0;
  }
}

/** Index of the last of the ascending `values` that is at most `limit`, or -1. */
function lastAtMost(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A place in the heap. Belongs to one heap at a time. */
export interface Timed {
  /** Milliseconds of the clock. */
  dueAt: number;
  /** Index in the heap; -1 outside. Written by the heap only. */
  slot: number;
}

/** Binary min-heap by `dueAt` whose entries know their place, so that any of them leaves in O(log n). */
export class DeadlineHeap<Entry extends Timed> {
  private readonly entries: Entry[] = [];

  get size(): number {
    return this.entries.length;
  }

  peek(): Entry | undefined {
    return this.entries[0];
  }

  /** Puts an entry in, or moves it to its new `dueAt`. */
  put(entry: Entry): void {
    if (entry.slot < 0) {
      entry.slot = this.entries.length;
      this.entries.push(entry);
    }
    this.rise(entry.slot);
    this.sink(entry.slot);
  }

  /** Does nothing when the entry is not in. */
  remove(entry: Entry): void {
    if (entry.slot < 0) return;
    const last = this.entries.pop()!;
    const hole = entry.slot;
    entry.slot = -1;
    if (last === entry) return;
    this.set(hole, last);
    this.rise(hole);
    this.sink(last.slot);
  }

  private rise(from: number): void {
    const entry = this.entries[from]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.entries[parent]!.dueAt <= entry.dueAt) break;
      this.set(at, this.entries[parent]!);
      at = parent;
    }
    this.set(at, entry);
  }

  private sink(from: number): void {
    const entry = this.entries[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      const right = this.entries[child + 1];
      if (right && right.dueAt < this.entries[child]!.dueAt) child += 1;
      const next = this.entries[child];
      if (!next || next.dueAt >= entry.dueAt) break;
      this.set(at, next);
      at = child;
    }
    this.set(at, entry);
  }

  private set(at: number, entry: Entry): void {
    this.entries[at] = entry;
    entry.slot = at;
  }
}

/** One pending wake-up; `fn` is cleared when it is cancelled. */
export interface Wake {
  readonly atMs: number;
  readonly order: number;
  fn: (() => void) | undefined;
}

const before = (a: Wake, b: Wake): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A binary heap of wake-ups: earliest first, equal times in the order they were asked for. Cancelled ones are dropped lazily. */
export class WakeHeap {
  private readonly heap: Wake[] = [];
  private asked = 0;
  private cancelled = 0;

  push(atMs: number, fn: () => void): Wake {
    const wake: Wake = { atMs, order: this.asked++, fn };
    this.heap.push(wake);
    this.siftUp(this.heap.length - 1);
    return wake;
  }

  cancel(wake: Wake): void {
    if (wake.fn === undefined) return;
    wake.fn = undefined;
    this.cancelled++;
    // A queue that always re-arms and cancels far deadlines must not grow without bound.
    if (this.cancelled > 64 && this.cancelled * 2 > this.heap.length) this.compact();
  }

  /** Entries held, cancelled ones that are not dropped yet included. */
  get size(): number {
    return this.heap.length;
  }

  /** Wake-ups that are still to come. */
  get live(): number {
    return this.heap.length - this.cancelled;
  }

  /** When the next live wake-up is due. */
  nextDueAtMs(): number | undefined {
    this.dropCancelled();
    return this.heap[0]?.atMs;
  }

  /** Takes the earliest wake-up due at or before `nowMs`. */
  popDue(nowMs: number): (() => void) | undefined {
    this.dropCancelled();
    const first = this.heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    const fn = first.fn;
    first.fn = undefined;
    this.removeFirst();
    return fn;
  }

  private dropCancelled(): void {
    while (this.heap.length > 0 && this.heap[0]?.fn === undefined) {
      this.removeFirst();
      this.cancelled--;
    }
  }

  private compact(): void {
    const live = this.heap.filter((wake) => wake.fn !== undefined).sort((a, b) => (before(a, b) ? -1 : 1));
    this.heap.splice(0, this.heap.length, ...live);
    this.cancelled = 0;
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.siftDown();
  }

  private siftUp(from: number): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.swapIfBefore(i, parent)) return;
      i = parent;
    }
  }

  private siftDown(): void {
    let i = 0;
    for (;;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      const child = this.isBefore(right, left) ? right : left;
      if (!this.swapIfBefore(child, i)) return;
      i = child;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [x, y] = [this.heap[a], this.heap[b]];
    return x !== undefined && y !== undefined && before(x, y);
  }

  private swapIfBefore(a: number, b: number): boolean {
    const [x, y] = [this.heap[a], this.heap[b]];
    if (x === undefined || y === undefined || !before(x, y)) return false;
    this.heap[a] = y;
    this.heap[b] = x;
    return true;
  }
}

interface Due<Task> {
  readonly atMs: number;
  readonly rank: number;
  readonly order: number;
  readonly task: Task;
}

/** A heap of things to do by virtual time. Of equal times the lower rank comes first, then what was added first. */
export class DueTimes<Task> {
  private readonly heap: Due<Task>[] = [];
  private added = 0;

  add(atMs: number, task: Task, rank = 1): void {
    const { heap } = this;
    const item = { atMs, rank, order: this.added++, task };
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(item, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = item;
  }

  /** When the next one is due; Infinity: nothing is. */
  get nextAtMs(): number {
    return this.heap[0]?.atMs ?? Infinity;
  }

  take(): Task | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) this.sink(last);
    return first.task;
  }

  private sink(item: Due<Task>): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const takesRight = right !== undefined && before(right, left);
      const child = takesRight ? right : left;
      if (!before(child, item)) break;
      heap[at] = child;
      at = 2 * at + (takesRight ? 2 : 1);
    }
    heap[at] = item;
  }
}

function before(a: Due<unknown>, b: Due<unknown>): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.rank === b.rank ? a.order < b.order : a.rank < b.rank;
}

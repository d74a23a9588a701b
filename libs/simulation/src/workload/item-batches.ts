interface Batch {
  readonly atMs: number;
  count: number;
  /** Seconds that each item takes. */
  readonly serviceSeconds: number;
}

/** Items in order of a moment, in batches: both ends cost the same however many there are. */
export class ItemBatches {
  private items: Batch[] = [];
  private head = 0;
  count = 0;

  /** At the end, whose moment must not be later. */
  push(atMs: number, count: number, serviceSeconds: number): void {
    if (count <= 0) return;
    this.items.push({ atMs, count, serviceSeconds });
    this.count += count;
  }

  /** Where its moment belongs, behind those of the same moment. */
  insert(atMs: number, count: number, serviceSeconds: number): void {
    const { items, head } = this;
    const last = items.at(-1);
    this.push(atMs, count, serviceSeconds);
    if (count <= 0 || last === undefined || last.atMs <= atMs || items.length - 1 <= head) return;
    const item = items.pop();
    let at = items.length;
    while (at > head && (items[at - 1]?.atMs ?? 0) > atMs) at--;
    if (item) items.splice(at, 0, item);
  }

  get firstAtMs(): number | null {
    return this.items[this.head]?.atMs ?? null;
  }

  /** Seconds that the first item takes; null: there is none. */
  get firstServiceSeconds(): number | null {
    return this.items[this.head]?.serviceSeconds ?? null;
  }

  /** Takes all batches up to this moment. */
  takeUntil(atMs: number, each: (count: number, serviceSeconds: number) => void): void {
    for (
      let first = this.items[this.head];
      first !== undefined && first.atMs <= atMs;
      first = this.items[this.head]
    ) {
      this.head++;
      this.count -= first.count;
      each(first.count, first.serviceSeconds);
    }
    this.forget();
  }

  /** Takes up to `count`, telling from which batches. */
  take(count: number, each: (atMs: number, taken: number, serviceSeconds: number) => void): number {
    return this.takeWhile(count, () => true, each);
  }

  /** Takes up to `count` that take as long as the first one does. */
  takeAlike(count: number, each: (atMs: number, taken: number) => void): number {
    const { firstServiceSeconds } = this;
    return this.takeWhile(count, (batch) => batch.serviceSeconds === firstServiceSeconds, each);
  }

  private takeWhile(
    count: number,
    fits: (batch: Batch) => boolean,
    each: (atMs: number, taken: number, serviceSeconds: number) => void,
  ): number {
    const wanted = Math.min(count, this.count);
    let taken = 0;
    while (taken < wanted) {
      const batch = this.items[this.head];
      if (batch === undefined || !fits(batch)) break;
      const part = Math.min(batch.count, wanted - taken);
      each(batch.atMs, part, batch.serviceSeconds);
      taken += part;
      batch.count -= part;
      if (batch.count === 0) this.head++;
    }
    this.count -= taken;
    this.forget();
    return taken;
  }

  private forget(): void {
    if (this.head <= 1_024 || this.head * 2 <= this.items.length) return;
    this.items = this.items.slice(this.head);
    this.head = 0;
  }
}

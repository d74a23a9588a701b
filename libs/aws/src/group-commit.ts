import { fullJitter, type BackoffOptions, type Random } from './backoff';
import { systemClock, type Clock } from './clock';

/** What became of one item of a call. `again`: the same item may be tried once more. */
export type Outcome<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'again'; readonly error: Error };

export interface GroupCommitOptions<Item, Result> {
  /** One call for several items; one outcome an item, in their order. A rejection counts as `again` for all. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>;
  /** Items a call, at most. */
  readonly maxItems: number;
  /** Sum of `sizeOf` a call, at most. Default: no limit. */
  readonly maxBytes?: number;
  readonly sizeOf?: (item: Item) => number;
  /** Items that must not share a call have the same key. Default: any may share. */
  readonly keyOf?: (item: Item) => string;
  /** Milliseconds that the first item of a call waits for others. */
  readonly lingerMs: number;
  /** Calls in flight, at most. While all are busy, items gather. Default 8. */
  readonly maxCalls?: number;
  /** Tries an item, the first included. Default 5. */
  readonly attempts?: number;
  /** Waits between tries, milliseconds. Default: full jitter of 50 doubling to 2,000. */
  readonly backoff?: BackoffOptions;
  readonly random?: Random;
  readonly clock?: Clock;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly size: number;
  attempt: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** Lets concurrent callers share batch calls; each learns the outcome of its own item only. */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private bytes = 0;
  private unsettled = 0;
  private calls = 0;
  private due = false;
  private hurried = false;
  private cancelTimer: (() => void) | undefined;
  private readonly retries = new Map<readonly Waiting<Item, Result>[], () => void>();
  private drained: (() => void)[] = [];
  private readonly clock: Clock;

  constructor(private readonly options: GroupCommitOptions<Item, Result>) {
    this.clock = options.clock ?? systemClock;
  }

  /** Items that have been added and are not settled. */
  get size(): number {
    return this.unsettled;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.unsettled += 1;
      this.enqueue({ item, size: this.options.sizeOf?.(item) ?? 0, attempt: 1, resolve, reject });
    });
  }

  /** Calls at once for what waits, retries included, and resolves when every item is settled. */
  async flush(): Promise<void> {
    if (this.unsettled === 0) return;
    this.hurried = true;
    for (const [entries, cancel] of [...this.retries]) {
      cancel();
      this.retry(entries);
    }
    this.pump();
    await new Promise<void>((resolve) => this.drained.push(resolve));
  }

  private enqueue(entry: Waiting<Item, Result>): void {
    this.waiting.push(entry);
    this.bytes += entry.size;
    this.cancelTimer ??= this.clock.wakeAt(this.clock.now() + this.options.lingerMs, () => {
      this.cancelTimer = undefined;
      this.due = true;
      this.pump();
    });
    if (this.full() || this.due || this.hurried) this.pump();
  }

  private full(): boolean {
    const { maxItems, maxBytes = Infinity } = this.options;
    return this.waiting.length >= maxItems || this.bytes >= maxBytes;
  }

  private pump(): void {
    const { maxCalls = 8 } = this.options;
    while (this.waiting.length > 0 && this.calls < maxCalls && (this.full() || this.due || this.hurried)) {
      void this.call(this.take());
    }
    if (this.waiting.length > 0) return;
    this.due = false;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private take(): Waiting<Item, Result>[] {
    const { maxItems, maxBytes = Infinity, keyOf } = this.options;
    const batch: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    let bytes = 0;
    for (const [index, entry] of this.waiting.entries()) {
      if (batch.length === maxItems || (batch.length > 0 && bytes + entry.size > maxBytes)) {
        left.push(...this.waiting.slice(index));
        break;
      }
      const key = keyOf?.(entry.item);
      if (key !== undefined && keys.has(key)) {
        left.push(entry);
        continue;
      }
      if (key !== undefined) keys.add(key);
      batch.push(entry);
      bytes += entry.size;
    }
    this.waiting = left;
    this.bytes -= bytes;
    return batch;
  }

  private async call(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.calls += 1;
    let outcomes: readonly Outcome<Result>[];
    try {
      outcomes = await this.options.commit(batch.map(({ item }) => item));
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      outcomes = batch.map(() => ({ kind: 'again', error }));
    }
    this.calls -= 1;
    const again = batch.filter((entry, index) => !this.settle(entry, outcomes[index]!));
    if (again.length > 0) this.retryLater(again);
    this.pump();
  }

  /** Those of one call wait together, so that their next try is one call too. */
  private retryLater(entries: readonly Waiting<Item, Result>[]): void {
    const { backoff = { base: 50, cap: 2_000 }, random = Math.random } = this.options;
    const attempt = Math.max(...entries.map((entry) => entry.attempt));
    const at = this.clock.now() + fullJitter(attempt, backoff, random);
    for (const entry of entries) entry.attempt += 1;
    const cancel = this.clock.wakeAt(at, () => this.retry(entries));
    this.retries.set(entries, cancel);
  }

  private retry(entries: readonly Waiting<Item, Result>[]): void {
    this.retries.delete(entries);
    for (const entry of entries) this.enqueue(entry);
  }

  /** @returns false when the item is to be tried again. */
  private settle(entry: Waiting<Item, Result>, outcome: Outcome<Result>): boolean {
    if (outcome.kind === 'again' && entry.attempt < (this.options.attempts ?? 5)) return false;
    this.unsettled -= 1;
    if (outcome.kind === 'done') entry.resolve(outcome.result);
    else entry.reject(outcome.error);
    if (this.unsettled === 0) {
      this.hurried = false;
      this.drained.splice(0).forEach((resolve) => resolve());
    }
    return true;
  }
}

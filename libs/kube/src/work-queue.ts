import type { CancelWake, Scheduler } from './scheduler';

export interface WorkQueueOptions {
  readonly scheduler: Scheduler;
  /** Keys handled at once; a key is never handled twice at the same time. Default 1. */
  readonly concurrency?: number;
  /** Wait before the first retry of a failing key, ms; doubles with every further failure. Default 5. */
  readonly retryBaseMs?: number;
  /** The longest wait between retries, ms. Default 30,000. */
  readonly retryMaxMs?: number;
  /** Told of each throw of the handler; the key is retried anyway. */
  readonly onError?: (key: string, error: unknown, failures: number) => void;
}

/**
 * Keys to reconcile, each at most once in the queue however often it is added. A key added while it is handled is handled again
 * afterwards. A handler that throws is retried with exponential backoff; one that returns resets it.
 */
export class WorkQueue {
  private readonly waiting = new Set<string>();
  private readonly active = new Set<string>();
  private readonly addedWhileActive = new Set<string>();
  private readonly failures = new Map<string, number>();
  private readonly delayed = new Map<string, { atMs: number; cancel: CancelWake }>();
  private handler: ((key: string) => Promise<void>) | undefined;
  private stopped = false;
  private pumpQueued = false;

  constructor(private readonly options: WorkQueueOptions) {}

  /** Begins to handle keys, those already added too. */
  run(handler: (key: string) => Promise<void>): void {
    this.handler = handler;
    this.pump();
  }

  add(key: string): void {
    if (this.stopped) return;
    if (this.active.has(key)) {
      this.addedWhileActive.add(key);
      return;
    }
    this.waiting.add(key);
    this.pump();
  }

  /** Adds the key when `delayMs` have passed. Of several delays of one key the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    this.addAt(key, this.options.scheduler.now() + delayMs);
  }

  /** Adds the key at `atMs`, epoch ms. */
  addAt(key: string, atMs: number): void {
    if (this.stopped) return;
    const present = this.delayed.get(key);
    if (present !== undefined && present.atMs <= atMs) return;
    present?.cancel();
    const cancel = this.options.scheduler.wakeAt(atMs, () => {
      this.delayed.delete(key);
      this.add(key);
    });
    this.delayed.set(key, { atMs, cancel });
  }

  /** Stops taking and handling keys; handlers under way finish. */
  stop(): void {
    this.stopped = true;
    for (const { cancel } of this.delayed.values()) cancel();
    this.delayed.clear();
    this.waiting.clear();
  }

  /** Keys waiting to be handled now, delayed ones not counted. */
  get length(): number {
    return this.waiting.size;
  }

  // A turn later, so that one burst of events becomes one look at each key.
  private pump(): void {
    if (this.pumpQueued || this.handler === undefined) return;
    this.pumpQueued = true;
    queueMicrotask(() => {
      this.pumpQueued = false;
      while (!this.stopped && this.active.size < (this.options.concurrency ?? 1)) {
        const [key] = this.waiting;
        if (key === undefined) return;
        this.waiting.delete(key);
        this.active.add(key);
        void this.handle(key);
      }
    });
  }

  private async handle(key: string): Promise<void> {
    try {
      await this.handler?.(key);
      this.failures.delete(key);
    } catch (error) {
      this.retry(key, error);
    }
    this.active.delete(key);
    if (this.addedWhileActive.delete(key)) this.add(key);
    this.pump();
  }

  private retry(key: string, error: unknown): void {
    if (this.stopped) return;
    const failures = (this.failures.get(key) ?? 0) + 1;
    this.failures.set(key, failures);
    this.options.onError?.(key, error, failures);
    const base = this.options.retryBaseMs ?? 5;
    const delayMs = Math.min(base * 2 ** Math.min(failures - 1, 30), this.options.retryMaxMs ?? 30_000);
    this.addAfter(key, delayMs);
  }
}

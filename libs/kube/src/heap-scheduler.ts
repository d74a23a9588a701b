import type { CancelWake, Scheduler } from './scheduler';
import { WakeHeap } from './wake-heap';

/** setTimeout counts in 32 bits; a longer wait is cut into pieces. */
const longestTimeoutMs = 2 ** 31 - 1;

export interface HeapSchedulerOptions {
  /** Told what a wake-up threw; without it the throw ends the process, as an uncaught error. */
  readonly onError?: (error: unknown) => void;
}

/** Real time: one timer for the earliest of all wake-ups, none while there is nothing to wait for. */
export class HeapScheduler implements Scheduler {
  private readonly heap = new WakeHeap();
  private timer: NodeJS.Timeout | undefined;
  private armedForMs = Infinity;
  private stopped = false;

  constructor(private readonly options: HeapSchedulerOptions = {}) {}

  now(): number {
    return Date.now();
  }

  wakeAt(atMs: number, fn: () => void): CancelWake {
    if (Number.isNaN(atMs))
      throw new RangeError('wakeAt: atMs is NaN; allowed: milliseconds since the epoch');
    if (this.stopped) return () => undefined;
    const wake = this.heap.push(atMs, fn);
    if (atMs < this.armedForMs) this.arm();
    return () => {
      this.heap.cancel(wake);
      // With nothing left to wait for, the timer must not keep the process alive.
      if (this.heap.live === 0) this.arm();
    };
  }

  /** Forgets every wake-up and takes no more. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private arm(): void {
    clearTimeout(this.timer);
    const dueAtMs = this.stopped ? undefined : this.heap.nextDueAtMs();
    this.armedForMs = dueAtMs ?? Infinity;
    if (dueAtMs === undefined) return;
    const delayMs = Math.min(Math.max(0, dueAtMs - Date.now()), longestTimeoutMs);
    this.timer = setTimeout(() => this.fire(), delayMs);
  }

  private fire(): void {
    const nowMs = Date.now();
    // While wake-ups run, new earlier ones need not re-arm: it is done once at the end.
    this.armedForMs = -Infinity;
    for (let fn = this.heap.popDue(nowMs); fn !== undefined; fn = this.heap.popDue(nowMs)) this.call(fn);
    this.arm();
  }

  private call(fn: () => void): void {
    if (this.options.onError === undefined) {
      try {
        fn();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
      return;
    }
    try {
      fn();
    } catch (error) {
      this.options.onError(error);
    }
  }
}

import type { CancelWake, Scheduler } from '../scheduler';
import { WakeHeap } from '../wake-heap';

/** Lets everything that is already under way finish: promises, streams in process, immediates. */
export async function settle(turns = 3): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Time that moves only when told. `advance` runs each wake-up at its own instant and lets its consequences finish before the next. */
export class VirtualScheduler implements Scheduler {
  private readonly heap = new WakeHeap();

  constructor(private nowMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.nowMs;
  }

  wakeAt(atMs: number, fn: () => void): CancelWake {
    const wake = this.heap.push(Math.max(atMs, this.nowMs), fn);
    return () => this.heap.cancel(wake);
  }

  /** When the next wake-up is due, for a test that asserts that nothing polls. */
  nextDueAtMs(): number | undefined {
    return this.heap.nextDueAtMs();
  }

  /** Moves time on by `ms`; resolves when everything that fell due in it, and what that caused, has run. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settle();
    for (;;) {
      const dueAtMs = this.heap.nextDueAtMs();
      if (dueAtMs === undefined || dueAtMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, dueAtMs);
      this.heap.popDue(this.nowMs)?.();
      await settle();
    }
    this.nowMs = untilMs;
  }
}

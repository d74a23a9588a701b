import { Histogram } from './histogram';
import type { WorkloadModel } from './workload-model';

interface Batch {
  atMs: number;
  count: number;
}

/** First in, first out, in batches: both ends cost the same however long the queue is. */
class Batches {
  private items: Batch[] = [];
  private head = 0;
  count = 0;

  push(atMs: number, count: number): void {
    if (count <= 0) return;
    this.items.push({ atMs, count });
    this.count += count;
  }

  get firstAtMs(): number | null {
    return this.items[this.head]?.atMs ?? null;
  }

  /** Takes all batches up to this moment. */
  takeUntil(atMs: number): number {
    let taken = 0;
    for (
      let first = this.items[this.head];
      first !== undefined && first.atMs <= atMs;
      first = this.items[this.head]
    ) {
      taken += first.count;
      this.head++;
    }
    this.count -= taken;
    this.forget();
    return taken;
  }

  /** Takes up to `count`, telling from which batches. */
  take(count: number, each: (atMs: number, taken: number) => void): number {
    let left = Math.min(count, this.count);
    const taken = left;
    this.count -= taken;
    while (left > 0) {
      const batch = this.items[this.head];
      if (batch === undefined) break;
      const part = Math.min(batch.count, left);
      each(batch.atMs, part);
      left -= part;
      batch.count -= part;
      if (batch.count === 0) this.head++;
    }
    this.forget();
    return taken;
  }

  private forget(): void {
    if (this.head <= 1_024 || this.head * 2 <= this.items.length) return;
    this.items = this.items.slice(this.head);
    this.head = 0;
  }
}

/**
 * Items that wait for a free hand and take a fixed time, first come first served. Whole items; time goes in small ticks. A pod
 * that goes finishes what it has begun. A failed item goes to the end of the queue, its wait begins anew.
 */
export class WorkQueue {
  private readonly waitingItems = new Batches();
  /** By the moment they are done. */
  private readonly begun = new Batches();
  private arrivalCarry = 0;
  private capacityCarry = 0;
  private failureCarry = 0;
  /** Of items shorter than a tick: how many were under way on average in the last tick. */
  private brief = 0;
  /** Items that Jobs work on. */
  private claimed = 0;
  /** Items done since the start, failures not counted. */
  done = 0;
  arrived = 0;
  /** Seconds from arrival until work begins, one weight an item. */
  readonly waits = new Histogram();
  /** Waiting and under way, weighted by seconds. */
  readonly backlogs = new Histogram();
  private peak = { waiting: 0, atMs: 0 };
  private drainedAtMs: number | null = null;

  constructor(
    private readonly model: WorkloadModel,
    startMs: number,
  ) {
    this.waitingItems.push(startMs, model.initialBacklog);
    this.arrived = model.initialBacklog;
  }

  get waiting(): number {
    return this.waitingItems.count;
  }

  get inFlight(): number {
    return this.begun.count + this.claimed + Math.ceil(this.brief);
  }

  get backlog(): number {
    return this.waiting + this.inFlight;
  }

  /** Seconds that the oldest waiting item has waited; 0 when none waits. */
  oldestSeconds(nowMs: number): number {
    const first = this.waitingItems.firstAtMs;
    return first === null ? 0 : (nowMs - first) / 1_000;
  }

  /** Seconds from when most items waited until none did; null: that never came. */
  get drainSeconds(): number | null {
    if (this.peak.waiting === 0) return 0;
    return this.drainedAtMs === null ? null : (this.drainedAtMs - this.peak.atMs) / 1_000;
  }

  /** One tick that ends now. @param rate items a second @param hands items that can be worked on at a time */
  tick(nowMs: number, tickMs: number, rate: number, hands: number): void {
    const seconds = tickMs / 1_000;
    this.finish(nowMs);
    this.arrivalCarry += rate * seconds;
    const arrivals = Math.floor(this.arrivalCarry + 1e-9);
    this.arrivalCarry -= arrivals;
    this.arrived += arrivals;
    // Most ticks of most days: nobody waits, and there are free hands for all who come.
    if (this.waiting === 0 && this.model.serviceSeconds >= seconds && hands - this.begun.count >= arrivals) {
      this.brief = 0;
      this.begun.push(nowMs + this.model.serviceSeconds * 1_000, arrivals);
      this.waits.add(0, arrivals);
    } else {
      this.waitingItems.push(nowMs, arrivals);
      this.begin(nowMs, seconds, hands);
    }
    this.backlogs.add(this.backlog, seconds);
    const { waiting } = this;
    if (waiting > this.peak.waiting) {
      this.peak = { waiting, atMs: nowMs };
      this.drainedAtMs = null;
    } else if (waiting === 0 && this.drainedAtMs === null) this.drainedAtMs = nowMs;
  }

  /** Counts what still waits at the end into `waits`: a queue that is never served must not look good. */
  close(nowMs: number): void {
    this.waitingItems.take(this.waiting, (atMs, count) => this.waits.add((nowMs - atMs) / 1_000, count));
  }

  /** Takes waiting items for someone who works on them elsewhere (a Job). */
  claim(nowMs: number, count: number): number {
    const taken = this.waitingItems.take(count, (atMs, part) => this.waits.add((nowMs - atMs) / 1_000, part));
    this.claimed += taken;
    return taken;
  }

  /** Gives claimed items back. */
  release(nowMs: number, count: number): void {
    this.claimed -= count;
    this.settle(nowMs, count);
  }

  /** Items done, or failed by the model's rate. */
  private settle(nowMs: number, count: number): void {
    this.failureCarry += count * this.model.failureRate;
    const failed = Math.floor(this.failureCarry + 1e-9);
    this.failureCarry -= failed;
    this.done += count - failed;
    this.waitingItems.push(nowMs, failed);
  }

  private finish(nowMs: number): void {
    const finished = this.begun.takeUntil(nowMs);
    if (finished > 0) this.settle(nowMs, finished);
  }

  private begin(nowMs: number, seconds: number, hands: number): void {
    const { serviceSeconds } = this.model;
    if (this.waiting === 0) {
      this.brief = 0;
      this.capacityCarry = 0;
      return;
    }
    const each = (atMs: number, count: number): void => this.waits.add((nowMs - atMs) / 1_000, count);
    if (serviceSeconds >= seconds) {
      this.brief = 0;
      const free = hands - this.begun.count;
      if (free > 0 && this.waiting > 0)
        this.begun.push(nowMs + serviceSeconds * 1_000, this.waitingItems.take(free, each));
      return;
    }
    this.capacityCarry += (hands * seconds) / serviceSeconds;
    const began = this.waitingItems.take(Math.floor(this.capacityCarry), each);
    // Unused capacity is gone; only the fraction of an item under way goes on.
    this.capacityCarry = this.waiting > 0 ? this.capacityCarry - began : 0;
    this.brief = (began * serviceSeconds) / seconds;
    if (began > 0) this.settle(nowMs, began);
  }
}

import { Histogram } from './histogram';
import { ItemBatches } from './item-batches';
import type { WorkloadModel } from './workload-model';

/** Items of one length that were under way where a pod died. */
export interface LostItems {
  readonly count: number;
  readonly serviceSeconds: number;
}

/**
 * Items that wait for a free hand and take a known time, first come first served. Whole items; time goes in small ticks. A pod
 * that goes finishes what it has begun. A failed item goes to the end of the queue, its wait begins anew.
 */
export class WorkQueue {
  private readonly waitingItems = new ItemBatches();
  /** By the moment they are done. */
  private readonly begun = new ItemBatches();
  private arrivalCarry = 0;
  private capacityCarry = 0;
  private failureCarry = 0;
  /** Of items shorter than a tick: how many were under way on average in the last tick. */
  private brief = 0;
  /** Items that Jobs work on. */
  private claimed = 0;
  /** Items of pods that died, not seen again yet. */
  private hidden = 0;
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
    this.waitingItems.push(startMs, model.initialBacklog, model.serviceSeconds);
    this.arrived = model.initialBacklog;
  }

  get waiting(): number {
    return this.waitingItems.count;
  }

  get inFlight(): number {
    return this.begun.count + this.claimed + this.hidden + Math.ceil(this.brief);
  }

  get backlog(): number {
    return this.waiting + this.inFlight;
  }

  /** Items on a hand now, briefer ones than a tick not counted. */
  get begunCount(): number {
    return this.begun.count;
  }

  /** Hands at work, on average over the last tick. */
  get busyHands(): number {
    return this.begun.count + this.claimed + this.brief;
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

  /**
   * One tick that ends now.
   * @param rate items a second
   * @param hands items that can be worked on at a time
   * @param serviceSeconds that each of the tick's arrivals will take; default: the model's
   */
  tick(
    nowMs: number,
    tickMs: number,
    rate: number,
    hands: number,
    serviceSeconds = this.model.serviceSeconds,
  ): void {
    const seconds = tickMs / 1_000;
    this.finish(nowMs);
    this.arrivalCarry += rate * seconds;
    const arrivals = Math.floor(this.arrivalCarry + 1e-9);
    this.arrivalCarry -= arrivals;
    this.arrived += arrivals;
    const free = hands - this.begun.count;
    // Most ticks of most days: nobody waits, and there are free hands for all who come.
    if (this.waiting === 0 && serviceSeconds >= seconds && free >= arrivals) {
      this.brief = 0;
      this.begun.insert(nowMs + serviceSeconds * 1_000, arrivals, serviceSeconds);
      this.waits.add(0, arrivals);
    } else if (
      this.waiting === 0 &&
      serviceSeconds < seconds &&
      (free * seconds) / serviceSeconds >= arrivals
    ) {
      this.brief = (arrivals * serviceSeconds) / seconds;
      this.waits.add(0, arrivals);
      if (arrivals > 0) this.settle(nowMs, arrivals, serviceSeconds);
    } else {
      this.waitingItems.push(nowMs, arrivals, serviceSeconds);
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
    this.settle(nowMs, count, this.model.serviceSeconds);
  }

  /**
   * Items under way on a pod that dies. They stay in flight until `comeBack`; given by the seconds that each takes. Of all that is
   * under way those go that would have been done first.
   */
  lose(count: number): readonly LostItems[] {
    const lost: LostItems[] = [];
    this.hidden += this.begun.take(count, (_doneMs, taken, serviceSeconds) =>
      lost.push({ count: taken, serviceSeconds }),
    );
    return lost;
  }

  /** Lost items are seen again: they go to the end of the queue. */
  comeBack(nowMs: number, { count, serviceSeconds }: LostItems): void {
    this.hidden -= count;
    this.waitingItems.push(nowMs, count, serviceSeconds);
  }

  /** Items done, or failed by the model's rate. */
  private settle(nowMs: number, count: number, serviceSeconds: number): void {
    const { failureRate } = this.model;
    if (failureRate === 0) {
      this.done += count;
      return;
    }
    this.failureCarry += count * failureRate;
    const failed = Math.floor(this.failureCarry + 1e-9);
    this.failureCarry -= failed;
    this.done += count - failed;
    this.waitingItems.push(nowMs, failed, serviceSeconds);
  }

  private finish(nowMs: number): void {
    if ((this.begun.firstAtMs ?? Infinity) > nowMs) return;
    this.begun.takeUntil(nowMs, (count, serviceSeconds) => this.settle(nowMs, count, serviceSeconds));
  }

  private begin(nowMs: number, seconds: number, hands: number): void {
    const { waitingItems } = this;
    const waited = (atMs: number, count: number): void => this.waits.add((nowMs - atMs) / 1_000, count);
    this.brief = 0;
    let free = hands - this.begun.count;
    for (;;) {
      const serviceSeconds = waitingItems.firstServiceSeconds;
      if (serviceSeconds === null || free <= 0) break;
      if (serviceSeconds >= seconds) {
        const began = waitingItems.takeAlike(free, waited);
        this.begun.insert(nowMs + serviceSeconds * 1_000, began, serviceSeconds);
        free -= began;
      } else free -= this.workBrief(nowMs, seconds, free, serviceSeconds, waited);
      // More of the same wait: no hand is free, or only a fraction of one.
      if (waitingItems.firstServiceSeconds === serviceSeconds) break;
    }
    if (this.waiting === 0) this.capacityCarry = 0;
  }

  /** Items of which a hand does several a tick. Gives the hands that were at work, with their fraction. */
  private workBrief(
    nowMs: number,
    seconds: number,
    free: number,
    serviceSeconds: number,
    waited: (atMs: number, count: number) => void,
  ): number {
    this.capacityCarry += (free * seconds) / serviceSeconds;
    const began = this.waitingItems.takeAlike(Math.floor(this.capacityCarry), waited);
    // Unused capacity is gone; only the fraction of an item under way goes on.
    this.capacityCarry =
      this.waitingItems.firstServiceSeconds === serviceSeconds ? this.capacityCarry - began : 0;
    const busy = (began * serviceSeconds) / seconds;
    this.brief += busy;
    if (began > 0) this.settle(nowMs, began, serviceSeconds);
    return busy;
  }
}

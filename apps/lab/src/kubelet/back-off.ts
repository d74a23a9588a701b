export interface BackOffOptions {
  /** First wait, ms. Default 10,000. */
  readonly initialMs?: number;
  /** Longest wait, ms. Default 300,000. */
  readonly maxMs?: number;
  /** Each wait is this many times the one before. Default 2. */
  readonly factor?: number;
}

/** The kubelet's wait between restarts and pulls: none before the first repeat, then growing; forgotten after twice the longest wait without trouble. */
export class BackOff {
  private waitMs = 0;
  private lastMs = -Infinity;
  private readonly initialMs: number;
  private readonly maxMs: number;
  private readonly factor: number;

  constructor(options: BackOffOptions = {}) {
    this.initialMs = options.initialMs ?? 10_000;
    this.maxMs = options.maxMs ?? 300_000;
    this.factor = options.factor ?? 2;
  }

  /** Tells of trouble at `nowMs`; returns how long to wait before the next try, ms. */
  next(nowMs: number): number {
    const forgotten = nowMs - this.lastMs > 2 * this.maxMs;
    const wait = forgotten ? 0 : this.waitMs;
    this.waitMs = wait === 0 ? this.initialMs : Math.min(this.maxMs, wait * this.factor);
    this.lastMs = nowMs + wait;
    return wait;
  }
}

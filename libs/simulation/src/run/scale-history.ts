/** What came of the replicas: all figures of cost and of restlessness. */
export class ScaleHistory {
  private sinceMs: number;
  private direction = 0;
  private turnedAtMs = -Infinity;
  private podMs = 0;
  private atMaxMs = 0;
  changes: (readonly [seconds: number, replicas: number])[];
  flaps = 0;
  coldStarts = 0;
  peak: number;

  constructor(
    private readonly startMs: number,
    private readonly max: number,
    private replicas: number,
    private readonly keepsChanges: boolean,
  ) {
    this.sinceMs = startMs;
    this.changes = [[0, replicas]];
    this.peak = replicas;
  }

  changed(nowMs: number, replicas: number): void {
    if (replicas === this.replicas) return;
    this.close(nowMs);
    const direction = replicas > this.replicas ? 1 : -1;
    if (this.direction !== 0 && direction !== this.direction && nowMs - this.turnedAtMs <= flapMs)
      this.flaps++;
    this.direction = direction;
    this.turnedAtMs = nowMs;
    if (this.replicas === 0) this.coldStarts++;
    this.replicas = replicas;
    this.peak = Math.max(this.peak, replicas);
    if (this.keepsChanges) this.changes.push([(nowMs - this.startMs) / 1_000, replicas]);
  }

  close(nowMs: number): void {
    this.podMs += this.replicas * (nowMs - this.sinceMs);
    if (this.replicas >= this.max) this.atMaxMs += nowMs - this.sinceMs;
    this.sinceMs = nowMs;
  }

  get podSeconds(): number {
    return this.podMs / 1_000;
  }

  get secondsAtMax(): number {
    return this.atMaxMs / 1_000;
  }
}

/** A change back within this time counts as a flap. */
const flapMs = 300_000;

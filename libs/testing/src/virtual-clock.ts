/** What a driver of reducers needs: the time, and to be woken at a time. Milliseconds. */
export interface Clock {
  now(): number;
  /** Runs `wake` at `atMs` (at once when that is past). The returned function cancels it. */
  wakeAt(atMs: number, wake: () => void): () => void;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Time that moves only when told. Wake-ups fire in order of time, then of registration. */
export class VirtualClock implements Clock {
  private entries: Entry[] = [];
  private order = 0;

  constructor(private nowMs = 0) {}

  now(): number {
    return this.nowMs;
  }

  wakeAt(atMs: number, wake: () => void): () => void {
    const entry = { atMs, order: this.order++, wake };
    this.entries.push(entry);
    return () => {
      this.entries = this.entries.filter((other) => other !== entry);
    };
  }

  /** Number of wake-ups that wait. */
  get pending(): number {
    return this.entries.length;
  }

  /** Moves on by `ms`, firing what is due on the way and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    for (;;) {
      await settle();
      const next = this.entries
        .filter((entry) => entry.atMs <= end)
        .reduce<Entry | undefined>(
          (first, entry) => (!first || before(entry, first) ? entry : first),
          undefined,
        );
      if (!next) break;
      this.entries = this.entries.filter((entry) => entry !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.wake();
    }
    this.nowMs = end;
    await settle();
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Lets pending promise callbacks run: a few turns of the event loop, no timers. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

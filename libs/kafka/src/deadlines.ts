/** One try of one record: its start, and a signal that is made only when somebody looks at it. */
export class Try {
  readonly startedMs = performance.now();
  timedOut = false;
  private controller: AbortController | undefined;
  private reason: Error | undefined;

  constructor(readonly attempt: number) {}

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.reason) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  abort(reason: Error): void {
    if (this.reason) return;
    this.reason = reason;
    this.controller?.abort(reason);
  }
}

/** Aborts tries that take too long. One timer for all of them: a timer and a signal each would cost more than a short handler. */
export class Deadlines {
  private readonly open = new Set<Try>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly timeoutMs: number) {}

  start(attempt: number): Try {
    const started = new Try(attempt);
    this.open.add(started);
    this.timer ??= setInterval(() => this.sweep(), Math.max(5, Math.min(1_000, this.timeoutMs / 8))).unref();
    return started;
  }

  end(ended: Try): void {
    this.open.delete(ended);
  }

  abortAll(reason: Error): void {
    for (const one of this.open) one.abort(reason);
  }

  get size(): number {
    return this.open.size;
  }

  private sweep(): void {
    if (this.open.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const overdue = performance.now() - this.timeoutMs;
    for (const one of this.open) {
      // Insertion order is order of start, so the first one in time ends the sweep.
      if (one.startedMs > overdue) return;
      one.timedOut = true;
      one.abort(new Error(`the handler took longer than ${this.timeoutMs} ms`));
    }
  }
}

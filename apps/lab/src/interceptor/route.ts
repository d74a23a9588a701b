import type { RouteCounts, RouteState } from './message';

/** Push news of activity at most so often, ms: the add-on's scaler streams at the same pace. */
const pushEveryMs = 200;

/** Upper bounds of the duration histogram, s: the add-on's. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** One InterceptorRoute at work: what it is, and what has passed through it. */
export class Route {
  concurrency = 0;
  requests = 0;
  held = 0;
  readonly finished = new Map<string, number>();
  readonly durations = { bounds, buckets: new Array<number>(bounds.length + 1).fill(0), sum: 0, count: 0 };
  private pushedMs = -Infinity;

  constructor(
    public state: RouteState,
    private readonly onActive: (key: string) => void,
  ) {}

  get key(): string {
    return this.state.key;
  }

  counts(): RouteCounts {
    return { concurrency: this.concurrency, requests: this.requests };
  }

  /** A request has come in. */
  begin(endpoints: number): void {
    const idle = this.concurrency === 0 || endpoints === 0;
    this.concurrency += 1;
    this.requests += 1;
    const nowMs = performance.now();
    if (!idle || nowMs - this.pushedMs < pushEveryMs) return;
    this.pushedMs = nowMs;
    this.onActive(this.key);
  }

  /** It has been answered, or its client is gone (status 499, as nginx says). */
  end(method: string, status: number, seconds: number): void {
    this.concurrency -= 1;
    const key = `${method} ${status}`;
    this.finished.set(key, (this.finished.get(key) ?? 0) + 1);
    const index = bounds.findIndex((bound) => seconds <= bound);
    const slot = index < 0 ? bounds.length : index;
    this.durations.buckets[slot] = (this.durations.buckets[slot] ?? 0) + 1;
    this.durations.sum += seconds;
    this.durations.count += 1;
  }
}

import type { TriggerManifest } from '@scalelab/scaling';
import { LoadCursor, type LoadTrace } from '../load/load-trace';
import type { Pods } from './pods';
import { WorkQueue } from './work-queue';
import type { ModelSignal, WorkloadModel } from './workload-model';

/** What a source of the autoscaler would say now. */
export interface Reading {
  /** Null: it cannot be read. */
  readonly value: number | null;
  readonly waiting: number;
  readonly inFlight: number;
  readonly done: number;
}

/** Where the autoscaler's signals come from. */
export interface SignalSource {
  /** The time is now this much; called before every reading and every change of pods, never backwards. */
  advance(nowMs: number): void;
  read(nowMs: number, index: number, trigger: TriggerManifest | undefined): Reading;
  /** Null: the load is the signal itself, there is no queue. */
  readonly queue: WorkQueue | null;
  /** Share of its hands that a ready pod uses, 0 to 1, or null where the load says it. */
  busyShare(): number | null;
}

/** The load is what the autoscaler reads: one trace a trigger, or one for all. */
export class GivenSignals implements SignalSource {
  readonly queue = null;
  private readonly cursors: readonly LoadCursor[];

  constructor(
    loads: readonly LoadTrace[],
    private readonly startMs: number,
  ) {
    this.cursors = loads.map(({ points }) => new LoadCursor(points));
  }

  advance(): void {
    // A trace is read at any moment.
  }

  read(nowMs: number, index: number): Reading {
    const cursor = this.cursors[index] ?? this.cursors[0];
    const value = cursor ? cursor.at((nowMs - this.startMs) / 1_000) : 0;
    return { value, waiting: Math.round(value ?? 0), inFlight: 0, done: 0 };
  }

  busyShare(): number | null {
    return null;
  }
}

const tickMs = 1_000;
const windowSeconds = 60;

/** The load is what arrives; the workload's own queue is what the autoscaler reads. */
export class WorkedQueue implements SignalSource {
  readonly queue: WorkQueue;
  private readonly arrivals: LoadCursor;
  private nowMs: number;
  private rate = 0;
  private broken = false;
  /** Items done at the end of each of the last seconds. */
  private readonly doneBefore: number[] = [];

  constructor(
    load: LoadTrace,
    private readonly model: WorkloadModel,
    private readonly pods: Pods,
    private readonly startMs: number,
    /** Jobs claim their items themselves. */
    private readonly podsTakeItems = true,
  ) {
    this.arrivals = new LoadCursor(load.points);
    this.queue = new WorkQueue(model, startMs);
    this.nowMs = startMs;
  }

  private hands(): number {
    const { partitions, concurrency } = this.model;
    if (!this.podsTakeItems) return 0;
    return Math.min(this.pods.ready, partitions ?? Infinity) * concurrency;
  }

  advance(nowMs: number): void {
    const hands = this.hands();
    while (this.nowMs < nowMs) {
      const end = Math.min(
        nowMs,
        (Math.floor((this.nowMs - this.startMs) / tickMs) + 1) * tickMs + this.startMs,
      );
      const value = this.arrivals.at((this.nowMs - this.startMs) / 1_000);
      this.broken = value === null;
      this.rate = value ?? 0;
      this.queue.tick(end, end - this.nowMs, this.rate, hands);
      this.nowMs = end;
      if (this.model.signal === 'servedRate' && (end - this.startMs) % tickMs === 0) {
        this.doneBefore.push(this.queue.done);
        if (this.doneBefore.length > windowSeconds) this.doneBefore.shift();
      }
    }
  }

  read(_nowMs: number, _index: number, trigger: TriggerManifest | undefined): Reading {
    const { waiting, inFlight, done } = this.queue;
    return { value: this.broken ? null : this.signal(trigger), waiting, inFlight, done };
  }

  busyShare(): number {
    const hands = this.pods.ready * this.model.concurrency;
    return hands === 0 ? 0 : Math.min(1, this.queue.inFlight / hands);
  }

  private signal(trigger: TriggerManifest | undefined): number {
    const query = trigger?.metadata?.query ?? '';
    const { signal = null, signalScale } = this.model;
    switch (signal ?? defaultSignal(trigger?.type, query)) {
      case 'backlog':
        return this.queue.backlog;
      case 'waiting':
        return this.queue.waiting;
      case 'inFlight':
        return this.queue.inFlight;
      case 'arrivalRate':
        return this.rate * (signalScale ?? windowOf(query));
      case 'servedRate':
        return this.servedRate() * (signalScale ?? windowOf(query));
    }
  }

  private servedRate(): number {
    const first = this.doneBefore[0];
    return first === undefined ? 0 : (this.queue.done - first) / Math.max(1, this.doneBefore.length);
  }
}

function defaultSignal(type: string | undefined, query: string): ModelSignal {
  if (type === 'prometheus' && /\b(rate|irate|increase)\s*\(/.test(query)) return 'arrivalRate';
  return 'backlog';
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** `increase(x[2m])` is a rate times 120 s. */
function windowOf(query: string): number {
  const [, amount, unit = ''] = /\bincrease\s*\([^[]*\[(\d+)([smh])\]/.exec(query) ?? [];
  return amount === undefined ? 1 : Number(amount) * (unitSeconds[unit] ?? 1);
}

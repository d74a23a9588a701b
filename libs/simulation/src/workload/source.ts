import { LoadCursor, type LoadTrace } from '../load/load-trace';
import type { Pods } from './pods';
import type { QueueSignal } from './queue-signal';
import { TrailingSum } from './trailing-sum';
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
  /** @param index of the trigger */
  read(nowMs: number, index: number): Reading;
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
/** Usage that metrics.k8s.io tells is an average over so long. */
const usageSeconds = 15;

export interface WorkedQueueOptions {
  /** Whether anyone will ask for the pods' usage. Default true. */
  readonly tellsUsage: boolean;
  /** False: Jobs claim their items themselves. Default true. */
  readonly podsTakeItems: boolean;
}

/** The load is what arrives; the workload's own queue is what the autoscaler reads. */
export class WorkedQueue implements SignalSource {
  readonly queue: WorkQueue;
  private readonly arrivals: LoadCursor;
  private readonly service: LoadCursor | undefined;
  private readonly arrived: TrailingSum | null;
  private readonly done: TrailingSum | null;
  private readonly busy: TrailingSum | null;
  private readonly podsTakeItems: boolean;
  private nowMs: number;
  private rate = 0;
  private broken = false;

  constructor(
    load: LoadTrace,
    private readonly model: WorkloadModel,
    private readonly pods: Pods,
    private readonly startMs: number,
    /** What the triggers read, by index; the last is for all beyond. */
    private readonly signals: readonly QueueSignal[],
    { tellsUsage = true, podsTakeItems = true }: Partial<WorkedQueueOptions> = {},
  ) {
    this.podsTakeItems = podsTakeItems;
    this.busy = tellsUsage ? new TrailingSum(usageSeconds) : null;
    this.arrivals = new LoadCursor(load.points);
    this.service = load.service && new LoadCursor(load.service);
    this.queue = new WorkQueue(model, startMs);
    this.nowMs = startMs;
    const longest = (kind: ModelSignal): TrailingSum | null => {
      const windows = signals.filter((signal) => signal.kind === kind).map((signal) => signal.windowSeconds);
      return windows.length === 0 ? null : new TrailingSum(Math.max(...windows));
    };
    this.arrived = longest('arrivalRate');
    this.done = longest('servedRate');
  }

  /** Items that can be worked on now. */
  get hands(): number {
    const { partitions, concurrency, concurrencyOf } = this.model;
    const { ready } = this.pods;
    if (!this.podsTakeItems || ready === 0) return 0;
    return (
      (concurrencyOf === 'partition' ? (partitions ?? 1) : Math.min(ready, partitions ?? Infinity)) *
      concurrency
    );
  }

  advance(nowMs: number): void {
    if (this.nowMs >= nowMs) return;
    const { hands, queue, startMs } = this;
    while (this.nowMs < nowMs) {
      const end = Math.min(nowMs, (Math.floor((this.nowMs - startMs) / tickMs) + 1) * tickMs + startMs);
      const t = (this.nowMs - startMs) / 1_000;
      const value = this.arrivals.at(t);
      this.broken = value === null;
      this.rate = value ?? 0;
      const { arrived, done } = queue;
      queue.tick(end, end - this.nowMs, this.rate, hands, this.service?.at(t) ?? undefined);
      this.arrived?.add(end, queue.arrived - arrived);
      this.done?.add(end, queue.done - done);
      this.busy?.add(end, (queue.busyHands * (end - this.nowMs)) / 1_000);
      this.nowMs = end;
    }
  }

  read(_nowMs: number, index: number): Reading {
    const { waiting, inFlight, done } = this.queue;
    return { value: this.broken ? null : this.signal(index), waiting, inFlight, done };
  }

  busyShare(): number {
    const { ready } = this.pods;
    const hands = ready * this.model.concurrency;
    const busy = this.busy?.over(this.nowMs, usageSeconds) ?? 0;
    return hands === 0 ? 0 : Math.min(1, busy / usageSeconds / hands);
  }

  private signal(index: number): number {
    const { queue, nowMs } = this;
    const { kind, windowSeconds, scale } = this.signals[index] ?? this.signals.at(-1) ?? backlog;
    switch (kind) {
      case 'backlog':
        return queue.backlog;
      case 'waiting':
        return queue.waiting;
      case 'inFlight':
        return queue.inFlight;
      case 'arrivalRate':
        return ((this.arrived?.over(nowMs, windowSeconds) ?? 0) / windowSeconds) * scale;
      case 'servedRate':
        return ((this.done?.over(nowMs, windowSeconds) ?? 0) / windowSeconds) * scale;
    }
  }
}

const backlog: QueueSignal = { kind: 'backlog', windowSeconds: 1, scale: 1 };

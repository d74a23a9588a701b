import type { ConsumerEvents, KafkaRecord, RecordHandler } from './consumer';
import { ContiguousOffsets } from './contiguous-offsets';
import type { Deadlines, Try } from './deadlines';

export interface BatchWorkerOptions {
  readonly handler: RecordHandler;
  readonly maxInFlight: number;
  readonly maxAttempts: number;
  readonly retryBackoffMs: number;
  readonly random: () => number;
  readonly deadlines: Deadlines;
  /** Hands a record over to the dead-letter topic; resolves when it is there. */
  readonly deadLetter: (record: KafkaRecord, error: unknown) => Promise<void>;
  readonly events: ConsumerEvents;
  /** Something was started or finished: work makes progress. */
  readonly onProgress: () => void;
}

interface Task {
  readonly record: KafkaRecord;
  readonly place: number;
}

/**
 * Works through the records of one batch: up to `maxInFlight` at a time, those of one key in order, each tried up to
 * `maxAttempts` times and then dead-lettered. It never skips a record: what is not finished stays uncommitted.
 */
export class BatchWorker {
  readonly offsets = new ContiguousOffsets();
  private readonly queues = new Map<string, Task[]>();
  private active = 0;
  private wake: (() => void) | undefined;
  private stopped = false;
  private closed = false;
  private failure: { readonly error: unknown } | undefined;
  private readonly backoffs = new Set<() => void>();
  finished = 0;

  constructor(private readonly options: BatchWorkerOptions) {}

  /** Records that were started and are not finished. */
  get inFlight(): number {
    return this.active;
  }

  /** Starts a record as soon as a slot is free. Resolves to false when the worker was closed instead. */
  async start(record: KafkaRecord): Promise<boolean> {
    while (this.active >= this.options.maxInFlight && !this.closed) await this.turn();
    return this.startNow(record);
  }

  /** True when `startNow` may be called without waiting. */
  get hasSlot(): boolean {
    return this.active < this.options.maxInFlight;
  }

  startNow(record: KafkaRecord): boolean {
    if (this.closed) return false;
    this.active += 1;
    const task = { record, place: this.offsets.started(record.offset) };
    const queue = record.key === null ? undefined : this.queues.get(record.key);
    if (queue) {
      queue.push(task);
      return true;
    }
    if (record.key !== null) this.queues.set(record.key, []);
    this.attempt(task, 1);
    return true;
  }

  /** Resolves when everything started is finished or given up. @throws what made the batch fail */
  async settled(): Promise<void> {
    while (this.active > 0) await this.turn();
    if (this.failure) throw this.failure.error;
  }

  /** Starts nothing more; what was started goes on. */
  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /** Gives up what is unfinished: the group gets it again. */
  abandon(): void {
    this.stopped = true;
    this.closed = true;
    for (const cut of this.backoffs) cut();
    this.wake?.();
  }

  private turn(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private attempt(task: Task, attempt: number): void {
    const started = this.options.deadlines.start(attempt);
    this.options.onProgress();
    let running: Promise<void>;
    try {
      running = this.options.handler(task.record, started);
    } catch (error) {
      running = Promise.reject(error as Error);
    }
    running.then(
      () => {
        this.options.deadlines.end(started);
        this.finish(task);
        const { processed } = this.options.events;
        if (processed) processed(task.record, performance.now() - started.startedMs);
      },
      (error: unknown) => this.failed(task, started, error),
    );
  }

  private failed(task: Task, started: Try, error: unknown): void {
    this.options.deadlines.end(started);
    this.options.onProgress();
    this.options.events.failed?.(task.record, started.attempt, error);
    if (this.stopped) return this.giveUp(task);
    if (started.attempt < this.options.maxAttempts) return this.backOff(task, started.attempt);
    this.options.deadLetter(task.record, error).then(
      () => {
        this.finish(task);
        this.options.events.deadLettered?.(task.record, error);
      },
      (cause: unknown) => {
        this.failure ??= { error: cause };
        this.stopped = true;
        this.closed = true;
        this.giveUp(task);
      },
    );
  }

  private backOff(task: Task, attempt: number): void {
    const next = () => {
      clearTimeout(timer);
      this.backoffs.delete(next);
      if (this.stopped) this.giveUp(task);
      else this.attempt(task, attempt + 1);
    };
    const timer = setTimeout(next, this.options.random() * this.options.retryBackoffMs * 2 ** (attempt - 1));
    this.backoffs.add(next);
  }

  private finish(task: Task): void {
    this.finished += 1;
    this.offsets.finished(task.place);
    this.options.onProgress();
    this.release(task);
  }

  private giveUp(task: Task): void {
    this.release(task);
  }

  private release({ record: { key } }: Task): void {
    this.active -= 1;
    if (key !== null) this.nextOf(key);
    const { wake } = this;
    if (wake && (this.active === 0 || this.active < this.options.maxInFlight)) {
      this.wake = undefined;
      wake();
    }
  }

  private nextOf(key: string): void {
    const queue = this.queues.get(key);
    const next = queue?.shift();
    if (!next) {
      this.queues.delete(key);
    } else if (this.stopped) {
      this.giveUp(next);
    } else {
      this.attempt(next, 1);
    }
  }
}

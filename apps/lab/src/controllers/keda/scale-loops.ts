import { objectKey, type CancelWake, type KubeObject, type Scheduler } from '@scalelab/kube';
import { Serial } from './serial';

/** Pause before a poll is tried again that failed before it decided anything, ms. */
const retryMs = 1_000;

/** The loop of one object: the state of its reducer, and when it is due again. */
export interface ScaleLoop<State> {
  readonly key: string;
  /** Of the object that it was begun for: one of the same name that comes later begins anew. */
  readonly uid: string;
  /** Steps run one after the other. */
  readonly serial: Serial;
  state: State;
  wake: CancelWake;
  dueAtMs: number | null;
  polling: boolean;
}

export interface ScaleLoopsOptions<Stored extends KubeObject, State> {
  readonly scheduler: Scheduler;
  readonly init: (object: Stored) => State;
  /** Called when a loop is due. It ends in `schedule`, or is tried again. */
  readonly poll: (loop: ScaleLoop<State>) => Promise<void>;
  readonly onError: (key: string, error: unknown) => void;
}

/** One loop an object, each woken when its reducer said that it is due. */
export class ScaleLoops<Stored extends KubeObject, State> {
  private readonly loops = new Map<string, ScaleLoop<State>>();
  private stopped = false;

  constructor(private readonly options: ScaleLoopsOptions<Stored, State>) {}

  get(key: string): ScaleLoop<State> | undefined {
    return this.loops.get(key);
  }

  /** The object's loop, begun when there is none. */
  of(object: Stored): ScaleLoop<State> {
    const key = objectKey(object);
    const uid = object.metadata.uid ?? '';
    const before = this.loops.get(key);
    if (before?.uid === uid) return before;
    before?.wake();
    const fresh: ScaleLoop<State> = {
      key,
      uid,
      serial: new Serial(),
      state: this.options.init(object),
      wake: () => undefined,
      dueAtMs: null,
      polling: false,
    };
    this.loops.set(key, fresh);
    return fresh;
  }

  forget(object: Stored): void {
    const key = objectKey(object);
    const loop = this.loops.get(key);
    if (loop?.uid !== object.metadata.uid) return;
    loop?.wake();
    this.loops.delete(key);
  }

  /** Wakes the loop at that time and no other; null is never. */
  schedule(loop: ScaleLoop<State>, dueAtMs: number | null): void {
    if (dueAtMs === loop.dueAtMs) return;
    loop.wake();
    loop.dueAtMs = dueAtMs;
    if (dueAtMs === null || this.stopped) return;
    loop.wake = this.options.scheduler.wakeAt(dueAtMs, () => void this.pollDue(loop, dueAtMs));
  }

  stop(): void {
    this.stopped = true;
    for (const { wake } of this.loops.values()) wake();
  }

  private async pollDue(loop: ScaleLoop<State>, dueAtMs: number): Promise<void> {
    // Sources slower than the interval: the poll under way ends with a new due time.
    if (loop.polling) return;
    loop.polling = true;
    try {
      await this.options.poll(loop);
    } catch (error) {
      this.options.onError(loop.key, error);
    } finally {
      loop.polling = false;
      // The loop goes on whatever went wrong: a poll that did not get as far as its step is tried again.
      if (loop.dueAtMs === dueAtMs) this.schedule(loop, this.options.scheduler.now() + retryMs);
    }
  }
}

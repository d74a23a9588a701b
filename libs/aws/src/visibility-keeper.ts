import { AwsError } from './aws-error';
import type { Clock } from './clock';
import { DeadlineHeap, type Timed } from './deadline-heap';
import { GroupCommit, type Outcome } from './group-commit';
import type { QueuePort } from './queue-port';

export interface VisibilityKeeperOptions {
  readonly queues: QueuePort;
  readonly queueUrl: string;
  /** Seconds that a receive or an extension hides a message. */
  readonly visibilitySeconds: number;
  /** Milliseconds from receive after which a message is extended no more. SQS's own limit is 12 h. */
  readonly maxHoldMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onExtended: (messages: number) => void;
  readonly onError: (error: AwsError) => void;
}

/** A message that must stay hidden from other receivers. */
export interface Hold extends Timed {
  readonly receiptHandle: string;
  /** Clock time of the receive: deadlines count from here, however long the message waits before it is worked on. */
  readonly receivedAt: number;
  /** Clock time at which the queue shows the message again. */
  deadline: number;
  /** Called once when the message can be held no longer. */
  readonly onLost: (error: AwsError) => void;
  extending: Promise<void> | undefined;
}

const callSize = 10;

/** Keeps received messages hidden: one timer at the next deadline, one batch call for all that are due soon. */
export class VisibilityKeeper {
  private readonly heap = new DeadlineHeap<Hold>();
  private readonly releases: GroupCommit<{ hold: Hold; seconds: number }, void>;
  private readonly visibilityMs: number;
  private timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(private readonly options: VisibilityKeeperOptions) {
    this.visibilityMs = options.visibilitySeconds * 1_000;
    this.releases = new GroupCommit({
      commit: (items) => this.commitReleases(items),
      maxItems: callSize,
      lingerMs: 50,
      attempts: 3,
      clock: options.clock,
      random: options.random,
    });
  }

  /** Messages under cover. */
  get size(): number {
    return this.heap.size;
  }

  hold(receiptHandle: string, receivedAt: number, onLost: (error: AwsError) => void): Hold {
    const deadline = receivedAt + this.visibilityMs;
    const hold: Hold = {
      receiptHandle,
      receivedAt,
      deadline,
      onLost,
      extending: undefined,
      slot: -1,
      dueAt: 0,
    };
    this.schedule(hold, deadline - this.visibilityMs / 2);
    return hold;
  }

  /** Ends the cover without a call: for a message that is about to be deleted. */
  drop(hold: Hold): void {
    this.heap.remove(hold);
    this.rearm();
  }

  /** Shows the message to others after `seconds`. The cover lasts until that call; when it fails, the timeout does the same later. */
  async release(hold: Hold, seconds: number): Promise<void> {
    try {
      await this.releases.add({ hold, seconds });
    } catch (cause) {
      this.drop(hold);
      this.options.onError(new AwsError('VisibilityFailed', 'a message could not be given back', { cause }));
    }
  }

  /** Makes the calls that wait for company. */
  async flush(): Promise<void> {
    await this.releases.flush();
  }

  /** Ends all covers without a call. */
  close(): void {
    for (let hold = this.heap.peek(); hold; hold = this.heap.peek()) this.heap.remove(hold);
    this.rearm();
  }

  private schedule(hold: Hold, dueAt: number): void {
    hold.dueAt = dueAt;
    this.heap.put(hold);
    this.rearm();
  }

  private rearm(): void {
    const next = this.heap.peek();
    // A timer that comes early only looks and sets itself again, which is cheaper than a new one for every finished message.
    if (next && this.timer && this.timer.at <= next.dueAt) return;
    this.timer?.cancel();
    this.timer = next && { at: next.dueAt, cancel: this.options.clock.wakeAt(next.dueAt, () => this.tick()) };
  }

  private tick(): void {
    const { clock, maxHoldMs } = this.options;
    const now = clock.now();
    this.timer = undefined;
    if ((this.heap.peek()?.dueAt ?? Infinity) > now) return this.rearm();
    // Those due within the next sixth of the timeout come along: fewer, fuller calls.
    const horizon = now + this.visibilityMs / 6;
    const due: Hold[] = [];
    for (let hold = this.heap.peek(); hold && hold.dueAt <= horizon; hold = this.heap.peek()) {
      this.heap.remove(hold);
      if (now - hold.receivedAt < maxHoldMs) due.push(hold);
      else
        hold.onLost(
          new AwsError('VisibilityLost', `the message was held for ${maxHoldMs} ms, the longest allowed`),
        );
    }
    for (let from = 0; from < due.length; from += callSize)
      void this.extend(due.slice(from, from + callSize));
    this.rearm();
  }

  private async extend(holds: readonly Hold[]): Promise<void> {
    let finished = () => {};
    const extending = new Promise<void>((resolve) => (finished = resolve));
    const covered = new Set(holds);
    for (const hold of holds) {
      hold.extending = extending;
      // Stays in the heap, so that a message that is dropped meanwhile is known to be dropped.
      this.schedule(hold, hold.deadline);
    }
    const { queues, queueUrl, visibilitySeconds, clock, onExtended, onError } = this.options;
    const calledAt = clock.now();
    try {
      const changes = holds.map(({ receiptHandle }) => ({ receiptHandle, seconds: visibilitySeconds }));
      for (const { index, code, message, senderFault } of await queues.changeVisibilityBatch(
        queueUrl,
        changes,
      )) {
        const hold = holds[index]!;
        covered.delete(hold);
        if (hold.slot < 0) continue;
        if (senderFault) {
          this.drop(hold);
          hold.onLost(new AwsError('VisibilityLost', `${code}: ${message}`));
        } else {
          this.retrySoon(hold);
        }
      }
      const extended = [...covered].filter(({ slot }) => slot >= 0);
      for (const hold of extended) {
        hold.deadline = calledAt + this.visibilityMs;
        this.schedule(hold, hold.deadline - this.visibilityMs / 2);
      }
      if (extended.length > 0) onExtended(extended.length);
    } catch (cause) {
      onError(new AwsError('VisibilityFailed', 'messages could not be kept hidden', { cause }));
      for (const hold of holds) if (hold.slot >= 0) this.retrySoon(hold);
    }
    for (const hold of holds) if (hold.extending === extending) hold.extending = undefined;
    finished();
  }

  private retrySoon(hold: Hold): void {
    const now = this.options.clock.now();
    const left = hold.deadline - now;
    if (left > 0) return this.schedule(hold, now + Math.min(1_000, Math.max(50, left / 4)));
    this.drop(hold);
    hold.onLost(new AwsError('VisibilityLost', 'the message could not be kept hidden in time'));
  }

  private async commitReleases(items: readonly { hold: Hold; seconds: number }[]): Promise<Outcome<void>[]> {
    const { queues, queueUrl } = this.options;
    // An extension that arrives after the release would hide the message again.
    for (const { hold } of items) if (hold.extending) await hold.extending;
    for (const { hold } of items) this.drop(hold);
    const changes = items.map(({ hold, seconds }) => ({ receiptHandle: hold.receiptHandle, seconds }));
    const outcomes: Outcome<void>[] = items.map(() => ({ kind: 'done', result: undefined }));
    for (const { index, code, message, senderFault } of await queues.changeVisibilityBatch(
      queueUrl,
      changes,
    )) {
      // The sender's fault here means that the message is visible, or gone, already.
      if (!senderFault) outcomes[index] = { kind: 'again', error: new Error(`${code}: ${message}`) };
    }
    return outcomes;
  }
}

import { AwaitedChange } from './awaited-change';
import { AwsError } from './aws-error';
import { fullJitter, fullJitterSeconds } from './backoff';
import { systemClock, type Clock } from './clock';
import { DeleteBuffer } from './delete-buffer';
import { GroupLanes } from './group-lanes';
import { isFullPoll, nextPoll } from './poll-plan';
import type { Delivery, DrainOptions, DrainReport, QueueConsumerOptions } from './queue-consumer-options';
import type { ReceivedMessage } from './queue-port';
import { runHandler } from './run-handler';
import { VisibilityKeeper, type Hold } from './visibility-keeper';

interface Work {
  readonly message: ReceivedMessage;
  readonly hold: Hold;
  readonly abort: AbortController;
  started: boolean;
}

/**
 * Receives from a queue into a bounded number of slots, keeps what it holds hidden from others, deletes what is done in batches and
 * gives back the rest. Nothing is lost: a message leaves the queue only after its handler resolved or it is safe in the dead-letter
 * queue. A message may be handled more than once: the handler's effect must be idempotent.
 */
export class QueueConsumer<Body = unknown> {
  private phase: 'new' | 'running' | 'draining' | 'stopped' = 'new';
  private readonly works = new Set<Work>();
  private readonly lanes = new GroupLanes<Work>();
  private readonly keeper: VisibilityKeeper;
  private readonly deletes: DeleteBuffer;
  private readonly cutPolls = new AbortController();
  private readonly clock: Clock;
  private openPolls = 0;
  private reserved = 0;
  private busy = false;
  private failedReceives = 0;
  private emptyTooSoon = false;
  private finishedInDrain = 0;
  private released = 0;
  private cancelPump: (() => void) | undefined;
  private readonly change: AwaitedChange;

  constructor(private readonly options: QueueConsumerOptions<Body>) {
    const { queues, queueUrl, visibilitySeconds = 30, random = Math.random, deleteLingerMs = 50 } = options;
    const { handlerTimeoutMs = 60_000, abortGraceMs = 5_000, observer } = options;
    this.clock = options.clock ?? systemClock;
    this.change = new AwaitedChange(this.clock);
    this.deletes = new DeleteBuffer({
      queues,
      queueUrl,
      lingerMs: deleteLingerMs,
      random,
      clock: this.clock,
    });
    this.keeper = new VisibilityKeeper({
      queues,
      queueUrl,
      visibilitySeconds,
      // A message behind others of its FIFO group waits before its own handler starts; twelve hours is SQS's own limit.
      maxHoldMs: Math.min(12 * 3_600_000, receiveWindow * (handlerTimeoutMs + abortGraceMs)),
      clock: this.clock,
      random,
      onExtended: (messages) => observer?.onExtended?.(messages),
      onError: (error) => observer?.onError?.(error),
    });
  }

  /** Messages held: received and not settled. */
  get inFlight(): number {
    return this.works.size;
  }

  get polls(): number {
    return this.openPolls;
  }

  start(): void {
    if (this.phase !== 'new') throw new Error(`the consumer is ${this.phase}: make a new one to start again`);
    this.phase = 'running';
    this.pump();
  }

  /**
   * Stops in two phases inside `graceMs`. First intake: no new polls, and the open one is waited for, never aborted, since a queue
   * may already have handed it messages; what it still brings is given back at once. Then work: handlers finish; those that do not
   * are aborted and given back before the reserve; deletes are flushed.
   */
  async drain({ graceMs, reserveMs = Math.min(5_000, graceMs / 6) }: DrainOptions): Promise<DrainReport> {
    const { waitSeconds = 5 } = this.options;
    const start = this.clock.now();
    const workEnd = start + graceMs - reserveMs;
    this.phase = 'draining';
    this.cancelPump?.();
    for (const group of this.lanes.groups()) this.lanes.abandon(group).forEach((work) => this.giveBack(work));
    const pollEnd = Math.min(workEnd, start + waitSeconds * 1_000 + pollSlackMs);
    await Promise.all([
      this.change.until(() => this.openPolls === 0, pollEnd),
      this.change.until(() => this.openPolls === 0 && this.works.size === 0, workEnd),
    ]);
    const pollsCut = this.openPolls;
    if (pollsCut > 0) this.cutPolls.abort();
    for (const work of this.works) {
      work.abort.abort(new AwsError('Draining', 'the consumer is stopping'));
      if (!work.started) this.giveBack(work);
    }
    const end = start + graceMs;
    await this.change.until(() => this.works.size === 0, Math.min(end, this.clock.now() + reserveMs / 3));
    for (const work of [...this.works]) this.giveBack(work);
    let flushed = false;
    void Promise.all([this.keeper.flush(), this.deletes.flush()]).then(() => {
      flushed = true;
      this.change.announce();
    });
    await this.change.until(() => flushed, end);
    this.keeper.close();
    this.phase = 'stopped';
    return { finished: this.finishedInDrain, released: this.released, pollsCut };
  }

  private pump(): void {
    const { maxInFlight = 10, gatherMs = 20 } = this.options;
    while (this.phase === 'running') {
      const size = this.nextPoll();
      if (size === 0) return;
      const healthy = this.failedReceives === 0 && !this.emptyTooSoon;
      if (healthy && (isFullPoll(size, maxInFlight) || gatherMs === 0)) {
        this.cancelPump?.();
        this.cancelPump = undefined;
        void this.poll(size);
        continue;
      }
      this.cancelPump ??= this.clock.wakeAt(this.clock.now() + this.pollDelay(gatherMs), () => {
        this.cancelPump = undefined;
        const gathered = this.nextPoll();
        if (this.phase === 'running' && gathered > 0) void this.poll(gathered);
        this.pump();
      });
      return;
    }
  }

  private nextPoll(): number {
    const { maxInFlight = 10, maxPolls = 4 } = this.options;
    const { works, reserved, openPolls, busy } = this;
    return nextPoll({ maxInFlight, held: works.size, reserved, openPolls, busy, maxPolls });
  }

  /** Milliseconds before a poll that is not made at once. */
  private pollDelay(gatherMs: number): number {
    const { receiveBackoff = { base: 100, cap: 5_000 }, random = Math.random } = this.options;
    if (this.failedReceives > 0) return fullJitter(this.failedReceives, receiveBackoff, random);
    return this.emptyTooSoon ? shortPollPauseMs : gatherMs;
  }

  private async poll(size: number): Promise<void> {
    const { queues, queueUrl, waitSeconds = 5, visibilitySeconds = 30, observer } = this.options;
    this.openPolls += 1;
    this.reserved += size;
    const startedAt = this.clock.now();
    let messages: readonly ReceivedMessage[] = [];
    try {
      const request = { queueUrl, max: size, waitSeconds, visibilitySeconds, signal: this.cutPolls.signal };
      messages = await queues.receive(request);
      this.failedReceives = 0;
      this.busy = messages.length > 0;
      this.emptyTooSoon = !this.busy && this.clock.now() - startedAt < shortPollPauseMs;
      observer?.onReceived?.(messages);
    } catch (cause) {
      this.failedReceives += 1;
      this.busy = false;
      if (!this.cutPolls.signal.aborted)
        observer?.onError?.(new AwsError('ReceiveFailed', 'a receive failed', { cause }));
    }
    this.openPolls -= 1;
    this.reserved -= size;
    const receivedAt = this.clock.now();
    for (const message of messages) this.accept(message, receivedAt);
    this.change.announce();
    this.pump();
  }

  private accept(message: ReceivedMessage, receivedAt: number): void {
    const abort = new AbortController();
    const hold = this.keeper.hold(message.receiptHandle, receivedAt, (error) => abort.abort(error));
    const work: Work = { message, hold, abort, started: false };
    this.works.add(work);
    if (this.phase !== 'running') this.giveBack(work);
    else if (message.groupId === undefined || this.lanes.enter(message.groupId, work)) void this.run(work);
  }

  private async run(work: Work): Promise<void> {
    const { observer } = this.options;
    const { message } = work;
    const startedAt = this.clock.now();
    work.started = true;
    observer?.onStarted?.(message);
    const delivery = this.parse(message);
    const { outcome, error } = delivery
      ? await runHandler(this.options, delivery, work.abort, this.clock)
      : await this.reject(message);
    // A drain may have given the message back meanwhile: then the queue owns it again.
    if (!this.works.has(work)) return;
    if (outcome === 'done' || outcome === 'rejected') {
      this.keeper.drop(work.hold);
      const deleted = this.deletes
        .delete(message.receiptHandle)
        .catch((failure: AwsError) => observer?.onError?.(failure));
      // The next of a FIFO group starts only when this one cannot come back.
      if (message.groupId !== undefined) await deleted;
    } else {
      this.fail(work, error);
    }
    if (this.phase === 'draining') this.finishedInDrain += 1;
    observer?.onSettled?.(message, outcome, this.clock.now() - startedAt);
    this.settled(work, outcome === 'done' || outcome === 'rejected');
  }

  private parse(message: ReceivedMessage): Delivery<Body> | undefined {
    const { parse = JSON.parse as (text: string) => Body } = this.options;
    try {
      return { ...message, body: parse(message.body) };
    } catch {
      return undefined;
    }
  }

  /** Puts an unparsable message into the dead-letter queue, before it may be deleted here. */
  private async reject(
    message: ReceivedMessage,
  ): Promise<{ outcome: 'rejected' | 'failed'; error: AwsError }> {
    const { queues, deadLetterUrl, observer } = this.options;
    const error = new AwsError('BadMessage', `the body of message ${message.id} cannot be parsed`);
    if (!deadLetterUrl) return { outcome: 'failed', error };
    const attributes = {
      ...message.attributes,
      'dead-letter-reason': 'BadMessage',
      'source-message-id': message.id,
    };
    const entry = {
      body: message.body,
      attributes,
      ...(message.groupId ? { groupId: message.groupId, deduplicationId: message.id } : {}),
    };
    try {
      const { failed } = await queues.sendBatch(deadLetterUrl, [entry]);
      if (failed[0]) throw new Error(`${failed[0].code}: ${failed[0].message}`);
    } catch (cause) {
      const kept = new AwsError(
        'SendFailed',
        'an unparsable message could not be put into the dead-letter queue',
        { cause },
      );
      observer?.onError?.(kept);
      return { outcome: 'failed', error: kept };
    }
    observer?.onDeadLettered?.(message, error);
    return { outcome: 'rejected', error };
  }

  /** Shows a failed message again after a backoff, and what waits behind it in its FIFO group at once. */
  private fail(work: Work, error: AwsError | undefined): void {
    const {
      retryBackoff = { base: 1, cap: 300 },
      random = Math.random,
      maxReceiveCount,
      observer,
    } = this.options;
    const { message, hold } = work;
    if (error) observer?.onError?.(error);
    if (error && maxReceiveCount !== undefined && message.receiveCount >= maxReceiveCount) {
      observer?.onDeadLettered?.(message, error);
    }
    if (message.groupId !== undefined)
      this.lanes.abandon(message.groupId).forEach((later) => this.giveBack(later));
    void this.keeper.release(hold, fullJitterSeconds(message.receiveCount, retryBackoff, random));
  }

  private giveBack(work: Work): void {
    this.works.delete(work);
    this.released += 1;
    this.options.observer?.onSettled?.(work.message, 'released', 0);
    void this.keeper.release(work.hold, 0);
    this.change.announce();
  }

  private settled(work: Work, deleted: boolean): void {
    this.works.delete(work);
    const { groupId } = work.message;
    if (groupId !== undefined) {
      const next = this.lanes.next(groupId);
      if (next && deleted) void this.run(next);
    }
    this.change.announce();
    this.pump();
  }
}

/** Messages that one receive may bring of one FIFO group, one handled after the other. */
const receiveWindow = 10;
/** Pause after an empty receive that did not wait, so that an empty queue is not asked without end. */
const shortPollPauseMs = 50;
/** What an open poll may take longer than its wait, milliseconds. */
const pollSlackMs = 2_000;

import type { Consumer, EachBatchPayload, Message, Producer } from 'kafkajs';
import { BatchWorker } from '../batch-worker';
import type { ConsumerHealth, ConsumerOptions, DrainResult, KafkaConsumer, KafkaRecord } from '../consumer';
import { Deadlines } from '../deadlines';
import { kafkaClient, kafkaError } from './client';
import { FetchedRecord } from './record';

/** Errors of a commit or heartbeat that mean: this partition may belong to somebody else now. */
const lostMembership = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'FENCED_INSTANCE_ID',
]);

const isLostMembership = (error: unknown) =>
  lostMembership.has((error as { type?: string } | null)?.type ?? '');

export function createConsumer(options: ConsumerOptions): KafkaConsumer {
  return new KafkajsConsumer(options);
}

class KafkajsConsumer implements KafkaConsumer {
  private readonly consumer: Consumer;
  private readonly deadLetters: Producer;
  private readonly deadlines: Deadlines;
  private readonly workers = new Set<BatchWorker>();
  private readonly lags = new Map<string, number>();
  private readonly sessionTimeoutMs: number;
  private readonly heartbeatMs: number;
  private readonly maxWaitMs: number;
  private deadLettersConnected: Promise<void> | undefined;
  private joined = false;
  private started = false;
  private draining = false;
  private drained: Promise<DrainResult> | undefined;
  private paused = false;
  private dead: string | undefined;
  private lastSignalMs = performance.now();
  private lastProgressMs = performance.now();

  constructor(private readonly options: ConsumerOptions) {
    this.sessionTimeoutMs = options.sessionTimeoutMs ?? 30_000;
    this.heartbeatMs = Math.min(options.heartbeatIntervalMs ?? 3_000, this.sessionTimeoutMs / 3);
    this.maxWaitMs = Math.min(options.maxWaitMs ?? 300, 500);
    this.deadlines = new Deadlines(options.handlerTimeoutMs ?? 30_000);
    const client = kafkaClient({ ...options, log: options.events?.log });
    this.consumer = client.consumer({
      groupId: options.groupId,
      sessionTimeout: this.sessionTimeoutMs,
      rebalanceTimeout: options.rebalanceTimeoutMs ?? 60_000,
      heartbeatInterval: this.heartbeatMs,
      maxWaitTimeInMs: this.maxWaitMs,
      maxBytesPerPartition: options.maxBytesPerPartition ?? 262_144,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 10 },
    });
    this.deadLetters = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: true,
    });
    this.listen();
  }

  async start(): Promise<void> {
    const first = Promise.withResolvers<void>();
    const off = this.consumer.on('consumer.group_join', () => first.resolve());
    const offCrash = this.consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) first.reject(payload.error);
    });
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({
        topics: [...this.options.topics],
        fromBeginning: this.options.startFrom !== 'latest',
      });
      await this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.options.partitionsInWork ?? 6,
        eachBatch: (payload) => this.work(payload),
      });
      await first.promise;
      this.started = true;
    } catch (cause) {
      await this.consumer.disconnect().catch(() => undefined);
      throw kafkaError(`start consumer of group ${this.options.groupId}`, cause);
    } finally {
      off();
      offCrash();
    }
  }

  pause(): void {
    this.paused = true;
    this.consumer.pause(this.options.topics.map((topic) => ({ topic })));
  }

  resume(): void {
    this.paused = false;
    this.consumer.resume(this.options.topics.map((topic) => ({ topic })));
  }

  drain(timeoutMs: number): Promise<DrainResult> {
    return (this.drained ??= this.drainOnce(timeoutMs));
  }

  private async drainOnce(timeoutMs: number): Promise<DrainResult> {
    const before = this.finishedSoFar();
    const inFlight = this.inFlight();
    this.draining = true;
    for (const worker of this.workers) worker.close();
    if (this.started && this.dead === undefined)
      this.consumer.pause(this.options.topics.map((topic) => ({ topic })));
    const deadline = setTimeout(
      () => this.abandon(new Error(`the drain's ${timeoutMs} ms are over`)),
      timeoutMs,
    );
    // Running batches end by themselves: they start nothing more, finish, commit and return. Only then may the group be left.
    while (this.workers.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    clearTimeout(deadline);
    await this.consumer
      .disconnect()
      .catch((error: unknown) => this.log('warn', 'the consumer did not disconnect cleanly', { error }));
    await this.deadLettersConnected?.then(() => this.deadLetters.disconnect()).catch(() => undefined);
    this.joined = false;
    const finished = Math.min(inFlight, this.finishedSoFar() - before);
    return { finished, abandoned: inFlight - finished };
  }

  lag(): ReadonlyMap<string, number> {
    return this.lags;
  }

  health(): ConsumerHealth {
    const silent = performance.now() - this.lastSignalMs;
    const limit = this.sessionTimeoutMs * 3;
    const reason =
      this.dead ??
      (this.started && !this.draining && silent > limit
        ? `no fetch and no heartbeat for ${Math.round(silent / 1_000)} s`
        : undefined);
    return {
      alive: reason === undefined,
      ...(reason !== undefined && { reason }),
      joined: this.joined,
      inFlight: this.inFlight(),
    };
  }

  private listen(): void {
    const signal = () => {
      this.lastSignalMs = performance.now();
    };
    this.consumer.on('consumer.heartbeat', signal);
    this.consumer.on('consumer.fetch', signal);
    this.consumer.on('consumer.group_join', ({ payload }) => {
      signal();
      this.joined = true;
      this.lags.clear();
      this.options.events?.joined?.(payload.memberAssignment);
      if (this.paused || this.draining) this.consumer.pause(this.options.topics.map((topic) => ({ topic })));
    });
    this.consumer.on('consumer.rebalancing', () => {
      this.joined = false;
      this.options.events?.left?.();
    });
    this.consumer.on('consumer.crash', ({ payload }) => {
      this.joined = false;
      this.log(payload.restart ? 'warn' : 'error', 'the consumer crashed', {
        restart: payload.restart,
        error: payload.error.message,
      });
      if (!payload.restart) this.dead = `the consumer crashed and will not restart: ${payload.error.message}`;
    });
    this.consumer.on('consumer.stop', () => {
      // A crash that will be restarted stops the consumer as well; the crash event then tells whether it comes back.
      this.joined = false;
    });
  }

  private async work(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale } = payload;
    const { topic, partition } = batch;
    const worker = new BatchWorker({
      handler: this.options.handler,
      maxInFlight: this.options.maxInFlight ?? 16,
      maxAttempts: this.options.maxAttempts ?? 3,
      retryBackoffMs: this.options.retryBackoffMs ?? 100,
      random: this.options.random ?? Math.random,
      deadlines: this.deadlines,
      deadLetter: (record, error) => this.deadLetter(record, error),
      events: this.options.events ?? {},
      onProgress: this.onProgress,
    });
    this.workers.add(worker);
    this.lastProgressMs = performance.now();
    const membership = { lost: false };
    const upkeep = this.upkeep(payload, worker, membership);
    try {
      for (const message of batch.messages) {
        if (this.draining || this.paused || membership.lost || !isRunning() || isStale()) break;
        const record = new FetchedRecord(topic, partition, message);
        if (!(worker.hasSlot ? worker.startNow(record) : await worker.start(record))) break;
      }
      await worker.settled();
    } finally {
      clearInterval(upkeep);
      await this.commit(payload, worker);
      this.workers.delete(worker);
      this.finishedBefore += worker.finished;
      const reached = worker.offsets.nextToCommit ?? batch.firstOffset() ?? batch.highWatermark;
      this.lags.set(
        `${topic}/${partition}`,
        Math.max(0, Number(BigInt(batch.highWatermark) - BigInt(reached))),
      );
    }
  }

  private readonly onProgress = () => {
    this.lastProgressMs = performance.now();
  };

  /** While a batch is in work: heartbeats as long as work makes progress, and commits of what is finished. */
  private upkeep(
    payload: EachBatchPayload,
    worker: BatchWorker,
    membership: { lost: boolean },
  ): NodeJS.Timeout {
    const commitEvery = this.options.commitIntervalMs ?? 1_000;
    const stalledAfter = (this.options.handlerTimeoutMs ?? 30_000) + this.sessionTimeoutMs;
    let lastCommit = performance.now();
    let busy = false;
    const tick = async () => {
      if (performance.now() - this.lastProgressMs > stalledAfter) return;
      try {
        await payload.heartbeat();
      } catch (error) {
        if (isLostMembership(error)) membership.lost = true;
        else this.log('warn', 'a heartbeat failed', { error: String(error) });
      }
      if (performance.now() - lastCommit >= commitEvery) {
        lastCommit = performance.now();
        await this.commit(payload, worker);
      }
    };
    return setInterval(
      () => {
        if (busy) return;
        busy = true;
        tick()
          .catch((error: unknown) =>
            this.log('warn', 'a commit failed; the end of the batch tries again', { error: String(error) }),
          )
          .finally(() => (busy = false));
      },
      Math.min(this.heartbeatMs, commitEvery),
    );
  }

  private readonly committed = new WeakMap<BatchWorker, string>();
  private finishedBefore = 0;

  /** Commits the highest contiguous finished offset, explicitly: the only form that still works once a stop has begun. */
  private async commit(
    { batch: { topic, partition }, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload,
    worker: BatchWorker,
  ): Promise<void> {
    const { highest, nextToCommit } = worker.offsets;
    if (highest === null || nextToCommit === null || this.committed.get(worker) === nextToCommit) return;
    resolveOffset(highest);
    try {
      await commitOffsetsIfNecessary({
        topics: [{ topic, partitions: [{ partition, offset: nextToCommit }] }],
      });
      this.committed.set(worker, nextToCommit);
      this.options.events?.committed?.(topic, partition, nextToCommit);
    } catch (error) {
      if (!isLostMembership(error)) throw error;
      this.options.events?.fenced?.(topic, partition, error);
    }
  }

  private async deadLetter(record: KafkaRecord, error: unknown): Promise<void> {
    this.deadLettersConnected ??= this.deadLetters.connect();
    await this.deadLettersConnected;
    const topic = this.options.deadLetterTopic?.(record.topic) ?? `${record.topic}.dlq`;
    const original: Pick<Message, 'key' | 'value' | 'headers'> =
      record instanceof FetchedRecord
        ? record.original
        : { key: record.key, value: record.value, headers: { ...record.headers } };
    const reason = error instanceof Error ? error.message : String(error);
    const headers = {
      ...original.headers,
      'dlq-topic': record.topic,
      'dlq-partition': String(record.partition),
      'dlq-offset': record.offset,
      'dlq-group': this.options.groupId,
      'dlq-reason': reason.slice(0, 1_000),
    };
    await this.deadLetters.send({
      topic,
      acks: -1,
      messages: [{ ...original, headers }],
    });
  }

  private abandon(reason: Error): void {
    for (const worker of this.workers) worker.abandon();
    this.deadlines.abortAll(reason);
  }

  private inFlight(): number {
    let sum = 0;
    for (const worker of this.workers) sum += worker.inFlight;
    return sum;
  }

  private finishedSoFar(): number {
    let sum = this.finishedBefore;
    for (const worker of this.workers) sum += worker.finished;
    return sum;
  }

  private log(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    context?: Record<string, unknown>,
  ): void {
    this.options.events?.log?.(level, message, context);
  }
}

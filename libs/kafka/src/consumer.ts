/** One record as the application sees it. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  /** Offset as a decimal string: it may exceed 2^53. */
  readonly offset: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, as the producer or the broker stamped it. */
  readonly timestampMs: number;
}

export interface HandlerContext {
  /** Aborted when the handler's time is up or the consumer's drain ran out of time. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** Finishes one record. A rejection is retried, and after the last try the record goes to the dead-letter topic. */
export type RecordHandler = (record: KafkaRecord, context: HandlerContext) => Promise<void>;

export interface ConsumerOptions {
  /** `host:port` of at least one broker. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly handler: RecordHandler;
  /** Where a group without committed offsets begins. Default `earliest`. */
  readonly startFrom?: 'earliest' | 'latest';
  /** Records of one partition in work at a time; records with the same key stay in order. Default 16. */
  readonly maxInFlight?: number;
  /** Partitions in work at a time. Default 6. */
  readonly partitionsInWork?: number;
  /** Tries of a record before it goes to the dead-letter topic. Default 3. */
  readonly maxAttempts?: number;
  /** Topic for records that failed `maxAttempts` times. Default `<topic>.dlq`. */
  readonly deadLetterTopic?: (topic: string) => string;
  /** Longest time of one try, milliseconds. Default 30,000. */
  readonly handlerTimeoutMs?: number;
  /** First pause between tries, doubled each time with full jitter, milliseconds. Default 100. */
  readonly retryBackoffMs?: number;
  /** Pause between two commits while a batch is in work, milliseconds; the end of a batch commits too. Default 1,000. */
  readonly commitIntervalMs?: number;
  /** The broker gives a silent member up after this, milliseconds. Default 30,000. */
  readonly sessionTimeoutMs?: number;
  /** Members have this long to finish their work and rejoin, milliseconds. Default 60,000: above the longest batch. */
  readonly rebalanceTimeoutMs?: number;
  /** Pause between heartbeats, milliseconds. Default 3,000, at most a third of the session timeout. */
  readonly heartbeatIntervalMs?: number;
  /** Longest wait of a fetch for data, milliseconds; also the longest a stop waits for an idle fetch. Default 300, at most 500. */
  readonly maxWaitMs?: number;
  /** Bytes fetched per partition: bounds the work of one batch. Default 262,144. */
  readonly maxBytesPerPartition?: number;
  /** Uniform in [0, 1), for the jitter of retries. Default Math.random. */
  readonly random?: () => number;
  readonly events?: ConsumerEvents;
}

/** What an application may want to count or log. Each is optional and must not throw. */
export interface ConsumerEvents {
  readonly processed?: (record: KafkaRecord, milliseconds: number) => void;
  readonly failed?: (record: KafkaRecord, attempt: number, error: unknown) => void;
  readonly deadLettered?: (record: KafkaRecord, error: unknown) => void;
  readonly joined?: (partitions: Readonly<Record<string, readonly number[]>>) => void;
  readonly left?: () => void;
  readonly committed?: (topic: string, partition: number, nextOffset: string) => void;
  /** A commit was refused because the partition belongs to another member by now: its records may be seen twice. */
  readonly fenced?: (topic: string, partition: number, error: unknown) => void;
  readonly log?: (
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    context?: Readonly<Record<string, unknown>>,
  ) => void;
}

export interface ConsumerHealth {
  /** False: this process consumes nothing and will not by itself. Let the liveness probe fail. */
  readonly alive: boolean;
  /** Why it is not alive. */
  readonly reason?: string;
  /** A member of its group, with partitions assigned or waiting for some. */
  readonly joined: boolean;
  readonly inFlight: number;
}

export interface DrainResult {
  /** Records that were in work when the drain began and finished. */
  readonly finished: number;
  /** Records that did not finish in time; the group gets them again. */
  readonly abandoned: number;
}

/** A member of a Kafka consumer group, without the client library behind it. */
export interface KafkaConsumer {
  /** Connects and joins; resolves when the first assignment came. @throws KafkaError */
  start(): Promise<void>;
  /** Stops starting records; work in flight goes on and membership stays. */
  pause(): void;
  resume(): void;
  /** Starts nothing more, waits for work in flight at most `timeoutMs`, commits what finished, leaves the group. */
  drain(timeoutMs: number): Promise<DrainResult>;
  /** Records behind the end, by `topic/partition`, as of the last batch of each assigned partition. */
  lag(): ReadonlyMap<string, number>;
  health(): ConsumerHealth;
}

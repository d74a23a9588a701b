import {
  Kafka,
  KafkaJSConnectionError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSRequestTimeoutError,
  logLevel,
  type LogEntry,
} from 'kafkajs';
import type { ConsumerEvents } from '../consumer';
import { KafkaError } from '../kafka-error';
import { keepIdleQueuesAsleep } from './idle-request-queue';

export type Log = NonNullable<ConsumerEvents['log']>;

export interface ClientOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log?: Log | undefined;
  /** Longest wait for one answer, milliseconds. Default 10,000. */
  readonly requestTimeoutMs?: number;
  /** Tries of one request before it fails. Default 8 (about 15 s of pauses). */
  readonly retries?: number;
}

const levels = {
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
  [logLevel.DEBUG]: 'debug',
  [logLevel.NOTHING]: 'debug',
} as const;

// Said at ERROR by kafkajs, but part of every rebalance and of a fresh broker's first seconds.
const routine =
  /rebalanc|coordinator is loading|coordinator is not available|not the leader|hosts this topic-partition|not aware of this member|Restarting the consumer/i;

export function kafkaClient({
  brokers,
  clientId,
  log,
  requestTimeoutMs = 10_000,
  retries = 8,
}: ClientOptions): Kafka {
  keepIdleQueuesAsleep();
  process.env.KAFKAJS_NO_PARTITIONER_WARNING ??= '1';
  return new Kafka({
    brokers: [...brokers],
    clientId,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: 3_000,
    retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries },
    logLevel: log ? logLevel.INFO : logLevel.NOTHING,
    logCreator: () => (entry) => log?.(severity(entry), entry.log.message, context(entry)),
  });
}

function severity(entry: LogEntry): 'debug' | 'info' | 'warn' | 'error' {
  const text = `${entry.log.message} ${String(entry.log.error ?? '')}`;
  return routine.test(text) && entry.level <= logLevel.WARN ? 'debug' : levels[entry.level];
}

function context({
  namespace,
  log: { message: _message, timestamp: _timestamp, logger: _logger, stack: _stack, ...rest },
}: LogEntry) {
  return { namespace, ...rest };
}

/** kafkajs' errors in our words; the original is the cause. */
export function kafkaError(what: string, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause;
  const root =
    cause instanceof KafkaJSNumberOfRetriesExceeded && cause.cause instanceof Error ? cause.cause : cause;
  const message = `${what}: ${root instanceof Error ? root.message : String(root)}`;
  if (root instanceof KafkaJSRequestTimeoutError) return new KafkaError('KafkaTimeout', message, { cause });
  if (root instanceof KafkaJSConnectionError) return new KafkaError('KafkaUnreachable', message, { cause });
  return new KafkaError('KafkaRefused', message, { cause });
}

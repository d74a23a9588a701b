import type { AwsError } from './aws-error';
import type { BackoffOptions, Random } from './backoff';
import type { Clock } from './clock';
import type { QueuePort, ReceivedMessage } from './queue-port';

export interface Delivery<Body> extends Omit<ReceivedMessage, 'body'> {
  readonly body: Body;
}

export interface HandlerContext {
  /** Aborted on timeout, when the message became visible to others, and when a drain no longer waits. */
  readonly signal: AbortSignal;
}

/** Resolves: the message is deleted. Rejects: it comes back after a backoff, and moves to the dead-letter queue by redrive policy. */
export type Handler<Body> = (message: Delivery<Body>, context: HandlerContext) => Promise<void>;

/**
 * How one delivery ended: `done` (deleted), `failed` (handler threw), `timeout`, `lost` (visible to others while handled), `rejected`
 * (unparsable, put in the dead-letter queue), `released` (given back unhandled by a drain).
 */
export type DeliveryOutcome = 'done' | 'failed' | 'timeout' | 'lost' | 'rejected' | 'released';

/** Every call is optional and must not throw. */
export interface ConsumerObserver {
  /** A receive came back; an empty one tells that nothing waits. */
  onReceived?(messages: readonly ReceivedMessage[]): void;
  onStarted?(message: ReceivedMessage): void;
  onSettled?(message: ReceivedMessage, outcome: DeliveryOutcome, handledMs: number): void;
  /** The message goes to the dead-letter queue: put there, or by redrive at its next receive. */
  onDeadLettered?(message: ReceivedMessage, reason: AwsError): void;
  onExtended?(messages: number): void;
  onError?(error: AwsError): void;
}

export interface QueueConsumerOptions<Body> {
  readonly queues: QueuePort;
  readonly queueUrl: string;
  readonly handler: Handler<Body>;
  /** Turns the text into what the handler takes; throws for a message that no retry can mend. Default JSON.parse. */
  readonly parse?: (text: string) => Body;
  /** Where unparsable messages go. Default none: they fail like any other and move by redrive policy. */
  readonly deadLetterUrl?: string;
  /** The redrive policy's count, for `onDeadLettered` only. Default: never reported. */
  readonly maxReceiveCount?: number;
  /** Messages held at once (slots). Default 10. */
  readonly maxInFlight?: number;
  /** Polls at once while messages come; one while idle. Default 4. Bounded by free slots. */
  readonly maxPolls?: number;
  /** Long poll, seconds, 0..20. Default 5. A drain waits for the open poll: keep it under a third of the grace period. */
  readonly waitSeconds?: number;
  /** Milliseconds that a poll for fewer than ten messages waits for more slots to fall free; a full one goes at once. Default 20. */
  readonly gatherMs?: number;
  /** Seconds for which a message is hidden; extended at half time, from receive on, while the message is held. Default 30. */
  readonly visibilitySeconds?: number;
  /** Milliseconds after which the handler's signal aborts. Default 60,000. */
  readonly handlerTimeoutMs?: number;
  /**
   * Milliseconds that a handler has, after its signal aborted, to settle. Until then the message stays hidden, so that two handlers
   * never run for one message; after it the slot is free and a late result is ignored. Default 5,000.
   */
  readonly abortGraceMs?: number;
  /** Milliseconds that finished messages wait for a shared delete. Default 50; 10 messages go at once. */
  readonly deleteLingerMs?: number;
  /** Seconds of full-jitter backoff by receive count. Default 1 doubling to 300. */
  readonly retryBackoff?: BackoffOptions;
  /** Milliseconds of full-jitter backoff after a failed receive. Default 100 doubling to 5,000. */
  readonly receiveBackoff?: BackoffOptions;
  readonly observer?: ConsumerObserver;
  readonly random?: Random;
  readonly clock?: Clock;
}

export interface DrainOptions {
  /** Milliseconds until the process must be gone: the whole drain stays inside. */
  readonly graceMs: number;
  /** Milliseconds of it kept for giving back and deleting. Default: a sixth of the grace, at most 5,000. */
  readonly reserveMs?: number;
}

export interface DrainReport {
  /** Handlers that finished during the drain. */
  readonly finished: number;
  /** Messages given back to the queue, unstarted or aborted. */
  readonly released: number;
  /** An open poll did not end in time and was cut: what the queue handed to it comes back after the visibility timeout. */
  readonly pollsCut: number;
}

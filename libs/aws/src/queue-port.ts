export interface ReceivedMessage {
  readonly id: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often the message was handed out, this time included. */
  readonly receiveCount: number;
  /** Epoch milliseconds at which the queue took the message. */
  readonly sentAtMs: number;
  /** Only on FIFO queues. */
  readonly groupId?: string;
  /** Message attributes of type String and Number, as text. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ReceiveRequest {
  readonly queueUrl: string;
  /** 1..10. */
  readonly max: number;
  /** Long poll, seconds, 0..20. */
  readonly waitSeconds: number;
  /** Seconds for which received messages are hidden from others. */
  readonly visibilitySeconds: number;
  /** Last resort only: an aborted long poll strands what the queue had already handed to it. */
  readonly signal?: AbortSignal;
}

export interface SendEntry {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Seconds, 0..900. */
  readonly delaySeconds?: number;
  /** Required on FIFO queues. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** An entry of a batch that did not go through, by its place in the batch. */
export interface EntryFailure {
  readonly index: number;
  readonly code: string;
  readonly message: string;
  /** True: the same call will fail again. */
  readonly senderFault: boolean;
}

export interface SendBatchResult {
  readonly sent: readonly { readonly index: number; readonly messageId: string }[];
  readonly failed: readonly EntryFailure[];
}

export interface VisibilityChange {
  readonly receiptHandle: string;
  /** Seconds from now; 0 makes the message visible at once. */
  readonly seconds: number;
}

/** SQS as the rest of the project sees it. A batch holds 1..10 entries. Calls reject when the whole call failed. */
export interface QueuePort {
  receive(request: ReceiveRequest): Promise<readonly ReceivedMessage[]>;
  sendBatch(queueUrl: string, entries: readonly SendEntry[]): Promise<SendBatchResult>;
  deleteBatch(queueUrl: string, receiptHandles: readonly string[]): Promise<readonly EntryFailure[]>;
  changeVisibilityBatch(
    queueUrl: string,
    changes: readonly VisibilityChange[],
  ): Promise<readonly EntryFailure[]>;
  /** All attributes by their SQS names. */
  attributes(queueUrl: string): Promise<Readonly<Record<string, string>>>;
  setAttributes(queueUrl: string, attributes: Readonly<Record<string, string>>): Promise<void>;
  /** URL of a queue by name; undefined when there is none. */
  find(name: string): Promise<string | undefined>;
  /** Creates a queue and returns its URL; the URL of the queue that is there when its attributes agree. */
  create(name: string, attributes: Readonly<Record<string, string>>): Promise<string>;
}

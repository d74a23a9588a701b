import { AwsError } from './aws-error';
import type { BackoffOptions, Random } from './backoff';
import type { Clock } from './clock';
import { GroupCommit, type Outcome } from './group-commit';
import type { QueuePort, SendEntry } from './queue-port';

export interface QueueSenderOptions {
  readonly queues: QueuePort;
  readonly queueUrl: string;
  /** Milliseconds that a message waits for company. Default 2. 0: only those of one turn of the event loop share a call. */
  readonly lingerMs?: number;
  /** Entries a call, 1..10. Default 10, SQS's limit. */
  readonly maxEntries?: number;
  /** Bytes a call, bodies and attributes together. Default 262,144; a queue with a smaller MaximumMessageSize needs that. */
  readonly maxBytes?: number;
  /** Calls in flight. Default 8; always 1 on a FIFO queue, where calls must not overtake each other. */
  readonly maxCalls?: number;
  /** Tries of an entry that SQS failed without blaming the sender. Default 3; always 1 on a FIFO queue. */
  readonly attempts?: number;
  /** Waits between tries, milliseconds. Default: full jitter of 50 doubling to 2,000. */
  readonly backoff?: BackoffOptions;
  readonly random?: Random;
  readonly clock?: Clock;
}

export interface SentMessage {
  readonly messageId: string;
}

/** Concurrent sends share SendMessageBatch calls: one call of ten costs little more than one of one. */
export class QueueSender {
  private readonly commits: GroupCommit<SendEntry, SentMessage>;
  private readonly maxBytes: number;
  private closed = false;

  constructor(options: QueueSenderOptions) {
    const { queues, queueUrl, lingerMs = 2, maxEntries = 10, attempts = 3, maxCalls = 8 } = options;
    const fifo = queueUrl.endsWith('.fifo');
    this.maxBytes = options.maxBytes ?? 262_144;
    this.commits = new GroupCommit<SendEntry, SentMessage>({
      commit: (entries) => sendEntries(queues, queueUrl, entries),
      maxItems: maxEntries,
      maxBytes: this.maxBytes,
      sizeOf: entryBytes,
      lingerMs,
      maxCalls: fifo ? 1 : maxCalls,
      attempts: fifo ? 1 : attempts,
      ...(options.backoff ? { backoff: options.backoff } : {}),
      ...(options.random ? { random: options.random } : {}),
      ...(options.clock ? { clock: options.clock } : {}),
    });
  }

  /**
   * Resolves once SQS has taken this very message.
   * @throws AwsError MessageTooLarge, MessageRejected (SQS blames the message), SendFailed (all tries used up), SenderClosed.
   */
  async send(entry: SendEntry): Promise<SentMessage> {
    if (this.closed) throw new AwsError('SenderClosed', 'the sender is closed');
    const bytes = entryBytes(entry);
    if (bytes > this.maxBytes) {
      const message = `the message has ${bytes} bytes with its attributes; allowed are ${this.maxBytes}`;
      throw new AwsError('MessageTooLarge', message);
    }
    return this.commits.add(entry);
  }

  /** Messages that wait for their call or its answer. */
  get pending(): number {
    return this.commits.size;
  }

  /** Takes no more messages and resolves when every caller has its answer. */
  async close(): Promise<void> {
    this.closed = true;
    await this.commits.flush();
  }
}

async function sendEntries(
  queues: QueuePort,
  queueUrl: string,
  entries: readonly SendEntry[],
): Promise<Outcome<SentMessage>[]> {
  try {
    const outcomes = new Array<Outcome<SentMessage> | undefined>(entries.length).fill(undefined);
    const { sent, failed } = await queues.sendBatch(queueUrl, entries);
    for (const { index, messageId } of sent) outcomes[index] = { kind: 'done', result: { messageId } };
    for (const { index, code, message, senderFault } of failed) {
      const error = new AwsError(senderFault ? 'MessageRejected' : 'SendFailed', `${code}: ${message}`, {
        context: { code },
      });
      outcomes[index] = { kind: senderFault ? 'failed' : 'again', error };
    }
    return outcomes.map((outcome) => outcome ?? unanswered());
  } catch (cause) {
    // The SDK has tried already, and whether SQS took the messages is not known: the callers decide.
    const error = new AwsError('SendFailed', 'the call to SQS failed', { cause });
    return entries.map(() => ({ kind: 'failed', error }));
  }
}

function unanswered(): Outcome<SentMessage> {
  return {
    kind: 'failed',
    error: new AwsError('SendFailed', 'SQS answered without a word about this message'),
  };
}

/** SQS counts the body and each attribute's name, type and value. */
function entryBytes({ body, attributes = {} }: SendEntry): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
  }
  return bytes;
}

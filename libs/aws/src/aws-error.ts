import { AppError, type AppErrorOptions } from '@scalelab/errors';

export type AwsErrorCode =
  /** The body and its attributes exceed what the queue takes. */
  | 'MessageTooLarge'
  /** SQS refused this entry for a reason that a retry cannot mend. */
  | 'MessageRejected'
  /** The entry could not be sent after all tries. */
  | 'SendFailed'
  /** `send()` after `close()`. */
  | 'SenderClosed'
  /** The item could not be written after all tries. */
  | 'WriteFailed'
  /** Two items with one key and different content in one batch of immutable items. */
  | 'ItemConflict'
  /** A value that DynamoDB has no type for. */
  | 'BadItem'
  /** Receives go wrong. */
  | 'ReceiveFailed'
  /** A finished message could not be deleted: it will be delivered again. */
  | 'DeleteFailed'
  /** Visibility of a message could not be extended or given back. */
  | 'VisibilityFailed'
  /** The handler ran longer than its timeout. */
  | 'HandlerTimeout'
  /** The message became visible to others while it was handled. */
  | 'VisibilityLost'
  /** The consumer is stopping and no longer waits for the handler. */
  | 'Draining'
  /** The handler threw. */
  | 'HandlerFailed'
  /** The body cannot be parsed: the message goes to the dead-letter queue. */
  | 'BadMessage'
  /** The table is there and did not become active in time. */
  | 'TableNotActive';

const statuses: Partial<Record<AwsErrorCode, number>> = {
  MessageTooLarge: 413,
  MessageRejected: 400,
  SendFailed: 503,
  SenderClosed: 503,
};

export class AwsError extends AppError<AwsErrorCode> {
  constructor(code: AwsErrorCode, message: string, options: AppErrorOptions = {}) {
    super(code, message, { status: statuses[code] ?? 500, ...options });
  }
}

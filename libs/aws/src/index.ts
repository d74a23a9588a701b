export { AwsError, type AwsErrorCode } from './aws-error';
export { awsClientSettings, type AwsClientSettings, type AwsEnvironment } from './client-settings';
export { systemClock, type Clock } from './clock';
export { ensureQueue, type EnsuredQueue, type QueueSpec } from './ensure-queue';
export { ensureTable, type TableSpec } from './ensure-table';
export { queueDepth, type QueueDepth } from './queue-depth';
export type {
  EntryFailure,
  QueuePort,
  ReceivedMessage,
  ReceiveRequest,
  SendBatchResult,
  SendEntry,
  VisibilityChange,
} from './queue-port';
export { createQueuePort } from './queues';
export type { Item, ItemValue, TablePort, TableStatus } from './table-port';
export { createTablePort } from './tables';
export { fullJitter, fullJitterSeconds, type BackoffOptions, type Random } from './backoff';
export { QueueConsumer } from './queue-consumer';
export type {
  ConsumerObserver,
  Delivery,
  DeliveryOutcome,
  DrainOptions,
  DrainReport,
  Handler,
  HandlerContext,
  QueueConsumerOptions,
} from './queue-consumer-options';
export { QueueSender, type QueueSenderOptions, type SentMessage } from './queue-sender';
export {
  batchWriter,
  conditionalWriter,
  type BatchWriterOptions,
  type TableWriter,
  type TableWriterOptions,
  type WriteResult,
} from './table-writer';

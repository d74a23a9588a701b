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
export { createQueuePort } from './sqs';
export type { Item, ItemValue, TablePort, TableStatus } from './table-port';
export { createTablePort } from './tables';

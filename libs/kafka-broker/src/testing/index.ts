export { WireClient } from './wire-client';
export { ErrorCode } from '../protocol/error-codes';
export { buildBatch, type BatchOptions, type PlainRecord } from '../records/build-batch';
export { readBatchHeader } from '../records/batch-header';
export { readRecords } from '../records/read-records';
export * as messages from '../protocol/messages';

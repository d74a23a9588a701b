export { buildApp } from '../../../../node_modules/fauxqs/dist/app.js';
export type { PersistenceManager } from '../../../../node_modules/fauxqs/dist/persistence.js';
export { S3Store } from '../../../../node_modules/fauxqs/dist/s3/s3Store.js';
export { SnsStore } from '../../../../node_modules/fauxqs/dist/sns/snsStore.js';
export { SqsStore, type SqsQueue } from '../../../../node_modules/fauxqs/dist/sqs/sqsStore.js';
export type { SqsMessage } from '../../../../node_modules/fauxqs/dist/sqs/sqsTypes.js';

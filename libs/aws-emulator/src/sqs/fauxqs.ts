// fauxqs exports its app only. Durability needs the store behind it: its own `dataDir` answers 500 to ChangeMessageVisibility(0)
// and loses the message until a restart (2.4.1), drops a queue's messages when a tag is set, and its server listens on every address.
export { buildApp } from '../../../../node_modules/fauxqs/dist/app.js';
export { SqsStore } from '../../../../node_modules/fauxqs/dist/sqs/sqsStore.js';
export { SnsStore } from '../../../../node_modules/fauxqs/dist/sns/snsStore.js';
export { S3Store } from '../../../../node_modules/fauxqs/dist/s3/s3Store.js';
export type { SqsQueue } from '../../../../node_modules/fauxqs/dist/sqs/sqsStore.js';
export type { SqsMessage } from '../../../../node_modules/fauxqs/dist/sqs/sqsTypes.js';
export type { PersistenceManager } from '../../../../node_modules/fauxqs/dist/persistence.js';

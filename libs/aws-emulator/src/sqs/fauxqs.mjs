// fauxqs exports its app only, and its own server and `dataDir` cannot be used: 2.4.1 listens on every address, answers 500 to
// ChangeMessageVisibility(0) when durable and loses the message until a restart, and drops a queue's messages when a tag is set.
// The store behind the app is sound; it is reached by path, and package.json pins the exact version.
export { buildApp } from '../../../../node_modules/fauxqs/dist/app.js';
export { S3Store } from '../../../../node_modules/fauxqs/dist/s3/s3Store.js';
export { SnsStore } from '../../../../node_modules/fauxqs/dist/sns/snsStore.js';
export { SqsStore } from '../../../../node_modules/fauxqs/dist/sqs/sqsStore.js';

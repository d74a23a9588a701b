import type { IncomingMessage, ServerResponse } from 'node:http';
import { gapMessage, gaps } from '../gaps';
import { replyJson } from '../json-reply';
import { buildApp, S3Store, SnsStore, SqsStore, type PersistenceManager } from './fauxqs.mjs';
import { QueueDisk } from './queue-disk';
import { restoreQueues } from './restore-queues';

export interface SqsService {
  handle(req: IncomingMessage, res: ServerResponse, operation: string): void;
  close(): Promise<void>;
}

/** SQS on fauxqs' app and store, called in-process: it opens no port of its own. */
export async function createSqsService(options: { dataDir?: string | undefined }): Promise<SqsService> {
  const store = new SqsStore();
  // An empty host makes queue URLs from the Host header of the caller, so that they can be fetched from where they were asked for.
  store.host = '';
  const disk = options.dataDir ? new QueueDisk(options.dataDir) : undefined;
  if (disk) {
    restoreQueues(store, disk, Date.now());
    const writeThrough = disk as QueueDisk & PersistenceManager;
    store.persistence = writeThrough;
    for (const queue of store.allQueues()) queue.persistence = writeThrough;
  }
  const app = buildApp({
    logger: false,
    stores: { sqsStore: store, snsStore: new SnsStore(), s3Store: new S3Store() },
  });
  if (disk) {
    app.addHook('onSend', async () => disk.commit());
  }
  await app.ready();
  return {
    handle(req, res, operation) {
      if (gaps.sqs.includes(operation)) {
        req.resume();
        return replyJson(
          res,
          400,
          { __type: 'com.amazonaws.sqs#UnsupportedOperation', message: gapMessage('SQS', operation) },
          { 'x-amzn-query-error': 'AWS.SimpleQueueService.UnsupportedOperation;Sender' },
        );
      }
      // Counts would otherwise be those of the last receive: deadlines pass unseen while nobody polls.
      if (operation === 'GetQueueAttributes') store.processAllTimers();
      app.routing(req, res);
    },
    async close() {
      await app.close();
      disk?.close();
    },
  };
}

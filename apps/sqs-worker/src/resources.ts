import { setTimeout as sleep } from 'node:timers/promises';
import {
  ensureQueue,
  ensureTable,
  fullJitter,
  type EnsuredQueue,
  type QueuePort,
  type TablePort,
} from '@scalelab/aws';
import type { Logger } from '@scalelab/logging';
import type { SqsWorkerConfig } from './config';

export interface ResourceDeps {
  readonly config: SqsWorkerConfig;
  readonly queues: QueuePort;
  /** Undefined where nothing is stored: the table is then left alone. */
  readonly tables: TablePort | undefined;
  readonly logger: Logger;
  /** Ends the tries. */
  readonly signal: AbortSignal;
}

/**
 * Finds the queue, its dead-letter queue and the table, and makes what is missing. Tries for as long as it takes: AWS may come up
 * after this process. Rejects only when the signal aborts.
 */
export async function prepareResources(deps: ResourceDeps): Promise<EnsuredQueue> {
  const { logger, signal } = deps;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await prepare(deps);
    } catch (error) {
      const waitMs = Math.round(200 + fullJitter(attempt, { base: 200, cap: 5_000 }, Math.random));
      logger.warn({ err: error, attempt, waitMs }, 'queue and table are not to be had yet');
      await sleep(waitMs, undefined, { signal });
    }
  }
}

async function prepare({ config, queues, tables, logger }: ResourceDeps): Promise<EnsuredQueue> {
  const [queue, table] = await Promise.all([
    ensureQueue(queues, {
      name: config.QUEUE_NAME,
      deadLetterName: config.DEAD_LETTER_QUEUE_NAME,
      maxReceiveCount: config.MAX_RECEIVE_COUNT,
      visibilitySeconds: config.VISIBILITY_SECONDS,
    }),
    tables && ensureTable(tables, { name: config.TABLE_NAME }),
  ]);
  for (const name of queue.made) logger.info({ queue: name }, 'queue was missing and has been made');
  if (table?.made) logger.info({ table: config.TABLE_NAME }, 'table was missing and has been made');
  logger.info({ queueUrl: queue.url, deadLetterUrl: queue.deadLetterUrl }, 'queue is ready');
  return queue;
}

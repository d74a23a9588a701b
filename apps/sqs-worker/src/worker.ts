import {
  conditionalWriter,
  QueueConsumer,
  type DrainReport,
  type EnsuredQueue,
  type QueuePort,
  type TablePort,
} from '@scalelab/aws';
import type { Logger } from '@scalelab/logging';
import { queueWorkMetrics, type Metrics } from '@scalelab/metrics';
import { createConsumerObserver, outcomes } from './consumer-observer';
import type { SqsWorkerConfig } from './config';
import { parseBody } from './message';
import { createMessageHandler } from './message-handler';

export interface WorkerDeps {
  readonly config: SqsWorkerConfig;
  readonly queues: QueuePort;
  readonly tables: TablePort;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly random?: () => number;
}

export interface Worker {
  /** Begins to receive from the queue. */
  start(queue: EnsuredQueue): void;
  /** Stops intake, finishes or gives back, inside `graceMs`. Does nothing when it never started. */
  drain(graceMs: number): Promise<DrainReport | undefined>;
  readonly inFlight: number;
}

export function createWorker({
  config,
  queues,
  tables,
  logger,
  metrics,
  random = Math.random,
}: WorkerDeps): Worker {
  const work = queueWorkMetrics(metrics, { outcomes });
  const extended = metrics.counter(
    'visibility_extensions_total',
    'Messages whose visibility timeout was extended.',
  );
  const handler = createMessageHandler({
    writer: conditionalWriter({ tables, table: config.TABLE_NAME }),
    knobs: {
      workMs: config.WORK_MS,
      jitterMs: config.WORK_JITTER_MS,
      failureRate: config.FAILURE_RATE,
      fromMessage: config.WORK_FROM_MESSAGE,
    },
    random,
    onWritten: (result) => work.processed.inc(result === 'exists' ? 'duplicate' : 'ok'),
  });
  let consumer: QueueConsumer<ReturnType<typeof parseBody>> | undefined;
  return {
    start(queue) {
      consumer = new QueueConsumer({
        queues,
        queueUrl: queue.url,
        ...(queue.deadLetterUrl ? { deadLetterUrl: queue.deadLetterUrl } : {}),
        maxReceiveCount: config.MAX_RECEIVE_COUNT,
        handler,
        parse: parseBody,
        maxInFlight: config.MAX_IN_FLIGHT,
        maxPolls: config.MAX_POLLS,
        waitSeconds: config.WAIT_SECONDS,
        visibilitySeconds: config.VISIBILITY_SECONDS,
        handlerTimeoutMs: config.HANDLER_TIMEOUT_MS,
        retryBackoff: { base: Math.min(1, config.RETRY_CAP_SECONDS), cap: config.RETRY_CAP_SECONDS },
        observer: createConsumerObserver({ logger, work, extended, now: Date.now }),
        random,
      });
      consumer.start();
    },
    drain: async (graceMs) => consumer?.drain({ graceMs }),
    get inFlight() {
      return consumer?.inFlight ?? 0;
    },
  };
}

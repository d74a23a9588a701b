import { randomUUID } from 'node:crypto';
import { QueueSender, type QueuePort, type SendEntry } from '@scalelab/aws';
import { AppError, isAppError } from '@scalelab/errors';
import { workMetrics, type Metrics } from '@scalelab/metrics';
import type { SqsWorkerConfig } from './config';
import { idAttribute, traceAttribute, type MessageBody } from './message';

export interface Intake {
  /** From here on messages are taken. */
  open(queueUrl: string): void;
  /**
   * Resolves to the message's id, under which its effect will be stored, once the queue holds the message.
   * @throws AppError Unavailable when the queue does not take it, and what QueueSender.send throws about the message itself.
   */
  send(body: MessageBody, options?: IntakeOptions): Promise<string>;
  /** Sends what waits and takes no more. */
  close(): Promise<void>;
}

export interface IntakeOptions {
  /** The id to use. Default: a new UUID. */
  readonly id?: string;
  readonly traceparent?: string;
}

export interface IntakeDeps {
  readonly config: SqsWorkerConfig;
  readonly queues: QueuePort;
  readonly metrics: Metrics;
}

/** Puts messages on the queue; those that come at the same time share calls. */
export function createIntake({ config, queues, metrics }: IntakeDeps): Intake {
  const work = workMetrics(metrics, { outcomes: ['accepted', 'refused', 'failed'] });
  let sender: QueueSender | undefined;
  return {
    open(queueUrl) {
      sender = new QueueSender({ queues, queueUrl, lingerMs: config.SEND_LINGER_MS });
    },
    async send(body, { id = randomUUID(), traceparent } = {}) {
      if (!sender) throw new AppError('Unavailable', 'the queue is not ready yet; try again');
      if (sender.pending >= config.MAX_PENDING) {
        throw new AppError(
          'Unavailable',
          `${config.MAX_PENDING} messages wait for the queue already; try again`,
        );
      }
      const attributes = { [idAttribute]: id, ...(traceparent ? { [traceAttribute]: traceparent } : {}) };
      return measured(work, sender, { body: JSON.stringify(body), attributes }).then(() => id);
    },
    close: async () => sender?.close(),
  };
}

async function measured(
  work: ReturnType<typeof workMetrics>,
  sender: QueueSender,
  entry: SendEntry,
): Promise<void> {
  const startedAt = performance.now();
  work.inFlight.inc();
  try {
    await sender.send(entry);
    work.processed.inc('accepted');
  } catch (cause) {
    const refused = isAppError(cause) && cause.status < 500;
    work.processed.inc(refused ? 'refused' : 'failed');
    if (refused) throw cause;
    throw new AppError('Unavailable', 'the queue did not take the message; try again', {
      cause,
      expose: true,
    });
  } finally {
    work.inFlight.dec();
    work.processingSeconds.observe((performance.now() - startedAt) / 1_000);
  }
}

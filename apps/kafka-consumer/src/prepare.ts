import type { KafkaAdmin, KafkaConsumer, KafkaProducer } from '@scalelab/kafka';
import type { Logger } from '@scalelab/logging';

export interface PrepareDeps {
  readonly admin: KafkaAdmin;
  readonly topic: string;
  readonly partitions: number;
  readonly tableName: string;
  /** Makes the table when it is missing. */
  readonly table: () => Promise<{ readonly made: boolean }>;
  readonly producer: KafkaProducer;
  readonly consumer: KafkaConsumer;
  readonly logger: Logger;
  /** Pause after a failure, milliseconds. Default 1,000. */
  readonly retryMs?: number;
}

export interface Preparation {
  /** Makes what is missing and joins the group; tries again until it works or `stop` is called, so that a late broker is no crash. */
  start(): Promise<void>;
  /** Drains the consumer when it was started. */
  stop(timeoutMs: number): Promise<void>;
}

export function prepare({
  admin,
  topic,
  partitions,
  tableName,
  table,
  producer,
  consumer,
  logger,
  retryMs = 1_000,
}: PrepareDeps): Preparation {
  const stopped = new AbortController();
  let joining: Promise<void> | undefined;
  let begun = false;

  const attempt = async () => {
    if ((await table()).made) logger.info({ table: tableName }, 'made the missing table');
    for (const [name, count] of [
      [topic, partitions],
      [`${topic}.dlq`, 1],
    ] as const) {
      if (await admin.ensureTopic(name, count))
        logger.info({ topic: name, partitions: count }, 'made the missing topic');
    }
    await producer.connect();
    if (stopped.signal.aborted) return;
    begun = true;
    await consumer.start();
  };
  const untilJoined = async () => {
    while (!stopped.signal.aborted) {
      try {
        await attempt();
        await admin.close();
        return;
      } catch (error) {
        logger.warn({ err: error }, `not joined yet, trying again in ${retryMs} ms`);
        await pause(retryMs, stopped.signal);
      }
    }
  };
  return {
    start: () => (joining ??= untilJoined()),
    async stop(timeoutMs) {
      stopped.abort();
      // Without a consumer there is nothing to finish: a broker that does not answer is not waited for.
      if (begun) await Promise.race([joining, pause(timeoutMs, new AbortController().signal)]);
      await admin.close();
      if (begun) await consumer.drain(timeoutMs);
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    timer.unref();
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

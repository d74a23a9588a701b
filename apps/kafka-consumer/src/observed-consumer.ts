import { createConsumer, type ConsumerOptions, type KafkaConsumer } from '@scalelab/kafka';
import type { Logger } from '@scalelab/logging';
import { queueWorkMetrics, type Metrics } from '@scalelab/metrics';
import type { Health } from '@scalelab/service';

export interface ObservedConsumerOptions extends Omit<ConsumerOptions, 'events' | 'handler'> {
  readonly metrics: Metrics;
  readonly health: Health;
  readonly logger: Logger;
}

export interface ObservedConsumer {
  readonly consumer: KafkaConsumer;
  readonly onDuplicate: () => void;
}

/** A consumer whose work is counted, whose membership is a startup condition and whose death fails the liveness probe. */
export function observedConsumer(
  { metrics, health, logger, ...options }: ObservedConsumerOptions,
  handler: (onDuplicate: () => void) => ConsumerOptions['handler'],
): ObservedConsumer {
  let ageOfLast = 0;
  let assigned = 0;
  const lag = () => [...consumer.lag().values()].reduce((sum, records) => sum + records, 0);
  const work = queueWorkMetrics(metrics, {
    outcomes: ['ok', 'failed', 'duplicate'],
    inFlight: () => consumer.health().inFlight,
    // Nothing waits: the age of the last record says nothing any more.
    backlogAgeSeconds: () => (consumer.health().inFlight === 0 && lag() === 0 ? 0 : ageOfLast),
  });
  const joined = health.startupCondition('joining the consumer group');
  const onDuplicate = () => work.processed.inc('duplicate');
  const consumer = createConsumer({
    ...options,
    handler: handler(onDuplicate),
    events: {
      processed(record, milliseconds) {
        work.processed.inc('ok');
        work.processingSeconds.observe(milliseconds / 1_000);
        ageOfLast = Math.max(0, (Date.now() - record.timestampMs) / 1_000);
      },
      failed(record, attempt, error) {
        work.processed.inc('failed');
        work.redelivered.inc();
        logger.warn(
          { topic: record.topic, partition: record.partition, offset: record.offset, attempt, err: error },
          'a record failed',
        );
      },
      deadLettered(record, error) {
        work.deadLettered.inc();
        logger.error(
          { topic: record.topic, partition: record.partition, offset: record.offset, err: error },
          'a record went to the dead-letter topic',
        );
      },
      joined(partitions) {
        joined();
        assigned = Object.values(partitions).reduce((sum, { length }) => sum + length, 0);
        logger.info({ partitions }, 'joined the group');
      },
      fenced(topic, partition, error) {
        logger.warn(
          { topic, partition, err: error },
          'a commit came after the partition was given to another member',
        );
      },
      log: (level, message, context) => logger[level](context ?? {}, message),
    },
  });
  metrics.gauge('group_joined', '1 while a member of the consumer group.', () =>
    consumer.health().joined ? 1 : 0,
  );
  metrics.gauge('assigned_partitions', 'Partitions that this member reads.', () =>
    consumer.health().joined ? assigned : 0,
  );
  metrics.gauge('lag', 'Records behind the end of the assigned partitions.', lag);
  health.liveCheck('consumer', () => {
    const { alive, reason } = consumer.health();
    return alive || (reason ?? 'the consumer is dead');
  });
  return { consumer, onDuplicate };
}

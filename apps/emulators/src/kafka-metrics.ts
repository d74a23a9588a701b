import type { Broker } from '@scalelab/kafka-broker';
import type { Metrics } from '@scalelab/metrics';

/** Shows the broker's own counts at each scrape. */
export function kafkaMetrics(metrics: Metrics, broker: Pick<Broker, 'stats'>): void {
  const gauge = (name: string, help: string, read: (stats: ReturnType<Broker['stats']>) => number) =>
    metrics.gauge(name, help, () => read(broker.stats()));
  gauge('kafka_connections', 'Open connections to the Kafka broker.', ({ connections }) => connections);
  gauge('kafka_log_bytes', 'Bytes of messages that the Kafka broker keeps.', ({ logBytes }) => logBytes);
  gauge(
    'kafka_messages_in',
    'Messages taken since the Kafka broker started.',
    ({ messagesInTotal }) => messagesInTotal,
  );
}

import { tempDir } from '@scalelab/testing';
import { apacheKafka, apacheKafkaVersion, startApacheKafka } from './apache-kafka';
import { kafkaBrokerContract } from './kafka-broker-contract';

const found = apacheKafka();

kafkaBrokerContract(`Apache Kafka ${apacheKafkaVersion}`, {
  start: () =>
    'jars' in found
      ? startApacheKafka(found.jars, { folder: tempDir() })
      : Promise.reject(new Error(found.skipped)),
  startTimeoutMs: 90_000,
  durableMessages: 100_000,
  ...('skipped' in found ? found : {}),
});

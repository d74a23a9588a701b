import { awsClientSettings, conditionalWriter, createTablePort, ensureTable } from '@scalelab/aws';
import { describeConfig, loadConfig } from '@scalelab/config';
import { createAdmin, createProducer } from '@scalelab/kafka';
import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createHealth, httpPhase, main, run } from '@scalelab/service';
import { buildApp } from './app';
import { schema } from './config';
import { eventHandler } from './event-handler';
import { observedConsumer } from './observed-consumer';
import { prepare } from './prepare';
import { simulatedWork } from './simulated-work';

const service = 'kafka-consumer';

void main(service, () => {
  const config = loadConfig(schema, process.env);
  const logger = createLogger({ name: service, level: config.LOG_LEVEL });
  const metrics = createMetrics({ service });
  const health = createHealth();
  const { KAFKA_BROKERS: brokers, KAFKA_TOPIC: topic, TABLE_NAME: table } = config;
  const tables = createTablePort(
    awsClientSettings({ ...config, AWS_SECRET_ACCESS_KEY: config.AWS_SECRET_ACCESS_KEY?.reveal() }),
  );
  const producer = createProducer({ brokers, clientId: service });
  const writer = conditionalWriter({ tables, table });
  const work = simulatedWork({
    workMs: config.WORK_MS,
    jitterMs: config.WORK_JITTER_MS,
    failureRate: config.FAILURE_RATE,
    fromMessage: config.WORK_FROM_MESSAGE,
    random: Math.random,
  });
  const { consumer } = observedConsumer(
    {
      brokers,
      clientId: service,
      groupId: config.KAFKA_GROUP,
      topics: [topic],
      maxInFlight: config.MAX_IN_FLIGHT,
      maxAttempts: config.MAX_ATTEMPTS,
      sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
      metrics,
      health,
      logger,
    },
    (onDuplicate) => eventHandler({ writer, work, onDuplicate }),
  );
  const preparing = prepare({
    admin: createAdmin({ brokers, clientId: service }),
    topic,
    partitions: config.KAFKA_PARTITIONS,
    table: () => ensureTable(tables, { name: table }),
    tableName: table,
    producer,
    consumer,
    logger,
  });
  return run({
    app: buildApp({ logger, metrics, health, producer, topic }),
    host: config.HOST,
    port: config.PORT,
    startDelayMs: config.START_DELAY_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    settings: describeConfig(config),
    started: () => preparing.start(),
    phases: [
      {
        name: 'drain',
        timeoutMs: config.SHUTDOWN_GRACE_MS - 2_000,
        run: () => preparing.stop(config.SHUTDOWN_GRACE_MS - 4_000),
      },
      httpPhase,
      {
        name: 'flush',
        run: async () => void (await Promise.allSettled([writer.flush(), producer.close(), tables.close()])),
      },
    ],
  });
});

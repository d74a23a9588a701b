import { join } from 'node:path';
import { startAwsEmulator } from '@scalelab/aws-emulator';
import { AppError } from '@scalelab/errors';
import { startBroker } from '@scalelab/kafka-broker';
import type { Logger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createApp, createHealth, startService, type App, type Phase } from '@scalelab/service';
import { awsMetrics } from './aws-metrics';
import type { EmulatorsConfig } from './config';
import { buildExternalApi, keysOf } from './external-api';
import { kafkaMetrics } from './kafka-metrics';

export interface Emulators {
  /** Probes and metrics. Ready once every emulator listens. */
  readonly app: App;
  started(): Promise<void>;
  readonly phases: readonly Phase[];
  /** Ports that emulators got, for those that were asked for with 0. */
  readonly ports: { aws?: number; kafka?: number; externalApi?: number };
}

/** Puts the emulators together. Nothing listens before `started`. */
export function composeEmulators(config: EmulatorsConfig, logger: Logger): Emulators {
  const metrics = createMetrics({ service: 'emulators' });
  const health = createHealth();
  const ports: Emulators['ports'] = {};
  const closers: (() => Promise<unknown>)[] = [];
  const listening = health.startupCondition('emulators listening');
  const { HOST: host, DATA_DIR: dataDir } = config;

  async function startAws(): Promise<void> {
    const aws = await startAwsEmulator({
      port: config.AWS_PORT,
      host,
      dataDir: dataDir && join(dataDir, 'aws'),
      onAnswer: awsMetrics(metrics),
    }).catch((error: unknown) => {
      throw portError(error, config.AWS_PORT, host, 'AWS_PORT');
    });
    closers.push(() => aws.close());
    ports.aws = aws.port;
    logger.info({ url: aws.url, durable: dataDir !== undefined }, 'SQS and DynamoDB listen');
  }

  async function startKafka(): Promise<void> {
    const broker = await startBroker({
      port: config.KAFKA_PORT,
      host,
      ...(config.KAFKA_ADVERTISED_HOST ? { advertisedHost: config.KAFKA_ADVERTISED_HOST } : {}),
      ...(dataDir ? { dataDir: join(dataDir, 'kafka') } : {}),
      topics: config.KAFKA_TOPICS.map(topicOf),
      logger,
    });
    closers.push(() => broker.close());
    kafkaMetrics(metrics, broker);
    ports.kafka = broker.port;
    logger.info({ host: broker.host, port: broker.port, durable: dataDir !== undefined }, 'Kafka listens');
  }

  async function startExternalApi(): Promise<void> {
    const app = buildExternalApi({
      keys: keysOf(config.EXTERNAL_API_KEYS),
      lines: config.EXTERNAL_API_LINES,
      logger: logger.child({ emulator: 'external-api' }),
      metrics,
    });
    const api = await startService({ app, host, port: config.EXTERNAL_API_PORT, lingerMs: 0 });
    closers.push(() => api.stop('shutdown', 2_000));
    ports.externalApi = api.port;
  }

  return {
    app: createApp({ logger, metrics, health }),
    ports,
    async started() {
      await Promise.all([
        config.AWS_ENABLED && startAws(),
        config.KAFKA_ENABLED && startKafka(),
        config.EXTERNAL_API_ENABLED && startExternalApi(),
      ]);
      listening();
    },
    phases: [
      { name: 'emulators', run: async () => void (await Promise.all(closers.map((close) => close()))) },
      'http',
    ],
  };
}

/** Names the variable to change when a port is taken; any other error stays what it is. */
function portError(error: unknown, port: number, host: string, variable: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  const message = `port ${port} on ${host} is in use by another process; set ${variable} to a free one`;
  return new AppError('PortInUse', message, { cause: error });
}

function topicOf(pair: string): { name: string; partitions: number } {
  const colon = pair.lastIndexOf(':');
  return { name: pair.slice(0, colon), partitions: Number(pair.slice(colon + 1)) };
}

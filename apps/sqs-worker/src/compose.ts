import { awsClientSettings, createQueuePort, createTablePort } from '@scalelab/aws';
import type { Logger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createHealth, type App, type Phase } from '@scalelab/service';
import { buildApp } from './app';
import { awsEnvironment } from './aws-environment';
import type { SqsWorkerConfig } from './config';
import { createIntake } from './intake';
import { prepareResources } from './resources';
import { createWorker } from './worker';

export interface SqsWorker {
  readonly app: App;
  /** Begins to prepare queue and table, and then to take messages and to work. Returns at once. */
  started(): void;
  readonly phases: readonly Phase[];
}

export const serviceName = (role: SqsWorkerConfig['ROLE']) =>
  role === 'api' ? 'sqs-worker-api' : 'sqs-worker';

/** Puts the process of one role together. Nothing is called before `started`. */
export function composeSqsWorker(config: SqsWorkerConfig, logger: Logger): SqsWorker {
  const metrics = createMetrics({ service: serviceName(config.ROLE) });
  const health = createHealth();
  // Every message in flight may write while polls, deletes and extensions are open.
  const settings = awsClientSettings(awsEnvironment(config), { maxSockets: config.MAX_IN_FLIGHT + 64 });
  const queues = createQueuePort(settings);
  const tables = config.ROLE === 'api' ? undefined : createTablePort(settings);
  const intake =
    config.ROLE === 'worker'
      ? undefined
      : createIntake({ config, queues, metrics: metrics.of(serviceName('api')) });
  const worker = tables && createWorker({ config, queues, tables, logger, metrics });
  const prepared = health.startupCondition('queue and table found');
  const stopping = new AbortController();

  async function begin(): Promise<void> {
    try {
      const queue = await prepareResources({ config, queues, tables, logger, signal: stopping.signal });
      if (stopping.signal.aborted) return;
      intake?.open(queue.url);
      worker?.start(queue);
      prepared();
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  }

  const graceMs = config.SHUTDOWN_GRACE_MS;
  return {
    app: buildApp({
      logger,
      metrics,
      health,
      intake,
      bodyLimit: config.BODY_LIMIT_BYTES,
      cpuOnDemand: config.WORK_FROM_MESSAGE,
    }),
    started: () => void begin(),
    phases: [
      {
        name: 'worker',
        timeoutMs: graceMs,
        async run() {
          stopping.abort();
          const report = await worker?.drain(graceMs * 0.8);
          if (report) logger.info(report, 'worker drained');
        },
      },
      'http',
      { name: 'intake', run: () => intake?.close() },
      {
        name: 'aws',
        async run() {
          await queues.close();
          await tables?.close();
        },
      },
    ],
  };
}

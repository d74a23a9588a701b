import { describeConfig, loadConfig } from '@scalelab/config';
import { createLogger } from '@scalelab/logging';
import { main, run } from '@scalelab/service';
import { composeSqsWorker, serviceName } from './compose';
import { schema } from './config';

void main('sqs-worker', () => {
  const config = loadConfig(schema, process.env);
  const logger = createLogger({ name: serviceName(config.ROLE), level: config.LOG_LEVEL });
  return run({
    ...composeSqsWorker(config, logger),
    host: config.HOST,
    port: config.ROLE === 'worker' ? config.METRICS_PORT : config.PORT,
    startDelayMs: config.START_DELAY_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    settings: describeConfig(config),
  });
});

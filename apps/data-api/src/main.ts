import { describeConfig, loadConfig } from '@scalelab/config';
import { createLogWriter } from '@scalelab/log-writer';
import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createHealth, main, run } from '@scalelab/service';
import { buildApp } from './app';
import { schema } from './config';

const service = 'data-api';

void main(service, async () => {
  const config = loadConfig(schema, process.env);
  const logger = createLogger({ name: service, level: config.LOG_LEVEL });
  const writer = createLogWriter({ dir: config.LOG_DIR });
  await writer.prepare();
  const metrics = createMetrics({ service });
  return run({
    app: buildApp({ writer, processingMs: config.PROCESSING_MS, logger, metrics, health: createHealth() }),
    host: config.HOST,
    port: config.PORT,
    startDelayMs: config.START_DELAY_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    settings: describeConfig(config),
  });
});

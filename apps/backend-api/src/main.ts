import { describeConfig, loadConfig } from '@scalelab/config';
import { createLogWriter } from '@scalelab/log-writer';
import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createHealth, main, run } from '@scalelab/service';
import { buildApp } from './app';
import { schema } from './config';
import { createExternalLogs } from './external-logs';

const service = 'backend-api';

void main(service, async () => {
  const config = loadConfig(schema, process.env);
  const logger = createLogger({ name: service, level: config.LOG_LEVEL });
  const writer = createLogWriter({ dir: config.LOG_DIR });
  await writer.prepare();
  const externalLogs = createExternalLogs({
    url: config.EXTERNAL_API_URL,
    keys: {
      development: config.EXTERNAL_INTEGRATION_KEY_DEVELOPMENT,
      staging: config.EXTERNAL_INTEGRATION_KEY_STAGING,
      production: config.EXTERNAL_INTEGRATION_KEY_PRODUCTION,
    },
    timeoutMs: config.EXTERNAL_TIMEOUT_MS,
    maxBytes: config.EXTERNAL_MAX_BYTES,
  });
  const metrics = createMetrics({ service });
  const health = createHealth();
  return run({
    app: buildApp({ writer, processingMs: config.PROCESSING_MS, externalLogs, logger, metrics, health }),
    host: config.HOST,
    port: config.PORT,
    startDelayMs: config.START_DELAY_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    settings: describeConfig(config),
  });
});

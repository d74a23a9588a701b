import { describeConfig, loadConfig } from '@scalelab/config';
import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createHealth, main, run } from '@scalelab/service';
import { buildApp } from './app';
import { schema } from './config';

const service = 'http-demo';

void main(service, () => {
  const config = loadConfig(schema, process.env);
  const logger = createLogger({ name: service, level: config.LOG_LEVEL });
  const metrics = createMetrics({ service });
  const app = buildApp({ greeting: config.GREETING, logger, metrics, health: createHealth() });
  return run({
    app,
    host: config.HOST,
    port: config.PORT,
    startDelayMs: config.START_DELAY_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    settings: describeConfig(config),
  });
});

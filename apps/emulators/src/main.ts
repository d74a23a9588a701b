import { describeConfig, loadConfig } from '@scalelab/config';
import { createLogger } from '@scalelab/logging';
import { main, run } from '@scalelab/service';
import { composeEmulators } from './compose';
import { schema } from './config';

void main('emulators', () => {
  const config = loadConfig(schema, process.env);
  const logger = createLogger({ name: 'emulators', level: config.LOG_LEVEL });
  return run({
    ...composeEmulators(config, logger),
    host: config.HOST,
    port: config.METRICS_PORT,
    startDelayMs: config.START_DELAY_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    settings: {
      ...describeConfig(config),
      EXTERNAL_API_KEYS: config.EXTERNAL_API_KEYS.map((pair) => pair.replace(/=.*/, '=***')),
    },
  });
});

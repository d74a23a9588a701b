import { setTimeout as sleep } from 'node:timers/promises';
import { describeConfig, loadConfig } from '@scalelab/config';
import { createLogger } from '@scalelab/logging';
import { main } from '@scalelab/service';
import { createChecks } from './checks';
import { schema } from './config';
import { runHealthCheck } from './health-check';
import { openHealthLog } from './health-log';

const service = 'health-check';

void main(service, async () => {
  const config = loadConfig(schema, process.env);
  const logger = createLogger({ name: service, level: config.LOG_LEVEL });
  logger.info({ settings: describeConfig(config) }, 'starting');
  const log = await openHealthLog(config.HEALTH_LOG_FILE);
  await sleep(config.START_DELAY_MS);
  const allPassed = await runHealthCheck({
    checks: createChecks({
      backendUrl: config.BACKEND_URL,
      dataUrl: config.DATA_URL,
      environment: config.EXTERNAL_ENV,
    }),
    log,
    logger,
    timeoutMs: config.CHECK_TIMEOUT_MS,
  });
  await log.close();
  logger.info({ allPassed }, 'done');
  process.exitCode = allPassed ? 0 : 1;
});

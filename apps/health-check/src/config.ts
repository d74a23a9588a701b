import { ms, oneOf, settings, text, url, type Config } from '@scalelab/config';
import { serviceSettings } from '@scalelab/service';

const { LOG_LEVEL, START_DELAY_MS } = serviceSettings({ port: 0 });

export const schema = settings({
  LOG_LEVEL,
  START_DELAY_MS,
  /** Root of backend-api; its download is asked below the same root. */
  BACKEND_URL: url({ default: 'http://backend-api-service-unique.backend-namespace/' }),
  DATA_URL: url({ default: 'http://data-api-service-unique.data-namespace/' }),
  /** Environment whose logs backend-api is asked to download. */
  EXTERNAL_ENV: oneOf(['development', 'staging', 'production'], { default: 'development' }),
  /** One line a check is appended here. */
  HEALTH_LOG_FILE: text({ default: '/var/log/health_check.log' }),
  /** Bound of one check, from the request to the end of its answer. */
  CHECK_TIMEOUT_MS: ms({ default: 10_000, min: 1, max: 300_000 }),
});

export type HealthCheckConfig = Config<typeof schema>;

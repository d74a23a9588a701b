import { int, ms, optional, secret, settings, url, type Config } from '@scalelab/config';
import { logWriterSettings } from '@scalelab/log-writer';
import { serviceSettings } from '@scalelab/service';

export const schema = settings({
  ...serviceSettings({ port: 5000 }),
  ...logWriterSettings,
  /** Where logs are downloaded from. The default is a placeholder: downloads answer 502 until it is set. */
  EXTERNAL_API_URL: url({ default: 'http://external-api.invalid/' }),
  EXTERNAL_INTEGRATION_KEY_DEVELOPMENT: optional(secret()),
  EXTERNAL_INTEGRATION_KEY_STAGING: optional(secret()),
  EXTERNAL_INTEGRATION_KEY_PRODUCTION: optional(secret()),
  /** Bound of one download, from the request to the last byte. */
  EXTERNAL_TIMEOUT_MS: ms({ default: 5000, min: 1, max: 120_000 }),
  /** Largest download. */
  EXTERNAL_MAX_BYTES: int({ default: 5_242_880, min: 1, max: 268_435_456 }),
});

export type BackendApiConfig = Config<typeof schema>;

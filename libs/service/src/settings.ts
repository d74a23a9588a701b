import { ms, oneOf, port, text } from '@scalelab/config';
import { logLevels } from '@scalelab/logging';

/** Variables that every service understands: spread them into its schema. */
export function serviceSettings(defaults: { readonly port: number }) {
  return {
    /** Port of the HTTP server; 0 takes a free one. */
    PORT: port({ default: defaults.port }),
    /** Address to listen on. Loopback unless told otherwise; images and charts set 0.0.0.0. */
    HOST: text({
      default: '127.0.0.1',
      pattern: /^[A-Za-z0-9.:_-]+$/,
      allowed: 'an IP address or a host name',
    }),
    LOG_LEVEL: oneOf(
      logLevels.filter((level) => level !== 'silent'),
      { default: 'info' },
    ),
    /** Waits this long before it listens, to show what a slow start does to scaling. */
    START_DELAY_MS: ms({ default: 0, max: 600_000 }),
    /** Upper bound of the whole shutdown; keep it below terminationGracePeriodSeconds. */
    SHUTDOWN_GRACE_MS: ms({ default: 25_000, min: 100, max: 3_600_000 }),
  };
}

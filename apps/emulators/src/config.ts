import { bool, int, list, optional, port, settings, text, type Config } from '@scalelab/config';
import { serviceSettings } from '@scalelab/service';

const base = serviceSettings({ port: 4581 });

export const schema = settings({
  HOST: base.HOST,
  LOG_LEVEL: base.LOG_LEVEL,
  START_DELAY_MS: base.START_DELAY_MS,
  SHUTDOWN_GRACE_MS: base.SHUTDOWN_GRACE_MS,
  /** Probes and metrics of this process. */
  METRICS_PORT: port({ default: 4581 }),
  /** SQS and DynamoDB. */
  AWS_PORT: port({ default: 4566 }),
  KAFKA_PORT: port({ default: 9092 }),
  /** Stand-in for the external log API. */
  EXTERNAL_API_PORT: port({ default: 4580 }),
  /** Host that Kafka clients are told to connect to. Default: the address that each client used. */
  KAFKA_ADVERTISED_HOST: optional(text()),
  /** Topics made at start when missing, as name:partitions. */
  KAFKA_TOPICS: list({
    default: ['events:6', 'events.dlq:1'],
    min: 0,
    item: /^[A-Za-z0-9._-]{1,249}:[1-9]\d{0,3}$/,
    allowed: 'name:partitions pairs with commas, such as events:6,events.dlq:1',
  }),
  /** Keys that the external API accepts, as environment=key. */
  EXTERNAL_API_KEYS: list({
    default: ['development=dev-key', 'staging=staging-key', 'production=prod-key'],
    item: /^[a-z][a-z0-9-]*=\S+$/,
    allowed: 'environment=key pairs with commas, such as development=dev-key,production=prod-key',
  }),
  /** Log lines in one answer of the external API. */
  EXTERNAL_API_LINES: int({ default: 20, min: 0, max: 10_000 }),
  /** Folder that keeps queues, tables and topics over restarts and kills. Unset: memory only. */
  DATA_DIR: optional(text()),
  /** Which emulators to run. */
  AWS_ENABLED: bool({ default: true }),
  KAFKA_ENABLED: bool({ default: true }),
  EXTERNAL_API_ENABLED: bool({ default: true }),
});

export type EmulatorsConfig = Config<typeof schema>;

import {
  bool,
  decimal,
  int,
  list,
  ms,
  optional,
  secret,
  settings,
  text,
  url,
  type Config,
} from '@scalelab/config';
import { serviceSettings } from '@scalelab/service';

export const schema = settings({
  ...serviceSettings({ port: 8081 }),
  /** Brokers as host:port, with commas. */
  KAFKA_BROKERS: list({
    default: ['127.0.0.1:9092'],
    item: /^[^\s,:]+:\d{1,5}$/,
    allowed: 'host:port of one or more brokers, with commas',
  }),
  KAFKA_TOPIC: text({ default: 'events', pattern: /^[A-Za-z0-9._-]{1,249}$/, allowed: 'a Kafka topic name' }),
  KAFKA_GROUP: text({ default: 'kafka-consumer' }),
  /** Partitions of the topic when it has to be made: the ceiling of useful replicas. */
  KAFKA_PARTITIONS: int({ default: 6, min: 1, max: 1_000 }),
  /** How long the broker waits for a silent member before it gives its partitions away. */
  KAFKA_SESSION_TIMEOUT_MS: ms({ default: 30_000, min: 1_000, max: 1_800_000 }),
  /** Records of one partition in work at a time. */
  MAX_IN_FLIGHT: int({ default: 16, min: 1, max: 10_000 }),
  /** Tries of a record before it goes to the dead-letter topic. */
  MAX_ATTEMPTS: int({ default: 3, min: 1, max: 100 }),
  TABLE_NAME: text({
    default: 'kafka-consumer-events',
    pattern: /^[A-Za-z0-9_.-]{3,255}$/,
    allowed: 'a DynamoDB table name',
  }),
  AWS_ACCESS_KEY_ID: optional(text()),
  AWS_SECRET_ACCESS_KEY: optional(secret()),
  AWS_DEFAULT_REGION: optional(text()),
  LOCALSTACK_HOST: optional(text()),
  LOCALSTACK_URL: optional(url()),
  /** Simulated work of each record. */
  WORK_MS: ms({ default: 0, max: 3_600_000 }),
  /** Added to it, uniform from 0 to this. */
  WORK_JITTER_MS: ms({ default: 0, max: 3_600_000 }),
  /** Share of tries that fail, 0 to 1. */
  FAILURE_RATE: decimal({ default: 0, max: 1 }),
  /** Lets a record carry its own `work: {ms, fail, poison}`, for load tests. */
  WORK_FROM_MESSAGE: bool({ default: false }),
});

export type KafkaConsumerConfig = Config<typeof schema>;

import {
  bool,
  decimal,
  int,
  ms,
  oneOf,
  optional,
  port,
  secret,
  settings,
  text,
  url,
  type Config,
} from '@scalelab/config';
import { serviceSettings } from '@scalelab/service';

const name = { pattern: /^[A-Za-z0-9_-]{1,80}$/, allowed: '1 to 80 letters, digits, - and _' };

export const schema = settings({
  /** `api` takes messages over HTTP, `worker` works on the queue, `all` does both in one process. */
  ROLE: oneOf(['api', 'worker', 'all'], { default: 'all' }),
  ...serviceSettings({ port: 5001 }),
  /** Port of the worker's probes and metrics; with ROLE=all they are on PORT. */
  METRICS_PORT: port({ default: 5003 }),
  QUEUE_NAME: text({ default: 'sqs-worker-messages', ...name }),
  DEAD_LETTER_QUEUE_NAME: text({ default: 'sqs-worker-messages-dlq', ...name }),
  /** Receives after which a message moves to the dead-letter queue. Used when the queue is made. */
  MAX_RECEIVE_COUNT: int({ default: 5, min: 1, max: 1_000 }),
  TABLE_NAME: text({ default: 'sqs-worker-items', ...name }),
  AWS_ACCESS_KEY_ID: optional(secret()),
  AWS_SECRET_ACCESS_KEY: optional(secret()),
  AWS_DEFAULT_REGION: optional(text()),
  /** Host, or host:port, of an emulator. Unset, with LOCALSTACK_URL unset too: AWS itself. */
  LOCALSTACK_HOST: optional(text()),
  LOCALSTACK_URL: optional(url()),
  /** Largest request body in bytes; one message may have 262,144 with its attributes. */
  BODY_LIMIT_BYTES: int({ default: 4_194_304, min: 1_024, max: 268_435_456 }),
  /** Messages that may wait for SQS's answer before the API says 503. */
  MAX_PENDING: int({ default: 10_000, min: 1 }),
  /** Time that a message waits for others to share its call to SQS. */
  SEND_LINGER_MS: ms({ default: 2, max: 1_000 }),
  /** Messages held at once by one worker. */
  MAX_IN_FLIGHT: int({ default: 20, min: 1, max: 10_000 }),
  /** Long polls at once while messages come. */
  MAX_POLLS: int({ default: 4, min: 1, max: 64 }),
  /** Length of a long poll; a shutdown waits for it. */
  WAIT_SECONDS: int({ default: 5, min: 0, max: 20 }),
  /** Seconds for which a message is hidden; extended while it is worked on. */
  VISIBILITY_SECONDS: int({ default: 30, min: 2, max: 43_200 }),
  /** Longest work on one message. */
  HANDLER_TIMEOUT_MS: ms({ default: 60_000, min: 100 }),
  /** Ceiling of the wait before a failed message is tried again; full jitter, 1 s doubling. */
  RETRY_CAP_SECONDS: int({ default: 60, min: 0, max: 43_200 }),
  /** Simulated work on each message. */
  WORK_MS: ms({ default: 0, max: 3_600_000 }),
  /** Up to this much more, at random. */
  WORK_JITTER_MS: ms({ default: 0, max: 3_600_000 }),
  /** Share of deliveries that fail, 0 to 1. */
  FAILURE_RATE: decimal({ default: 0, max: 1 }),
  /** Lets a message's `work` field overrule the three above. For load tests: off unless set. */
  WORK_FROM_MESSAGE: bool({ default: false }),
});

export type SqsWorkerConfig = Config<typeof schema>;

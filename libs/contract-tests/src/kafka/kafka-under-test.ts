/** A running Kafka broker, whoever wrote it. */
export interface KafkaUnderTest {
  /** `host:port` of each. */
  readonly brokers: readonly string[];
  stop(): Promise<void>;
  /** Kills the process without warning and starts it again on the same data and port. */
  killAndRestart?(): Promise<void>;
}

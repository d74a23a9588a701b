export type KafkaErrorCode = 'KafkaUnreachable' | 'KafkaRefused' | 'KafkaTimeout' | 'KafkaClosed';

/** A Kafka call that failed, without the client library's own classes. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  constructor(
    readonly code: KafkaErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

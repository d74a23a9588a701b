import { CompressionTypes, type Producer } from 'kafkajs';
import type { KafkaProducer, OutgoingRecord } from '../producer';
import { kafkaClient, kafkaError, type ClientOptions } from './client';

export interface ProducerOptions extends ClientOptions {
  /** Compress batches with gzip. Default false. */
  readonly gzip?: boolean;
}

export function createProducer(options: ProducerOptions): KafkaProducer {
  const producer: Producer = kafkaClient(options).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    // An idempotent producer must not give up early: a retry that was stored once answers with its first offset.
    retry: { retries: 12, initialRetryTime: 100, maxRetryTime: 2_000 },
  });
  return {
    connect: () =>
      producer.connect().catch((cause: unknown) => Promise.reject(kafkaError('connect a producer', cause))),
    async send(topic: string, records: readonly OutgoingRecord[]) {
      if (records.length === 0) return;
      const messages = records.map(({ key, value, headers, partition }) => ({
        value,
        ...(key != null && { key }),
        ...(headers && { headers: { ...headers } }),
        ...(partition !== undefined && { partition }),
      }));
      try {
        await producer.send({
          topic,
          acks: -1,
          messages,
          ...(options.gzip && { compression: CompressionTypes.GZIP }),
        });
      } catch (cause) {
        throw kafkaError(`produce ${records.length} records to ${topic}`, cause);
      }
    },
    close: () => producer.disconnect(),
  };
}

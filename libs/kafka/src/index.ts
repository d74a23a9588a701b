export type {
  ConsumerEvents,
  ConsumerHealth,
  ConsumerOptions,
  DrainResult,
  HandlerContext,
  KafkaConsumer,
  KafkaRecord,
  RecordHandler,
} from './consumer';
export type { KafkaProducer, OutgoingRecord } from './producer';
export type { GroupOffsets, KafkaAdmin } from './admin';
export { KafkaError, type KafkaErrorCode } from './kafka-error';
export { createConsumer } from './kafkajs/consumer';
export { createProducer, type ProducerOptions } from './kafkajs/producer';
export { createAdmin } from './kafkajs/admin';
export type { ClientOptions } from './kafkajs/client';

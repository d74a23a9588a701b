export { kafkaBrokerContract, type KafkaContractOptions } from './kafka/kafka-broker-contract';
export type { KafkaUnderTest } from './kafka/kafka-under-test';
export { startBrokerProcess } from './kafka/broker-process';
export { apacheKafka, apacheKafkaJava, startApacheKafka } from './kafka/apache-kafka';

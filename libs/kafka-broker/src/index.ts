export { BrokerError, type BrokerErrorCode } from './broker-error';
export { startBroker, type Broker } from './broker';
export type { BrokerOptions, TopicSpec } from './options';
export type { BrokerStats, GroupStats, PartitionStats } from './stats';
export type { Clock } from './clock';
export type { Logger } from './logger';

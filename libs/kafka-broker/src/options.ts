import type { Clock } from './clock';
import type { Logger } from './logger';

export interface TopicSpec {
  readonly name: string;
  /** Number of partitions, 1 to 10,000. Default: the broker's `defaultPartitions`. */
  readonly partitions?: number;
  /** Topic settings by Kafka's names, for example `{ 'retention.bytes': '1048576' }`. Default: the broker's own. */
  readonly configs?: Readonly<Record<string, string>>;
}

export interface BrokerOptions {
  /** TCP port. Default 0: any free port (see the returned `port`). */
  readonly port?: number;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** Host that clients are told to connect to. Default: the address each client connected to. */
  readonly advertisedHost?: string;
  /** Port that clients are told to connect to. Default: the port listened on. */
  readonly advertisedPort?: number;
  /** Folder for segment files and state. What was answered survives a kill of the process. Default: memory only. */
  readonly dataDir?: string;
  /** Bytes kept per partition before the oldest segments go; a topic's `retention.bytes` wins. Default 128 MiB. */
  readonly retentionBytes?: number;
  /** Bytes kept over all partitions; beyond it the largest partition loses its oldest segment. Default 512 MiB. */
  readonly maxLogBytes?: number;
  /** A segment is closed at this size; a topic's `segment.bytes` wins. Default 4 MiB, at most a quarter of the retention. */
  readonly segmentBytes?: number;
  /** Largest record batch accepted, bytes; a topic's `max.message.bytes` wins. Default 1,048,588, as Kafka's. */
  readonly maxMessageBytes?: number;
  /** Largest request accepted, bytes; a larger one closes the connection. Default 104,857,600, as Kafka's. */
  readonly maxRequestBytes?: number;
  /** Open connections at one time; further ones are closed at once. Default 2,000. */
  readonly maxConnections?: number;
  /** Makes an unknown topic when a client asks for its metadata and allows it. Default false. */
  readonly autoCreateTopics?: boolean;
  /** Partitions of a topic made without a number. Default 1. */
  readonly defaultPartitions?: number;
  /** Topics made at start when missing. Default none. */
  readonly topics?: readonly TopicSpec[];
  /** Shortest session timeout a group member may ask for, milliseconds. Default 1,000 (Kafka: 6,000). */
  readonly groupMinSessionTimeoutMs?: number;
  /** Longest session timeout a group member may ask for, milliseconds. Default 1,800,000, as Kafka's. */
  readonly groupMaxSessionTimeoutMs?: number;
  /** How long the first rebalance of an empty group waits for more members, milliseconds. Default 0 (Kafka: 3,000). */
  readonly groupInitialRebalanceDelayMs?: number;
  /** Default: silent. A pino logger fits. */
  readonly logger?: Logger;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

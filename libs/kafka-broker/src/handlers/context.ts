import type { Clock } from '../clock';
import type { Counters } from '../counters';
import type { GroupCoordinator } from '../groups/group-coordinator';
import type { Logger } from '../logger';
import type { TopicRegistry } from '../topics/topic-registry';
import type { TransactionCoordinator } from '../transactions/transaction-coordinator';

/** What the handlers of requests work on. */
export interface BrokerContext {
  readonly nodeId: number;
  readonly clusterId: string;
  /** Undefined: the address that the client connected to. */
  readonly advertisedHost: string | undefined;
  readonly advertisedPort: () => number;
  readonly autoCreateTopics: boolean;
  readonly defaultPartitions: number;
  readonly topics: TopicRegistry;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One request being answered. */
export interface Call {
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** The broker's address on this connection. */
  readonly localAddress: string;
  /** Runs `stop` when the connection ends before the answer. The returned function takes it back. */
  onClose(stop: () => void): () => void;
}

import type { BrokerOptions } from './options';
import type { BrokerStats } from './stats';

export interface Broker {
  readonly host: string;
  readonly port: number;
  /** Ends every connection, writes what is left and frees the port. Safe to call twice. */
  close(): Promise<void>;
  stats(): BrokerStats;
}

/**
 * Starts a single-node broker.
 * @throws BrokerError `BadOption`, `PortInUse`, `DataDirInUse` or `DataDirCorrupt`.
 */
export function startBroker(_options: BrokerOptions = {}): Promise<Broker> {
  return Promise.reject(new Error('the server is not in place yet'));
}

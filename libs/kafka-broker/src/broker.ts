import { type BrokerState, openState } from './broker-state';
import { Counters } from './counters';
import { routes } from './handlers';
import type { BrokerContext } from './handlers/context';
import type { BrokerOptions } from './options';
import { resolveOptions } from './resolve-options';
import { listen } from './server/listen';
import { snapshotStats } from './snapshot-stats';
import { lockDataDir } from './storage/data-dir-lock';
import type { BrokerStats } from './stats';

export interface Broker {
  readonly host: string;
  readonly port: number;
  /** Ends every connection, writes what is left and frees the port. Safe to call twice. */
  close(): Promise<void>;
  stats(): BrokerStats;
}

const housekeepingEveryMs = 5_000;
/** A producer silent for this long is forgotten, as Kafka's `producer.id.expiration.ms`. */
const idleProducerMs = 86_400_000;

/**
 * Starts a single-node broker.
 * @throws BrokerError `BadOption`, `PortInUse`, `CannotListen`, `DataDirInUse` or `DataDirCorrupt`.
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const resolved = resolveOptions(options);
  const { clock, logger } = resolved;
  const lock = resolved.dataDir === undefined ? undefined : await lockDataDir(resolved.dataDir);
  let state: BrokerState;
  try {
    state = openState(resolved);
  } catch (error) {
    await lock?.release();
    throw error;
  }
  const { topics, groups, transactions, clusterId } = state;
  const counters = new Counters();
  let port = resolved.port;
  const context: BrokerContext = {
    nodeId: 1,
    clusterId,
    advertisedHost: resolved.advertisedHost,
    advertisedPort: () => resolved.advertisedPort ?? port,
    autoCreateTopics: resolved.autoCreateTopics,
    defaultPartitions: resolved.defaultPartitions,
    topics,
    groups,
    transactions,
    counters,
    clock,
    logger,
  };
  const { host, maxConnections, maxRequestBytes } = resolved;
  const listener = await listen({ host, port, maxConnections, maxRequestBytes, routes, context }).catch(
    async (error: unknown) => {
      state.close();
      await lock?.release();
      throw error;
    },
  );
  port = listener.address.port;
  logger.info({ host, port, dataDir: resolved.dataDir, topics: topics.all.length }, 'kafka broker listening');

  let cancelHousekeeping = (): void => undefined;
  const housekeep = () => {
    cancelHousekeeping = clock.wakeAt(clock.now() + housekeepingEveryMs, () => {
      topics.housekeep(idleProducerMs);
      housekeep();
    });
  };
  housekeep();

  let closing: Promise<void> | undefined;
  const close = async () => {
    cancelHousekeeping();
    await listener.close();
    state.close();
    await lock?.release();
    logger.info({ host, port }, 'kafka broker closed');
  };
  return {
    host,
    port,
    close: () => (closing ??= close()),
    stats: () => snapshotStats(topics, groups, counters, listener.connections.size),
  };
}

import { createAdmin, type GroupOffsets } from '@scalelab/kafka';
import type { KafkaSettings } from '@scalelab/scaling';
import { formatAddress, parseAddress, type ResolveAddress } from './address';
import type { TriggerSource } from './trigger-source';

/** The one question to a cluster; `KafkaAdmin` of @scalelab/kafka answers it. */
export interface OffsetsReader {
  groupOffsets(groupId: string, topics?: readonly string[]): Promise<GroupOffsets>;
  close(): Promise<void>;
}

export type OpenOffsetsReader = (brokers: readonly string[]) => OffsetsReader;

const openAdmin: OpenOffsetsReader = (brokers) =>
  createAdmin({ brokers, clientId: 'scalelab-kafka-trigger' });

/** kafka: end and committed offsets of the group, as they are. */
export function kafkaSource(resolve: ResolveAddress, open: OpenOffsetsReader = openAdmin): TriggerSource {
  const readers = new Map<string, OffsetsReader>();
  return {
    async observe({ parsed, namespace, context, metadata }) {
      refuseSecurity(metadata, context.authParams);
      const { bootstrapServers, group, topic } = parsed.settings as KafkaSettings;
      const brokers = await Promise.all(
        bootstrapServers.map(async (server) => formatAddress(await resolve(parseAddress(server), namespace))),
      );
      const key = brokers.join();
      const reader = readers.get(key) ?? open(brokers);
      readers.set(key, reader);
      const { latest, committed } = await reader.groupOffsets(group, topic ? [topic] : undefined);
      return { kind: 'kafka', latest, committed: filled(latest, committed) };
    },
    async close() {
      const open = [...readers.values()];
      readers.clear();
      await Promise.all(open.map((reader) => reader.close()));
    },
  };
}

/** Asking without them would ask the wrong listener, or in the clear. */
function refuseSecurity(
  metadata: Readonly<Record<string, string>>,
  authParams: Readonly<Record<string, string>> = {},
): void {
  const sasl = authParams.sasl ?? metadata.sasl ?? '';
  const tls = authParams.tls ?? metadata.tls ?? '';
  if (!['', 'none'].includes(sasl.trim())) throw new Error(`kafka: SASL (${sasl}) is not supported here`);
  if (tls.trim() === 'enable') throw new Error('kafka: TLS is not supported here');
}

/** A group that never committed is answered without partitions by some brokers: nothing committed is -1, as on the wire. */
function filled(
  latest: GroupOffsets['latest'],
  committed: GroupOffsets['committed'],
): GroupOffsets['committed'] {
  return Object.fromEntries(
    Object.entries(latest).map(([topic, offsets]) => [
      topic,
      offsets.map((_, partition) => committed[topic]?.[partition] ?? -1),
    ]),
  );
}

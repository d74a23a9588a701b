export interface PartitionStats {
  readonly partition: number;
  /** First offset that can still be read. */
  readonly logStartOffset: number;
  /** Offset of the next message. */
  readonly highWatermark: number;
  /** Offset below which no open transaction holds messages back. */
  readonly lastStableOffset: number;
  readonly segments: number;
  readonly bytes: number;
}

export interface GroupStats {
  readonly groupId: string;
  readonly state: string;
  readonly generation: number;
  readonly members: number;
}

/** A snapshot of the broker; counters run from its start. */
export interface BrokerStats {
  readonly connections: number;
  readonly connectionsTotal: number;
  readonly connectionsRefusedTotal: number;
  /** Connections closed because of bytes that are not the protocol. */
  readonly malformedTotal: number;
  /** Requests by API name. */
  readonly requestsTotal: Readonly<Record<string, number>>;
  readonly bytesInTotal: number;
  readonly bytesOutTotal: number;
  readonly messagesInTotal: number;
  readonly duplicateBatchesTotal: number;
  readonly logBytes: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly PartitionStats[] }[];
  readonly groups: readonly GroupStats[];
}

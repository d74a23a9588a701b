export interface GroupOffsets {
  /** Topic -> end offset by partition number. */
  readonly latest: Readonly<Record<string, readonly number[]>>;
  /** Topic -> committed offset by partition number; -1: nothing committed. */
  readonly committed: Readonly<Record<string, readonly number[]>>;
}

/** The few things asked of a cluster besides producing and consuming. One connection, made at first use and again after a fault. */
export interface KafkaAdmin {
  /** Makes the topic when it is missing. Resolves to whether it was made. @throws KafkaError */
  ensureTopic(name: string, partitions: number): Promise<boolean>;
  /** End and committed offsets of a group over topics. Without topics: those the group has committed offsets for. */
  groupOffsets(groupId: string, topics?: readonly string[]): Promise<GroupOffsets>;
  partitionCount(topic: string): Promise<number>;
  close(): Promise<void>;
}

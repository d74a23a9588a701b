export interface OutgoingRecord {
  readonly key?: string | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
}

/** Writes records with acks from all replicas, idempotently and in order. */
export interface KafkaProducer {
  connect(): Promise<void>;
  /** Resolves when the broker has all records. @throws KafkaError when it may not have them. */
  send(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

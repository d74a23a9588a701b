export const schema = `
CREATE TABLE IF NOT EXISTS queues (
  name TEXT PRIMARY KEY, url TEXT NOT NULL, arn TEXT NOT NULL, attributes TEXT NOT NULL, tags TEXT NOT NULL,
  created INTEGER NOT NULL, modified INTEGER NOT NULL, sequence INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
  arrival INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  queue TEXT NOT NULL REFERENCES queues (name) ON DELETE CASCADE,
  body TEXT NOT NULL, body_md5 TEXT NOT NULL, attributes TEXT NOT NULL, attributes_md5 TEXT NOT NULL,
  sent INTEGER NOT NULL, receive_count INTEGER NOT NULL, first_received INTEGER, delay_until INTEGER,
  group_id TEXT, deduplication_id TEXT, sequence_number TEXT, receipt_handle TEXT, deadline INTEGER
);
CREATE INDEX IF NOT EXISTS messages_of_queue ON messages (queue, arrival);
`;

export interface QueueRow {
  name: string;
  url: string;
  arn: string;
  attributes: string;
  tags: string;
  created: number;
  modified: number;
  sequence: number;
}

export interface MessageRow {
  id: string;
  body: string;
  body_md5: string;
  attributes: string;
  attributes_md5: string;
  sent: number;
  receive_count: number;
  first_received: number | null;
  delay_until: number | null;
  group_id: string | null;
  deduplication_id: string | null;
  sequence_number: string | null;
  receipt_handle: string | null;
  deadline: number | null;
}

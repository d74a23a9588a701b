import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PersistenceManager, SqsMessage, SqsQueue } from './fauxqs.mjs';
import { schema, type MessageRow, type QueueRow } from './queue-disk-schema';

/** The calls that the queue store makes before it changes its memory. */
type WriteThrough = Pick<
  PersistenceManager,
  | 'insertQueue'
  | 'deleteQueue'
  | 'updateQueueAttributes'
  | 'updateQueueSequenceCounter'
  | 'insertMessage'
  | 'deleteMessage'
  | 'updateMessageInflight'
  | 'updateMessageReady'
  | 'deleteQueueMessages'
  | 'deleteAllMessages'
>;

/**
 * Queues and messages in SQLite. All writes since the last answer are one transaction, committed by `commit()` before the next
 * answer leaves: what was acknowledged survives a kill of the process (not a power loss: `synchronous=NORMAL` on a write-ahead log).
 */
export class QueueDisk implements WriteThrough {
  private readonly db: DatabaseSync;
  private readonly statements: ReturnType<typeof prepare>;
  private open = false;

  constructor(folder: string) {
    this.db = new DatabaseSync(join(folder, 'sqs.db'));
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    this.db.exec(schema);
    this.statements = prepare(this.db);
  }

  queues(): QueueRow[] {
    return this.statements.queues.all() as unknown as QueueRow[];
  }

  /** Messages of a queue in the order in which they arrived. */
  messages(queue: string): MessageRow[] {
    return this.statements.messages.all(queue) as unknown as MessageRow[];
  }

  commit(): void {
    if (!this.open) return;
    this.open = false;
    this.statements.commit.run();
  }

  close(): void {
    this.commit();
    this.db.close();
  }

  insertQueue(queue: SqsQueue): void {
    this.begin();
    const tags = JSON.stringify(Object.fromEntries(queue.tags));
    this.statements.putQueue.run(
      queue.name,
      queue.url,
      queue.arn,
      JSON.stringify(queue.attributes),
      tags,
      queue.createdTimestamp,
      queue.lastModifiedTimestamp,
      queue.sequenceCounter,
    );
  }

  deleteQueue(name: string): void {
    this.begin();
    this.statements.dropQueue.run(name);
  }

  updateQueueAttributes(name: string, attributes: Record<string, string>, lastModified: number): void {
    this.begin();
    this.statements.setAttributes.run(JSON.stringify(attributes), lastModified, name);
  }

  updateQueueSequenceCounter(name: string, counter: number): void {
    this.begin();
    this.statements.setSequence.run(counter, name);
  }

  insertMessage(queue: string, message: SqsMessage): void {
    this.begin();
    this.statements.putMessage.run(
      message.messageId,
      queue,
      message.body,
      message.md5OfBody,
      JSON.stringify(message.messageAttributes),
      message.md5OfMessageAttributes,
      message.sentTimestamp,
      message.approximateReceiveCount,
      message.approximateFirstReceiveTimestamp ?? null,
      message.delayUntil ?? null,
      message.messageGroupId ?? null,
      message.messageDeduplicationId ?? null,
      message.sequenceNumber ?? null,
    );
  }

  deleteMessage(id: string): void {
    this.begin();
    this.statements.dropMessage.run(id);
  }

  updateMessageInflight(
    id: string,
    receiptHandle: string,
    deadline: number,
    receiveCount: number,
    firstReceived: number | undefined,
  ): void {
    this.begin();
    this.statements.setInFlight.run(receiptHandle, deadline, receiveCount, firstReceived ?? null, id);
  }

  updateMessageReady(id: string): void {
    this.begin();
    this.statements.setReady.run(id);
  }

  deleteQueueMessages(queue: string): void {
    this.begin();
    this.statements.dropMessagesOf.run(queue);
  }

  deleteAllMessages(): void {
    this.begin();
    this.statements.dropMessages.run();
  }

  private begin(): void {
    if (this.open) return;
    this.statements.begin.run();
    this.open = true;
  }
}

function prepare(db: DatabaseSync) {
  return {
    begin: db.prepare('BEGIN'),
    commit: db.prepare('COMMIT'),
    queues: db.prepare('SELECT * FROM queues'),
    messages: db.prepare('SELECT * FROM messages WHERE queue = ? ORDER BY arrival'),
    putQueue: db.prepare(
      `INSERT INTO queues (name, url, arn, attributes, tags, created, modified, sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET attributes = excluded.attributes, tags = excluded.tags, modified = excluded.modified`,
    ),
    dropQueue: db.prepare('DELETE FROM queues WHERE name = ?'),
    setAttributes: db.prepare('UPDATE queues SET attributes = ?, modified = ? WHERE name = ?'),
    setSequence: db.prepare('UPDATE queues SET sequence = ? WHERE name = ?'),
    putMessage: db.prepare(
      `INSERT INTO messages (id, queue, body, body_md5, attributes, attributes_md5, sent, receive_count, first_received,
       delay_until, group_id, deduplication_id, sequence_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    dropMessage: db.prepare('DELETE FROM messages WHERE id = ?'),
    setInFlight: db.prepare(
      'UPDATE messages SET receipt_handle = ?, deadline = ?, receive_count = ?, first_received = ? WHERE id = ?',
    ),
    setReady: db.prepare('UPDATE messages SET receipt_handle = NULL, deadline = NULL WHERE id = ?'),
    dropMessagesOf: db.prepare('DELETE FROM messages WHERE queue = ?'),
    dropMessages: db.prepare('DELETE FROM messages'),
  };
}

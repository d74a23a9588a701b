import type { SqsMessage, SqsQueue, SqsStore } from './fauxqs.mjs';
import type { QueueDisk } from './queue-disk';
import type { MessageRow } from './queue-disk-schema';

const defaultGroup = '__default';

/**
 * Fills an empty store from the disk. Messages in flight stay in flight until their deadline and keep their receipt handles, so that a
 * worker that outlived the emulator can still delete what it finished.
 */
export function restoreQueues(store: SqsStore, disk: QueueDisk, nowMs: number): void {
  for (const row of disk.queues()) {
    const attributes = JSON.parse(row.attributes) as Record<string, string>;
    const tags = JSON.parse(row.tags) as Record<string, string>;
    const queue = store.createQueue(row.name, row.url, row.arn, attributes, tags);
    queue.lastModifiedTimestamp = row.modified;
    queue.sequenceCounter = row.sequence;
    for (const message of disk.messages(row.name)) restoreMessage(queue, message, nowMs);
  }
}

function restoreMessage(queue: SqsQueue, row: MessageRow, nowMs: number): void {
  const message = messageOf(row);
  const group = message.messageGroupId ?? defaultGroup;
  if (message.messageDeduplicationId) {
    queue.recordDeduplication(
      message.messageDeduplicationId,
      message.messageId,
      message.sequenceNumber ?? '',
    );
  }
  if (row.receipt_handle && row.deadline && row.deadline > nowMs) {
    queue.inflightMessages.set(row.receipt_handle, {
      message,
      receiptHandle: row.receipt_handle,
      visibilityDeadline: row.deadline,
    });
    if (queue.isFifo()) queue.fifoLockedGroups.set(group, (queue.fifoLockedGroups.get(group) ?? 0) + 1);
    return;
  }
  const delayed = (message.delayUntil ?? 0) > nowMs;
  if (!queue.isFifo()) {
    (delayed ? queue.delayedMessages : queue.messages).push(message);
    return;
  }
  const groups = delayed ? queue.fifoDelayed : queue.fifoMessages;
  const waiting = groups.get(group) ?? [];
  waiting.push(message);
  groups.set(group, waiting);
}

function messageOf(row: MessageRow): SqsMessage {
  return {
    messageId: row.id,
    body: row.body,
    md5OfBody: row.body_md5,
    messageAttributes: JSON.parse(row.attributes) as SqsMessage['messageAttributes'],
    md5OfMessageAttributes: row.attributes_md5,
    sentTimestamp: row.sent,
    approximateReceiveCount: row.receive_count,
    ...(row.first_received === null ? {} : { approximateFirstReceiveTimestamp: row.first_received }),
    ...(row.delay_until === null ? {} : { delayUntil: row.delay_until }),
    ...(row.group_id === null ? {} : { messageGroupId: row.group_id }),
    ...(row.deduplication_id === null ? {} : { messageDeduplicationId: row.deduplication_id }),
    ...(row.sequence_number === null ? {} : { sequenceNumber: row.sequence_number }),
  };
}

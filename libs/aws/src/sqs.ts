import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type BatchResultErrorEntry,
  type Message,
  type MessageAttributeValue,
} from '@aws-sdk/client-sqs';
import type { AwsClientSettings } from './client-settings';
import { requestHandler } from './http-agents';
import type { EntryFailure, QueuePort, ReceivedMessage, SendEntry } from './queue-port';

/** SQS through the AWS SDK. */
export function connectQueues(settings: AwsClientSettings): QueuePort & { close(): void } {
  const { maxSockets, ...client } = settings;
  // cacheMiddleware resolves the middleware stack once a command class instead of once a call; no middleware is added later.
  const sqs = new SQSClient({ ...client, cacheMiddleware: true, requestHandler: requestHandler(maxSockets) });
  return {
    async receive({ queueUrl, max, waitSeconds, visibilitySeconds, signal }) {
      const { Messages } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: max,
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: visibilitySeconds,
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'],
          MessageAttributeNames: ['All'],
        }),
        signal ? { abortSignal: signal } : {},
      );
      return (Messages ?? []).map(receivedMessage);
    },
    async sendBatch(queueUrl, entries) {
      const Entries = entries.map(sendEntry);
      const { Successful, Failed } = await sqs.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
      );
      const sent = (Successful ?? []).map(({ Id, MessageId }) => ({
        index: Number(Id),
        messageId: MessageId!,
      }));
      return { sent, failed: failures(Failed) };
    },
    async deleteBatch(queueUrl, receiptHandles) {
      const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const { Failed } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      return failures(Failed);
    },
    async changeVisibilityBatch(queueUrl, changes) {
      const Entries = changes.map(({ receiptHandle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }));
      const { Failed } = await sqs.send(
        new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }),
      );
      return failures(Failed);
    },
    async attributes(queueUrl) {
      const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] });
      return (await sqs.send(command)).Attributes ?? {};
    },
    async setAttributes(queueUrl, attributes) {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { ...attributes } }));
    },
    async find(name) {
      try {
        return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
      } catch (error) {
        if (error instanceof QueueDoesNotExist) return undefined;
        throw error;
      }
    },
    async create(name, attributes) {
      const command = new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes } });
      return (await sqs.send(command)).QueueUrl!;
    },
    close: () => sqs.destroy(),
  };
}

function receivedMessage(message: Message): ReceivedMessage {
  const system = message.Attributes ?? {};
  return {
    id: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body ?? '',
    receiveCount: Number(system.ApproximateReceiveCount ?? 1),
    sentAtMs: Number(system.SentTimestamp ?? 0),
    ...(system.MessageGroupId === undefined ? {} : { groupId: system.MessageGroupId }),
    attributes: textAttributes(message.MessageAttributes),
  };
}

function textAttributes(attributes: Record<string, MessageAttributeValue> = {}): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, { StringValue }] of Object.entries(attributes)) {
    if (StringValue !== undefined) texts[name] = StringValue;
  }
  return texts;
}

function sendEntry(entry: SendEntry, index: number) {
  const { body, attributes, delaySeconds, groupId, deduplicationId } = entry;
  return {
    Id: String(index),
    MessageBody: body,
    DelaySeconds: delaySeconds,
    MessageGroupId: groupId,
    MessageDeduplicationId: deduplicationId,
    MessageAttributes: attributes && messageAttributes(attributes),
  };
}

function messageAttributes(
  attributes: Readonly<Record<string, string>>,
): Record<string, MessageAttributeValue> {
  const entries = Object.entries(attributes);
  return Object.fromEntries(
    entries.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

function failures(failed: readonly BatchResultErrorEntry[] = []): EntryFailure[] {
  return failed.map(({ Id, Code, Message, SenderFault }) => ({
    index: Number(Id),
    code: Code ?? 'Unknown',
    message: Message ?? '',
    senderFault: SenderFault ?? false,
  }));
}

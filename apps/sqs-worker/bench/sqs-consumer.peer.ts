// npm sqs-consumer with the worker's own handler. PEER_MODE: `message` (its default way), `batch` (its fastest: batch handler, batch
// delete), CONSUMERS of them side by side.
import { Agent } from 'node:http';
import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import { conditionalWriter, createTablePort, type Delivery } from '@scalelab/aws';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Consumer } from 'sqs-consumer';
import { parseBody, type MessageBody } from '../src/message';
import { createMessageHandler } from '../src/message-handler';

const {
  LOCALSTACK_URL = '',
  QUEUE_URL = '',
  TABLE_NAME = '',
  PEER_MODE = 'batch',
  CONSUMERS = '1',
} = process.env;
const settings = {
  endpoint: LOCALSTACK_URL,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
const sqs = new SQSClient({
  ...settings,
  cacheMiddleware: true,
  requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 128 }) }),
});
const handler = createMessageHandler({
  writer: conditionalWriter({ tables: createTablePort(settings), table: TABLE_NAME }),
  knobs: { workMs: 0, jitterMs: 0, failureRate: 0, fromMessage: false },
  random: Math.random,
  onWritten: () => undefined,
});
const signal = new AbortController().signal;

function deliveryOf(message: Message): Delivery<MessageBody> {
  const attributes: Record<string, string> = {};
  for (const [name, { StringValue }] of Object.entries(message.MessageAttributes ?? {}))
    attributes[name] = StringValue ?? '';
  return {
    id: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: parseBody(message.Body ?? ''),
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    sentAtMs: Number(message.Attributes?.SentTimestamp ?? 0),
    attributes,
  };
}

for (let count = 0; count < Number(CONSUMERS); count += 1) {
  const common = {
    queueUrl: QUEUE_URL,
    sqs,
    batchSize: 10,
    waitTimeSeconds: 5,
    attributeNames: ['ApproximateReceiveCount' as const, 'SentTimestamp' as const],
    messageAttributeNames: ['All'],
  };
  const consumer = Consumer.create(
    PEER_MODE === 'batch'
      ? {
          ...common,
          handleMessageBatch: async (messages) => {
            await Promise.all(messages.map((message) => handler(deliveryOf(message), { signal })));
            return messages;
          },
        }
      : {
          ...common,
          handleMessage: async (message) => {
            await handler(deliveryOf(message), { signal });
            return message;
          },
        },
  );
  consumer.on('error', (error) => process.stderr.write(`${error.message}\n`));
  consumer.start();
}
process.on('SIGTERM', () => process.exit(0));

import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { create } from 'dynalite/db';
import { tempDir, waitFor } from '@scalelab/testing';
import { startAwsEmulator, type AwsEmulator } from './index';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const opened: { close(): Promise<void> }[] = [];
const clients: { destroy(): void }[] = [];

afterEach(async () => {
  clients.splice(0).forEach((client) => client.destroy());
  for (const emulator of opened.splice(0)) await emulator.close();
});

async function start(dataDir?: string) {
  const emulator = await startAwsEmulator({ port: 0, dataDir });
  opened.push(emulator);
  return { emulator, ...clientsOf(emulator) };
}

function clientsOf({ url }: AwsEmulator) {
  const settings = { endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 };
  const sqs = new SQSClient(settings);
  const dynamo = new DynamoDBClient(settings);
  clients.push(sqs, dynamo);
  return { sqs, dynamo };
}

async function stop(emulator: AwsEmulator) {
  opened.splice(opened.indexOf(emulator), 1);
  await emulator.close();
}

async function queue(sqs: SQSClient, name = 'work', attributes: Record<string, string> = {}) {
  return (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))).QueueUrl!;
}

async function table(dynamo: DynamoDBClient) {
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  await waitFor(async () => (await status(dynamo)) === 'ACTIVE', { what: 'the table to be active' });
}

async function status(dynamo: DynamoDBClient) {
  return (await dynamo.send(new DescribeTableCommand({ TableName: 'items' }))).Table!.TableStatus;
}

async function depth(sqs: SQSClient, QueueUrl: string) {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return {
    visible: Number(Attributes!.ApproximateNumberOfMessages),
    inFlight: Number(Attributes!.ApproximateNumberOfMessagesNotVisible),
  };
}

describe('one endpoint for SQS and DynamoDB', () => {
  it('routes each service by its target header', async () => {
    const { sqs, dynamo } = await start();
    const QueueUrl = await queue(sqs);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
    await table(dynamo);
    await dynamo.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'a' } } }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'a' } } }));
    expect(Messages![0]!.Body).toBe('one');
    expect(Item).toEqual({ id: { S: 'a' } });
  });

  it('lets one of fifty racing conditional puts win', async () => {
    const { dynamo } = await start();
    await table(dynamo);
    const put = new PutItemCommand({
      TableName: 'items',
      Item: { id: { S: 'a' } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => dynamo.send(put)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = results.flatMap((r) => (r.status === 'rejected' ? [(r.reason as Error).name] : []));
    expect(new Set(reasons)).toEqual(new Set(['ConditionalCheckFailedException']));
  });

  it('moves a message to the dead-letter queue after maxReceiveCount receives', async () => {
    const { sqs } = await start();
    const dead = await queue(sqs, 'dead');
    const QueueUrl = await queue(sqs, 'work', {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
        maxReceiveCount: 2,
      }),
    });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    for (let receive = 0; receive < 3; receive += 1) {
      await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
    }
    expect(await depth(sqs, dead)).toEqual({ visible: 1, inFlight: 0 });
    expect(await depth(sqs, QueueUrl)).toEqual({ visible: 0, inFlight: 0 });
  });

  it('counts a message as visible again once its timeout passed, though nobody polls', async () => {
    const { sqs } = await start();
    const QueueUrl = await queue(sqs);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1 }));
    expect(await depth(sqs, QueueUrl)).toEqual({ visible: 0, inFlight: 1 });
    await waitFor(async () => (await depth(sqs, QueueUrl)).visible === 1, {
      what: 'the message to be visible',
    });
  });

  it.each(['/livez', '/readyz', '/health', '/_localstack/health'])('answers the probe %s', async (path) => {
    const { emulator } = await start();
    const answer = await fetch(emulator.url + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    if (path.startsWith('/_'))
      expect(await answer.json()).toMatchObject({ services: { sqs: 'running', dynamodb: 'running' } });
  });

  it('listens on loopback only', async () => {
    const { emulator } = await start();
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const refused = await new Promise<string>((resolve) => {
      const socket = connect({ host: '127.0.0.2', port: emulator.port });
      socket
        .on('connect', () => resolve('connected'))
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
    });
    expect(refused).toBe('ECONNREFUSED');
  });

  it('says so when its port is taken', async () => {
    const { emulator } = await start();
    await expect(startAwsEmulator({ port: emulator.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('lives on when a client breaks off in the middle of a request', async () => {
    const { emulator, dynamo } = await start();
    await table(dynamo);
    const socket = connect({ host: '127.0.0.1', port: emulator.port });
    socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: DynamoDB_20120810.PutItem\r\ncontent-length: 100\r\n\r\n{"Tab',
    );
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await dynamo.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'b' } } }));
  });
});

describe('gaps', () => {
  it('names the operation it does not have', async () => {
    const { sqs, dynamo } = await start();
    await table(dynamo);
    await expect(
      sqs.send(new StartMessageMoveTaskCommand({ SourceArn: 'arn:aws:sqs:us-east-1:000000000000:dead' })),
    ).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringContaining('StartMessageMoveTask is not implemented by this SQS emulator'),
    });
    await expect(
      dynamo.send(
        new UpdateTimeToLiveCommand({
          TableName: 'items',
          TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        }),
      ),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('UpdateTimeToLive is not implemented by this DynamoDB emulator'),
    });
    await expect(
      dynamo.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Put: { TableName: 'items', Item: { id: { S: 'a' } } } }],
        }),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('TransactWriteItems is not implemented') });
  });

  it('says what it serves when something else is asked for', async () => {
    const { emulator } = await start();
    const answer = await fetch(`${emulator.url}/bucket/key`, { method: 'PUT', body: 'x' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      message: expect.stringContaining('serves SQS and DynamoDB'),
    });
  });
});

describe('with a data folder', () => {
  it('keeps queues, messages, receipt handles, counts and tables over a restart', async () => {
    const dataDir = tempDir();
    const first = await start(dataDir);
    const QueueUrl = await queue(first.sqs, 'work', { VisibilityTimeout: '30' });
    await table(first.dynamo);
    await first.dynamo.send(
      new PutItemCommand({ TableName: 'items', Item: { id: { S: 'a' }, n: { N: '1' } } }),
    );
    await first.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: ['a', 'b', 'c'].map((Id) => ({
          Id,
          MessageBody: Id,
          MessageAttributes: { k: { DataType: 'String', StringValue: Id } },
        })),
      }),
    );
    const { Messages } = await first.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    await stop(first.emulator);

    const second = await start(dataDir);
    expect(await depth(second.sqs, QueueUrl)).toEqual({ visible: 2, inFlight: 1 });
    await second.sqs.send(
      new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages![0]!.ReceiptHandle! }),
    );
    expect(await depth(second.sqs, QueueUrl)).toEqual({ visible: 2, inFlight: 0 });
    const next = await second.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    expect(next.Messages!.map((m) => [m.Body, m.MessageAttributes!.k!.StringValue])).toEqual([
      ['b', 'b'],
      ['c', 'c'],
    ]);
    const { Item } = await second.dynamo.send(
      new GetItemCommand({ TableName: 'items', Key: { id: { S: 'a' } } }),
    );
    expect(Item).toEqual({ id: { S: 'a' }, n: { N: '1' } });
  });

  it.each([
    ['CREATING', 'ACTIVE'],
    ['DELETING', 'ResourceNotFoundException'],
  ])('finishes a table that a kill left %s', async (left, expected) => {
    const dataDir = tempDir();
    const first = await start(dataDir);
    await table(first.dynamo);
    await stop(first.emulator);
    const store = create({ path: join(dataDir, 'dynamodb') });
    await store.db.put('table~items', {
      ...((await store.db.get('table~items')) as object),
      TableStatus: left,
    });
    await new Promise<void>((resolve) => store.db.close(() => resolve()));
    const second = await start(dataDir);
    const now = () => status(second.dynamo).catch((error: Error) => error.name);
    await waitFor(async () => (await now()) === expected, { what: `the table to be ${expected}` });
  });

  it('hands a released message out at once, with its receive count, before and after a restart', async () => {
    const dataDir = tempDir();
    const first = await start(dataDir);
    const QueueUrl = await queue(first.sqs);
    await first.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
    const receive = async (sqs: SQSClient) =>
      (
        await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
        )
      ).Messages![0]!;
    const release = (sqs: SQSClient, ReceiptHandle: string) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    await release(first.sqs, (await receive(first.sqs)).ReceiptHandle!);
    const again = await receive(first.sqs);
    expect(again.Attributes!.ApproximateReceiveCount).toBe('2');
    await release(first.sqs, again.ReceiptHandle!);
    await stop(first.emulator);
    const second = await start(dataDir);
    expect((await receive(second.sqs)).Attributes!.ApproximateReceiveCount).toBe('3');
  });

  it('keeps the messages of a queue that is tagged', async () => {
    const dataDir = tempDir();
    const first = await start(dataDir);
    const QueueUrl = await queue(first.sqs);
    await first.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
    await first.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'a' } }));
    await stop(first.emulator);
    const second = await start(dataDir);
    expect(await depth(second.sqs, QueueUrl)).toEqual({ visible: 1, inFlight: 0 });
  });

  it('keeps the order inside FIFO groups and refuses a duplicate that waits', async () => {
    const dataDir = tempDir();
    const first = await start(dataDir);
    const QueueUrl = await queue(first.sqs, 'work.fifo', { FifoQueue: 'true' });
    const send = (sqs: SQSClient, body: string) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: body,
          MessageGroupId: 'g',
          MessageDeduplicationId: body,
        }),
      );
    for (const body of ['1', '2', '3']) await send(first.sqs, body);
    await stop(first.emulator);
    const second = await start(dataDir);
    await send(second.sqs, '3');
    const bodies: string[] = [];
    for (
      let left = await depth(second.sqs, QueueUrl);
      left.visible > 0;
      left = await depth(second.sqs, QueueUrl)
    ) {
      const { Messages } = await second.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      bodies.push(Messages![0]!.Body!);
      await second.sqs.send(
        new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages![0]!.ReceiptHandle! }),
      );
    }
    expect(bodies).toEqual(['1', '2', '3']);
  });
});

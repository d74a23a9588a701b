// Receive -> conditional write -> delete: the shipped worker against npm sqs-consumer with the same handler, on the same emulator.
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  bundleOf,
  bundlePeer,
  cpuSeconds,
  freePort,
  median,
  printTable,
  start,
  startEmulators,
  untilReady,
} from './programs.mjs';

const rounds = Number(process.env.ROUNDS ?? 3);
const messages = Number(process.env.MESSAGES ?? 6_000);
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

const kinds = [
  { name: 'sqs-consumer, handleMessage (its default)', env: { PEER_MODE: 'message' } },
  { name: 'sqs-consumer, handleMessageBatch', env: { PEER_MODE: 'batch' } },
  { name: 'sqs-consumer, handleMessageBatch, 4 consumers', env: { PEER_MODE: 'batch', CONSUMERS: '4' } },
  { name: 'sqs-worker, defaults', env: undefined },
];

async function fill(sqs, QueueUrl) {
  for (let from = 0; from < messages; from += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ order: from + index, note: 'x'.repeat(150) }),
      MessageAttributes: { id: { DataType: 'String', StringValue: `m${from + index}` } },
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

async function left(sqs, QueueUrl) {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

async function stored(dynamo) {
  const ids = new Set();
  const pages = paginateScan(
    { client: dynamo },
    { TableName: 'sqs-worker-items', ProjectionExpression: 'id' },
  );
  for await (const { Items } of pages) for (const { id } of Items) ids.add(id.S);
  return ids.size;
}

async function measure(kind, peer) {
  const emulators = await startEmulators();
  const client = { endpoint: emulators.url, region: 'us-east-1', credentials };
  const [sqs, dynamo] = [new SQSClient(client), new DynamoDBClient(client)];
  const queueUrl = `${emulators.url}/000000000000/sqs-worker-messages`;
  const env = {
    LOCALSTACK_URL: emulators.url,
    ROLE: 'worker',
    TABLE_NAME: 'sqs-worker-items',
    QUEUE_URL: queueUrl,
  };
  const port = await freePort();
  // Makes queue and table, and is the one measured when it is its turn: it is stopped while the queue is filled.
  const maker = start(bundleOf('sqs-worker'), { ...env, METRICS_PORT: String(port), WAIT_SECONDS: '0' });
  await untilReady(maker, `http://127.0.0.1:${port}/readyz`);
  await maker.stop();
  await fill(sqs, queueUrl);
  const program = kind.env
    ? start(peer, { ...env, ...kind.env })
    : start(bundleOf('sqs-worker'), { ...env, METRICS_PORT: '0' });
  // The clock runs from the first tenth done, so that starting the process is not measured, to the last tenth left.
  const until = async (bound) => {
    for (;;) {
      if ((await left(sqs, queueUrl)) <= bound) return performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const begin = await until(messages * 0.9);
  const cpu = { consumer: -cpuSeconds(program), emulator: -cpuSeconds(emulators) };
  const end = await until(messages * 0.1);
  cpu.consumer += cpuSeconds(program);
  cpu.emulator += cpuSeconds(emulators);
  await until(0);
  const written = await stored(dynamo);
  if (written !== messages) throw new Error(`${kind.name}: ${written} of ${messages} messages are stored`);
  await program.stop('SIGKILL');
  sqs.destroy();
  dynamo.destroy();
  await emulators.stop('SIGKILL');
  const counted = messages * 0.8;
  return {
    perSecond: counted / ((end - begin) / 1_000),
    consumerCpuUs: (cpu.consumer / counted) * 1e6,
    emulatorCpuUs: (cpu.emulator / counted) * 1e6,
  };
}

export async function benchWorker() {
  const peer = await bundlePeer('sqs-consumer.peer.ts');
  const rates = kinds.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, kind] of kinds.entries()) rates[index].push(await measure(kind, peer));
  }
  const rows = kinds.map(({ name }, index) => {
    const middle = (key) => Math.round(median(rates[index].map((sample) => sample[key])));
    return {
      name,
      perSecond: middle('perSecond'),
      consumerCpuUs: middle('consumerCpuUs'),
      emulatorCpuUs: middle('emulatorCpuUs'),
      rounds: rates[index].map(({ perSecond }) => Math.round(perSecond)),
    };
  });
  const ours = rows.at(-1).perSecond;
  return {
    name: 'worker',
    what: `${messages} messages received, written under a condition and deleted`,
    rows,
    ratioToDefault: Number((ours / rows[0].perSecond).toFixed(2)),
    ratioToBatch: Number((ours / rows[1].perSecond).toFixed(2)),
    ratioToFour: Number((ours / rows[2].perSecond).toFixed(2)),
    reach: 1.5,
  };
}

if (import.meta.filename === process.argv[1]) {
  const result = await benchWorker();
  const ours = result.rows.at(-1).perSecond;
  printTable(
    result.what,
    result.rows.map(({ name, perSecond, consumerCpuUs, emulatorCpuUs }) => ({
      how: name,
      'messages/s': perSecond,
      'worker is': `${(ours / perSecond).toFixed(2)}x`,
      'CPU us/message': consumerCpuUs,
      'emulator CPU us/message': emulatorCpuUs,
    })),
  );
  console.log(JSON.stringify(result));
}

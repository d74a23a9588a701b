import { Kafka, logLevel } from 'kafkajs';

/** What one client process is told to do, as its JSON argument. */
export interface ClientTask {
  readonly broker: string;
  readonly topic: string;
  readonly messages: number;
  readonly messageBytes: number;
  readonly batch: number;
  /** `send` calls that wait for their answer at one time. */
  readonly sendsInFlight: number;
}

export interface ClientFigures {
  readonly producedPerSecond: number;
  readonly consumedPerSecond: number;
}

/** kafkajs, the same for every broker: produce all with acks=all, then consume all in a group. */
async function run(task: ClientTask): Promise<ClientFigures> {
  const kafka = new Kafka({ brokers: [task.broker], logLevel: logLevel.ERROR });
  const producer = kafka.producer();
  await producer.connect();
  const value = Buffer.alloc(task.messageBytes, 'x');
  const send = (count: number) =>
    producer.send({
      topic: task.topic,
      acks: -1,
      messages: Array.from({ length: count }, () => ({ value })),
    });
  let left = task.messages;
  const sender = async () => {
    while (left > 0) {
      const count = Math.min(task.batch, left);
      left -= count;
      await send(count);
    }
  };
  const producing = performance.now();
  await Promise.all(Array.from({ length: task.sendsInFlight }, sender));
  const producedPerSecond = perSecond(task.messages, producing);
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId: `${task.topic}-readers`, maxWaitTimeInMs: 500 });
  await consumer.connect();
  await consumer.subscribe({ topic: task.topic, fromBeginning: true });
  let seen = 0;
  let joinedAt = 0;
  // From the assignment on: joining the group is not throughput.
  consumer.on(consumer.events.GROUP_JOIN, () => (joinedAt = performance.now()));
  const consumedPerSecond = await new Promise<number>((resolve) => {
    void consumer.run({
      eachBatch: ({ batch }) => {
        seen += batch.messages.length;
        if (seen >= task.messages) resolve(perSecond(task.messages, joinedAt));
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return { producedPerSecond, consumedPerSecond };
}

function perSecond(count: number, since: number): number {
  return Math.round((count * 1_000) / (performance.now() - since));
}

run(JSON.parse(process.argv[2] ?? '{}') as ClientTask).then(
  (figures) => process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0)),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);

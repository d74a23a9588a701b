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
  /** How often everything is read, each time by a new group; the median counts. */
  readonly consumePasses: number;
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

  const passes: number[] = [];
  for (let pass = 0; pass < task.consumePasses; pass += 1) {
    passes.push(await consume(kafka, task, `${task.topic}-readers-${pass}`));
  }
  const consumedPerSecond = passes.toSorted((a, b) => a - b)[passes.length >> 1] ?? 0;
  return { producedPerSecond, consumedPerSecond };
}

/** Reads the whole topic in a new group; messages a second from the assignment on: joining is not throughput. */
async function consume(kafka: Kafka, { topic, messages }: ClientTask, groupId: string): Promise<number> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 500 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let seen = 0;
  let joinedAt = 0;
  consumer.on(consumer.events.GROUP_JOIN, () => (joinedAt = performance.now()));
  const rate = await new Promise<number>((resolve) => {
    void consumer.run({
      eachBatch: ({ batch }) => {
        seen += batch.messages.length;
        if (seen >= messages) resolve(perSecond(messages, joinedAt));
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return rate;
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

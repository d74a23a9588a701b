// Bare kafkajs: `eachBatch` that does nothing, everything else as kafkajs has it.
import { Kafka, logLevel } from 'kafkajs';

const [broker = '', topic = '', groupId = '', messages = ''] = process.argv.slice(2);
const consumer = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR }).consumer({ groupId });
let seen = 0;
let joinedAt = 0;
consumer.on(consumer.events.GROUP_JOIN, () => (joinedAt = performance.now()));

async function consume(): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachBatch: ({ batch }) => {
      seen += batch.messages.length;
      if (seen >= Number(messages)) {
        const perSecond = (seen * 1_000) / (performance.now() - joinedAt);
        process.stdout.write(`${JSON.stringify({ perSecond, cpuUs: cpuUs(seen) })}\n`, () => process.exit(0));
      }
      return Promise.resolve();
    },
  });
}

function cpuUs(count: number): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / count;
}

void consume();

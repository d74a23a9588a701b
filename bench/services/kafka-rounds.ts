// Runs both consumers in turn against one Apache Kafka: kafka-rounds.cjs OURS PEER, one JSON line on standard output.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { apacheKafka, startApacheKafka } from '../../libs/contract-tests/src';

const execute = promisify(execFile);
const [ours = '', peer = ''] = process.argv.slice(2);
const messages = Number(process.env['BENCH_MESSAGES'] ?? 300_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const topic = 'bench-events';

interface Figures {
  readonly perSecond: number;
  readonly cpuUs: number;
}

async function fill(broker: string): Promise<void> {
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 6 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  for (let from = 0; from < messages; from += 1_000) {
    await producer.send({
      topic,
      messages: Array.from({ length: 1_000 }, (_, index) => ({
        key: `key-${(from + index) % 997}`,
        value: JSON.stringify({ order: from + index, note: 'x'.repeat(70) }),
        headers: { id: `m${from + index}` },
      })),
    });
  }
  await producer.disconnect();
}

async function consume(program: string, broker: string, group: string): Promise<Figures> {
  const { stdout } = await execute(process.execPath, [program, broker, topic, group, String(messages)], {
    timeout: 120_000,
    env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  });
  // What the consumers log comes before.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Figures;
}

async function main(): Promise<void> {
  const found = apacheKafka();
  if ('skipped' in found) return void process.stdout.write(`${JSON.stringify(found)}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'scalelab-bench-kafka-'));
  const kafka = await startApacheKafka(found.jars, { folder });
  try {
    const broker = kafka.brokers[0] ?? '';
    await fill(broker);
    const samples: { ours: Figures[]; peer: Figures[] } = { ours: [], peer: [] };
    // Round 0 warms the broker up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      const mine = () => consume(ours, broker, `ours-${round}`);
      const theirs = () => consume(peer, broker, `peer-${round}`);
      const first = round % 2 === 0 ? await mine() : await theirs();
      const second = round % 2 === 0 ? await theirs() : await mine();
      if (round === 0) continue;
      samples.ours.push(round % 2 === 0 ? first : second);
      samples.peer.push(round % 2 === 0 ? second : first);
    }
    process.stdout.write(`${JSON.stringify({ messages, ...samples })}\n`);
  } finally {
    await kafka.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error).slice(0, 2_000)}\n`);
  process.exitCode = 1;
});

// The Kafka rows: our consumer against bare kafkajs on Apache Kafka, our broker against Apache Kafka under kafkajs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../apps/sqs-worker/bench/programs.mjs';
import { bundled } from './bundle.mjs';
import { launch } from './processes.mjs';
import { measuredRow, median, pairedRatios, skippedRow } from './row.mjs';

export async function benchKafkaConsumer() {
  const row = {
    id: 'kafka-consumer-against-kafkajs',
    what: 'kafka-consumer, no-op handler, against bare kafkajs eachBatch on Apache Kafka',
    reach: { atLeast: 0.85 },
  };
  const here = import.meta.dirname;
  const [rounds, ours, peer] = await bundled(
    join(here, 'kafka-rounds.ts'),
    join(here, 'peers', 'consume-ours.ts'),
    join(here, 'peers', 'consume-kafkajs.ts'),
  );
  const run = launch(process.execPath, [rounds, ours, peer], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  });
  const answer = await text(run.child.stdout);
  await run.gone;
  if (run.child.exitCode !== 0) throw new Error('the rounds of kafka-consumer broke off: see above');
  const result = JSON.parse(answer);
  if (result.skipped) return [skippedRow({ ...row, why: result.skipped })];
  const of = (side, key) => result[side].map((sample) => sample[key]);
  return [
    measuredRow({
      ...row,
      unit: 'x',
      rounds: pairedRatios(of('ours', 'perSecond'), of('peer', 'perSecond')),
      how: `${result.messages} records of about 100 bytes in 6 partitions, each round by a new group in a new process, timed from the join; rounds in turn`,
      detail: {
        'kafka-consumer records/s': Math.round(median(of('ours', 'perSecond'))),
        'kafkajs records/s': Math.round(median(of('peer', 'perSecond'))),
        'kafka-consumer CPU us/record (with its start)': Number(median(of('ours', 'cpuUs')).toFixed(1)),
        'kafkajs CPU us/record (with its start)': Number(median(of('peer', 'cpuUs')).toFixed(1)),
      },
    }),
  ];
}

export async function benchKafkaBroker() {
  const folder = mkdtempSync(join(tmpdir(), 'scalelab-bench-'));
  const out = join(folder, 'broker.json');
  try {
    const run = launch(
      process.execPath,
      [join(root, 'libs/contract-tests/bench/broker-throughput.mjs'), out],
      {
        cwd: root,
        env: { BENCH_MESSAGES: '100000', BENCH_ROUNDS: '3', ...process.env },
      },
    );
    await run.gone;
    const { rows, rounds, work } = JSON.parse(readFileSync(out, 'utf8'));
    const apache = rows.find(({ name }) => name.startsWith('Apache'));
    return ['produced', 'consumed'].flatMap((verb) =>
      rows
        .filter((row) => row !== apache)
        .map((row) => {
          const key = `${verb}PerSecond`;
          const base = {
            id: `${row.name}-${verb}`.replaceAll(/[ ,]+/g, '-'),
            what: `${row.name}: ${verb} with kafkajs against Apache Kafka`,
            reach: { atLeast: 1 },
          };
          if (!apache) return skippedRow({ ...base, why: 'Apache Kafka needs Java 17 and, once, Maven' });
          const all = (subject) => subject.samples.map((sample) => sample[key]);
          return measuredRow({
            ...base,
            unit: 'x',
            rounds: pairedRatios(all(row), all(apache)),
            how: `${work.messages} messages of ${work.messageBytes} bytes, batches of ${work.batch}, acks=all, 6 partitions, ${rounds} rounds in turn after one of warm-up; Apache Kafka with the Java options of its own scripts`,
            detail: {
              'messages/s': row[key],
              'Apache Kafka messages/s': apache[key],
              'broker CPU s': row.cpuSeconds,
              'Apache Kafka CPU s': apache.cpuSeconds,
              'RSS MB': row.residentMegabytes,
              'Apache Kafka RSS MB': apache.residentMegabytes,
            },
          });
        }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

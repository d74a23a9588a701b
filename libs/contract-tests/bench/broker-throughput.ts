import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { apacheKafka, startApacheKafka, startBrokerProcess, type KafkaUnderTest } from '../src';
import type { ClientFigures, ClientTask } from './throughput-client';

const execute = promisify(execFile);

interface Subject {
  readonly name: string;
  readonly broker: KafkaUnderTest & { readonly pid: number };
}

interface Sample extends ClientFigures {
  readonly cpuSeconds: number;
  readonly residentMegabytes: number;
}

/** As `kafka-server-start.sh` and `kafka-run-class.sh` of Apache Kafka start the broker. */
const shippedJavaOptions = [
  '-Xmx1G',
  '-Xms1G',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
];

const messages = Number(process.env['BENCH_MESSAGES'] ?? 300_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const work = { messages, messageBytes: 100, batch: 500, sendsInFlight: 4, consumePasses: 9 };

async function measure(subject: Subject, client: string, topic: string): Promise<Sample> {
  const broker = subject.broker.brokers[0] ?? '';
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 6 }], waitForLeaders: true });
  const before = cpuSeconds(subject.broker.pid);
  const task: ClientTask = { broker, topic, ...work };
  const { stdout } = await execute(process.execPath, [client, JSON.stringify(task)], {
    timeout: 120_000,
    env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  });
  const sample = {
    ...(JSON.parse(stdout) as ClientFigures),
    cpuSeconds: cpuSeconds(subject.broker.pid) - before,
    residentMegabytes: residentMegabytes(subject.broker.pid),
  };
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  return sample;
}

/** User and system time of a process, from its stat line: fields 14 and 15, in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function summary(samples: readonly Sample[]): Sample {
  const of = (key: keyof Sample) => median(samples.map((sample) => sample[key]));
  return {
    producedPerSecond: of('producedPerSecond'),
    consumedPerSecond: of('consumedPerSecond'),
    cpuSeconds: of('cpuSeconds'),
    residentMegabytes: of('residentMegabytes'),
  };
}

async function main(client: string, out: string): Promise<void> {
  const found = apacheKafka();
  const folder = mkdtempSync(join(tmpdir(), 'kafka-broker-bench-'));
  const subjects: Subject[] = [];
  try {
    subjects.push({ name: 'scalelab broker, memory', broker: await startBrokerProcess({}) });
    const dataDir = join(folder, 'ours');
    subjects.push({ name: 'scalelab broker, segment log', broker: await startBrokerProcess({ dataDir }) });
    if ('jars' in found) {
      const apacheFolder = join(folder, 'apache');
      mkdirSync(apacheFolder);
      const options = { folder: apacheFolder, javaOptions: shippedJavaOptions };
      subjects.push({ name: 'Apache Kafka 4.3.1', broker: await startApacheKafka(found.jars, options) });
    } else process.stdout.write(`skipped: Apache Kafka: ${found.skipped}\n`);

    const samples = new Map<Subject, Sample[]>(subjects.map((subject) => [subject, []]));
    // Round 0 warms every broker up and does not count. The order turns, so that no broker always comes first.
    for (let round = 0; round <= rounds; round += 1) {
      for (let turn = 0; turn < subjects.length; turn += 1) {
        const subject = subjects[(round + turn) % subjects.length]!;
        const sample = await measure(subject, client, `bench-${round}`);
        if (round > 0) samples.get(subject)?.push(sample);
      }
    }
    const peer = subjects.find(({ name }) => name.startsWith('Apache'));
    const rows = subjects.map((subject) => {
      const mine = samples.get(subject) ?? [];
      const theirs = (peer && peer !== subject && samples.get(peer)) || [];
      return {
        name: subject.name,
        ...summary(mine),
        producedRatio: pairedRatio(mine, theirs, 'producedPerSecond'),
        consumedRatio: pairedRatio(mine, theirs, 'consumedPerSecond'),
        samples: mine,
      };
    });
    report(rows, out);
  } finally {
    for (const { broker } of subjects) await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Median over the rounds of mine against theirs in the same round: what else the machine does moves both alike. */
function pairedRatio(
  mine: readonly Sample[],
  theirs: readonly Sample[],
  key: 'producedPerSecond' | 'consumedPerSecond',
): number | null {
  if (theirs.length === 0) return null;
  return Number(median(mine.map((sample, round) => sample[key] / theirs[round]![key])).toFixed(2));
}

interface Row extends Sample {
  readonly name: string;
  readonly producedRatio: number | null;
  readonly consumedRatio: number | null;
  readonly samples: readonly Sample[];
}

function report(rows: readonly Row[], out: string): void {
  const head = ['broker', 'produced/s', 'ratio', 'consumed/s', 'ratio', 'broker CPU s', 'RSS MB'];
  const lines = rows.map((row) => [
    row.name,
    String(row.producedPerSecond),
    row.producedRatio?.toFixed(2) ?? '-',
    String(row.consumedPerSecond),
    row.consumedRatio?.toFixed(2) ?? '-',
    row.cpuSeconds.toFixed(2),
    String(row.residentMegabytes),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((l) => l[column]!.length)));
  for (const line of [head, ...lines]) {
    process.stdout.write(`${line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}\n`);
  }
  const ratios = rows.flatMap((row) => [row.producedRatio, row.consumedRatio]).filter((r) => r !== null);
  const held = ratios.length === 0 ? null : ratios.every((ratio) => ratio >= 1);
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    loadAverage: loadavg(),
  };
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(
    out,
    `${JSON.stringify({ version: 1, machine, work, rounds, reach: 1, held, rows }, null, 2)}\n`,
  );
  process.stdout.write(`every ratio at least 1: ${held ?? 'not compared'}; written to ${out}\n`);
}

await main(process.argv[2] ?? '', process.argv[3] ?? '');

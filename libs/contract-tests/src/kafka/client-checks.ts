import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { tempDir } from '@scalelab/testing';
import { apacheKafka, apacheKafkaVersion, startApacheKafka } from './apache-kafka';
import { startBrokerProcess } from './broker-process';
import type { KafkaUnderTest } from './kafka-under-test';

interface CheckResult {
  readonly check: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly error?: string;
}

/** A program in another language that checks a broker: it prints one JSON line a check and ends with 0 when all held. */
export interface ClientProgram {
  readonly command: string;
  /** Arguments before the broker's address and the number of messages. */
  readonly args: readonly string[];
  /** Number of its checks: fewer results mean that it ended early. */
  readonly checks: number;
}

interface Subject {
  readonly name: string;
  readonly start: () => Promise<KafkaUnderTest>;
  readonly skipped?: string;
}

function subjects(): readonly Subject[] {
  const apache = apacheKafka();
  const start = () =>
    'jars' in apache
      ? startApacheKafka(apache.jars, { folder: tempDir() })
      : Promise.reject(new Error(apache.skipped));
  return [
    { name: 'scalelab broker in memory', start: () => startBrokerProcess({}) },
    { name: 'scalelab broker with a data folder', start: () => startBrokerProcess({ dataDir: tempDir() }) },
    { name: `Apache Kafka ${apacheKafkaVersion}`, start, ...('skipped' in apache ? apache : {}) },
  ];
}

async function run(program: ClientProgram, broker: string, messages: number) {
  const { command, args } = program;
  const child = spawn(command, [...args, broker, String(messages)], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const results: CheckResult[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    results.push(JSON.parse(line) as CheckResult);
  }
  return { results, exitCode: await exited };
}

/** Runs the program's checks against scalelab's broker and against Apache Kafka. */
export function clientChecks(
  name: string,
  program: ClientProgram | { readonly skipped: string },
  messages: number,
): void {
  describe.each(subjects())(`${name} on $name`, (subject) => {
    const why = 'skipped' in program ? program.skipped : subject.skipped;
    if ('skipped' in program || why !== undefined) {
      process.stdout.write(`skipped: ${name} on ${subject.name}: ${why}\n`);
      it.skip(`skipped: ${why}`, () => undefined);
      return;
    }
    it('passes every check', async () => {
      const broker = await subject.start();
      try {
        const { results, exitCode } = await run(program, broker.brokers[0] ?? '', messages);
        const lines = results.map(({ check, ok, ms }) => `  ${ok ? 'ok' : 'FAILED'} ${check} ${ms} ms\n`);
        process.stdout.write(lines.join(''));
        expect(results.filter(({ ok }) => !ok)).toEqual([]);
        expect(results).toHaveLength(program.checks);
        expect(exitCode).toBe(0);
      } finally {
        await broker.stop();
      }
    }, 300_000);
  });
}

import { tempDir } from '@scalelab/testing';
import { apacheKafka, apacheKafkaVersion, startApacheKafka } from './apache-kafka';
import { startBrokerProcess } from './broker-process';
import type { KafkaUnderTest } from './kafka-under-test';
import { librdkafka, librdkafkaPackage, runLibrdkafkaChecks } from './librdkafka';

const client = librdkafka();
const apache = apacheKafka();

interface Subject {
  readonly name: string;
  readonly start: () => Promise<KafkaUnderTest>;
  readonly skipped?: string;
}

const subjects: readonly Subject[] = [
  { name: 'scalelab broker in memory', start: () => startBrokerProcess({}) },
  {
    name: 'scalelab broker with a data folder',
    start: () => startBrokerProcess({ dataDir: tempDir() }),
  },
  {
    name: `Apache Kafka ${apacheKafkaVersion}`,
    start: () =>
      'jars' in apache
        ? startApacheKafka(apache.jars, { folder: tempDir() })
        : Promise.reject(new Error(apache.skipped)),
    ...('skipped' in apache ? apache : {}),
  },
];

describe.each(subjects)(`librdkafka (${librdkafkaPackage}) on $name`, ({ name, start, skipped }) => {
  const why = 'skipped' in client ? client.skipped : skipped;
  if (why !== undefined) process.stdout.write(`skipped: librdkafka on ${name}: ${why}\n`);

  (why === undefined ? it : it.skip)(
    'passes every check, with CRCs checked by the reader',
    async () => {
      const broker = await start();
      try {
        const python = 'python' in client ? client.python : '';
        const { results, exitCode } = await runLibrdkafkaChecks(python, broker.brokers[0] ?? '', 10_000);
        process.stdout.write(
          results.map(({ check, ok, ms }) => `  ${ok ? 'ok' : 'FAILED'} ${check} ${ms} ms\n`).join(''),
        );
        expect(results.filter(({ ok }) => !ok)).toEqual([]);
        expect(results.length).toBeGreaterThanOrEqual(17);
        expect(exitCode).toBe(0);
      } finally {
        await broker.stop();
      }
    },
    300_000,
  );
});

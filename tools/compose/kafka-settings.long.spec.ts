import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { apacheKafka, apacheKafkaJava } from '@scalelab/contract-tests';
import { freePort, tempDir, waitFor } from '@scalelab/testing';
import { Kafka, logLevel } from 'kafkajs';
import { parse } from 'yaml';

interface Compose {
  readonly services: {
    readonly kafka: { readonly image: string; readonly environment: Readonly<Record<string, string>> };
  };
}
const compose = parse(readFileSync(join(__dirname, '../../docker-compose.yml'), 'utf8'), {
  merge: true,
}) as Compose;
const { image, environment } = compose.services.kafka;
const found = apacheKafka();

/** As the image of Apache Kafka names them: KAFKA_LOG_DIRS is log.dirs. */
function properties(ports: { controller: number; inside: number; outside: number }): Record<string, string> {
  const address = (text: string) =>
    text
      .replace(/\$\{KAFKA_ADVERTISED_HOST:-(\w+)\}/, '$1')
      .replaceAll('://:', '://127.0.0.1:')
      .replace(/:9093\b/g, `:${ports.controller}`)
      .replace(/:19092\b/g, `:${ports.inside}`)
      .replace(/:9092\b/g, `:${ports.outside}`);
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([name]) => name !== 'KAFKA_HEAP_OPTS')
      .map(([name, value]) => [
        name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.'),
        address(value),
      ]),
  );
}

const brokersSeenFrom = async (port: number) => {
  const admin = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    // Whatever host the broker tells: here they are all this machine.
    socketFactory: ({ port: told, onConnect }) => connect({ host: '127.0.0.1', port: told }, onConnect),
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.map(({ host, port: told }) => `${host}:${told}`);
  } finally {
    await admin.disconnect();
  }
};

describe('the Kafka settings of docker-compose.yml', () => {
  it('start a real Apache Kafka that sends clients inside and outside to where they can go', async () => {
    if ('skipped' in found) return console.log(`skipped: ${found.skipped}`);
    expect(found.jars).toContain(`/${/:([\d.]+)@/.exec(image)?.[1]}/`);
    const folder = tempDir();
    const ports = { controller: await freePort(), inside: await freePort(), outside: await freePort() };
    const file = join(folder, 'server.properties');
    const all = { ...properties(ports), 'log.dirs': join(folder, 'data') };
    writeFileSync(
      file,
      Object.entries(all)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    const java = apacheKafkaJava(found.jars);
    java.format('AAAAAAAAAAAAAAAAAAAAAQ', file);
    const broker = java.start(file);
    const ended = once(broker, 'exit');
    try {
      const seen = async (port: number) => {
        let brokers: string[] = [];
        await waitFor(async () => (brokers = await brokersSeenFrom(port).catch(() => [])).length === 1, {
          timeoutMs: 90_000,
          intervalMs: 300,
          what: 'an answer of Apache Kafka',
        });
        return brokers;
      };
      expect(await seen(ports.outside)).toEqual([`localhost:${ports.outside}`]);
      expect(await seen(ports.inside)).toEqual([`kafka:${ports.inside}`]);
    } finally {
      broker.kill('SIGTERM');
      await ended;
    }
  }, 180_000);
});

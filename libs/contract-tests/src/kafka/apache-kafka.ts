import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort, waitFor } from '@scalelab/testing';
import { endProcess } from './child-process';
import type { KafkaUnderTest } from './kafka-under-test';
import { repositoryRoot } from './repository';

export const apacheKafkaVersion = '4.3.1';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka-dist</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${apacheKafkaVersion}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies></project>
`;

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Why Apache Kafka cannot run here, or the folder of its jars: fetched once by Maven into the repository's cache. */
export function apacheKafka(): { readonly jars: string } | { readonly skipped: string } {
  if (!works('java', '-version')) return { skipped: 'no java here (17 or later)' };
  const folder = join(repositoryRoot(), '.cache/apache-kafka', apacheKafkaVersion);
  const jars = join(folder, 'libs');
  const main = join(jars, `kafka_2.13-${apacheKafkaVersion}.jar`);
  if (existsSync(main)) return { jars };
  if (!works('mvn', '-v')) return { skipped: 'no mvn here to fetch Apache Kafka with' };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pom.xml'), pom);
  const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars}`];
  const fetched = spawnSync('mvn', ['-q', '-B', ...copy], { cwd: folder, encoding: 'utf8' });
  if (fetched.status === 0 && existsSync(main)) return { jars };
  return { skipped: `mvn could not fetch Apache Kafka: ${fetched.stdout.slice(-500)}` };
}

export interface ApacheKafkaOptions {
  /** Folder for data and logs. */
  readonly folder: string;
  /** Java options. Default: small and quick to start. */
  readonly javaOptions?: readonly string[];
  /** Lines that are added to server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface ApacheKafka extends KafkaUnderTest {
  readonly pid: number;
  killAndRestart(): Promise<void>;
}

const smallJava = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';

/** Apache Kafka's programs, on a server.properties of the caller's. */
export function apacheKafkaJava(jars: string, javaOptions: readonly string[] = smallJava) {
  const classPath = readdirSync(jars)
    .map((jar) => join(jars, jar))
    .join(':');
  const program = [quiet, '-cp', classPath];
  return {
    /** Prepares the storage that the configuration names. */
    format(clusterId: string, configuration: string, ...more: readonly string[]): void {
      const words = ['kafka.tools.StorageTool', 'format', ...more, '-t', clusterId, '-c', configuration];
      execFileSync('java', [...smallJava, ...program, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
    },
    start: (configuration: string) =>
      spawn('java', [...javaOptions, ...program, 'kafka.Kafka', configuration], { stdio: 'ignore' }),
  };
}

/** One node of Apache Kafka, broker and controller in one process, on loopback. */
export async function startApacheKafka(jars: string, options: ApacheKafkaOptions): Promise<ApacheKafka> {
  const { folder, javaOptions = smallJava } = options;
  const [port, controllerPort] = [await freePort(), await freePort()];
  const configuration = join(folder, 'server.properties');
  writeFileSync(configuration, properties(folder, port, controllerPort, options.properties ?? {}));
  const java = apacheKafkaJava(jars, javaOptions);
  java.format('AAAAAAAAAAAAAAAAAAAAAQ', configuration, '--standalone');
  const start = async () => {
    const child = java.start(configuration);
    await answers(port, () => child.exitCode === null);
    return child;
  };
  let child = await start();
  return {
    brokers: [`127.0.0.1:${port}`],
    get pid() {
      return child.pid ?? 0;
    },
    stop: () => endProcess(child, 'SIGTERM', 20_000),
    async killAndRestart() {
      await endProcess(child, 'SIGKILL');
      child = await start();
    },
  };
}

function properties(
  folder: string,
  port: number,
  controllerPort: number,
  more: Readonly<Record<string, string>>,
): string {
  const all: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'auto.create.topics.enable': 'false',
    // Retention is looked after often enough to be seen in a test.
    'log.retention.check.interval.ms': '500',
    'log.initial.task.delay.ms': '500',
    ...more,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** The port opens before the broker can answer: wait for an answer. */
async function answers(port: number, alive: () => boolean): Promise<void> {
  const kafka = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  await waitFor(
    async () => {
      if (!alive()) return true;
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      return brokers.length === 1;
    },
    { timeoutMs: 60_000, intervalMs: 200, what: 'an answer of Apache Kafka' },
  );
  await admin.disconnect();
  if (!alive()) throw new Error('Apache Kafka ended while starting');
}

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { parseAllDocuments } from 'yaml';
import { formatManifestError, loadManifests } from '@scalelab/manifests';
import { freePort, tempDir, waitFor } from '@scalelab/testing';
import { apacheKafka, apacheKafkaJava } from '@scalelab/contract-tests';
import { tools } from './playbook';

const ansible = join(__dirname, '../../ansible');
const found = tools();
if ('skipped' in found) process.stdout.write(`skipped: manifests of the playbooks: ${found.skipped}\n`);

/** A template of a role as a playbook renders it, with the role's own defaults. */
function render(role: string, template: string): string {
  if ('skipped' in found) throw new Error(found.skipped);
  const target = join(tempDir(), template.replace('.j2', ''));
  const { status, stdout, stderr } = spawnSync(
    join(found.bin, 'ansible'),
    [
      'local',
      '--module-name=ansible.builtin.template',
      `--args=src=roles/${role}/templates/${template} dest=${target}`,
      `--extra-vars=@roles/${role}/defaults/main.yml`,
    ],
    // Variables of group_vars that are asked for look for the playbooks.
    {
      cwd: ansible,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${found.bin}:${process.env.PATH ?? ''}` },
    },
  );
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return readFileSync(target, 'utf8');
}

const whenFound = 'skipped' in found ? it.skip : it;

whenFound.each([
  ['kafka', 'apache.yaml.j2', ['Service', 'StatefulSet']],
  ['kafka', 'topics.yaml.j2', ['Job']],
  ['localstack', 'localstack.yaml.j2', ['Service', 'Deployment']],
])(
  '%s/%s is what the API server takes, to the letter',
  (role, template, kinds) => {
    const { errors, objects } = loadManifests(render(role, template), template);
    expect(errors.map(formatManifestError)).toEqual([]);
    expect(objects.map(({ object }) => object.kind)).toEqual(kinds);
  },
  60_000,
);

const kafka = 'skipped' in found ? found : apacheKafka();
if ('skipped' in kafka)
  process.stdout.write(`skipped: Kafka as the playbooks configure it: ${kafka.skipped}\n`);

interface StatefulSet {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: { readonly env: { readonly name: string; readonly value: string }[] }[];
      };
    };
  };
}

/** KAFKA_NODE_ID -> node.id, as the image turns its environment into server.properties. */
function properties(manifest: string): Map<string, string> {
  const [, statefulSet] = parseAllDocuments(manifest).map((document) => document.toJS() as unknown);
  const env = (statefulSet as StatefulSet).spec.template.spec.containers[0]?.env ?? [];
  return new Map(
    env
      .filter(({ name }) => name.startsWith('KAFKA_') && name !== 'KAFKA_HEAP_OPTS')
      .map(({ name, value }) => [name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.'), value]),
  );
}

('skipped' in kafka ? it.skip : it)(
  'Apache Kafka starts with what the manifest says, and makes topics',
  async () => {
    if ('skipped' in kafka) return;
    const [port, controller] = [await freePort(), await freePort()];
    const folder = tempDir();
    const configuration = join(folder, 'server.properties');
    const manifest = render('kafka', 'apache.yaml.j2');
    const all = properties(manifest).set('log.dirs', join(folder, 'data'));
    writeFileSync(
      configuration,
      [...all]
        .map(([key, value]) => `${key}=${value}`)
        .join('\n')
        .replaceAll('localhost:9093', `127.0.0.1:${controller}`)
        .replaceAll('kafka.kafka:9092', `127.0.0.1:${port}`)
        .replaceAll('PLAINTEXT://:9092', `PLAINTEXT://127.0.0.1:${port}`),
    );
    const clusterId = /CLUSTER_ID, value: "?([\w-]{22})"?/.exec(manifest)?.[1] ?? '';
    const java = apacheKafkaJava(kafka.jars);
    java.format(clusterId, configuration);
    const child = java.start(configuration);
    const admin = new Kafka({
      brokers: [`127.0.0.1:${port}`],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    }).admin();
    try {
      await waitFor(
        async () => {
          if (child.exitCode !== null) throw new Error(`Kafka ended with ${child.exitCode}`);
          await admin.connect();
          return (await admin.describeCluster()).brokers.length === 1;
        },
        { timeoutMs: 90_000, intervalMs: 500, what: 'Apache Kafka' },
      );
      expect((await admin.describeCluster()).clusterId).toBe(clusterId);
      await admin.createTopics({ topics: [{ topic: 'events', numPartitions: 6 }], waitForLeaders: true });
      expect((await admin.fetchTopicMetadata({ topics: ['events'] })).topics[0]?.partitions).toHaveLength(6);
    } finally {
      await admin.disconnect();
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    }
  },
  240_000,
);

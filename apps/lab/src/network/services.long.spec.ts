import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources, resourceTypeOf, type KubeObject, type ResourceType } from '@scalelab/kube';
import { loadManifests, type Deployment } from '@scalelab/manifests';
import { tempDir, waitFor } from '@scalelab/testing';
import { bundleEntry } from '../kubelet/testing/bundle-entry';
import { ImageMap } from '../kubelet';
import type { NetworkOptions } from './network';
import { isReady, World } from './testing/world';

const root = join(__dirname, '..', '..', '..', '..');
const needed = ['emulators', 'kafka-consumer', 'sqs-worker'];
const missing = needed.filter((app) => !existsSync(join(root, 'apps', app, 'dist', 'main.cjs')));
const bundles = tempDir('scalelab-bundles-');
const preload = bundleEntry('preload.entry', bundles);
const interceptor = bundleEntry('interceptor.entry', bundles);

const modes: [string, Partial<NetworkOptions>][] = [
  ['where only 127.0.0.1 exists', { addresses: 'single' }],
  ...(process.platform === 'linux'
    ? ([['without the right to low ports', { addresses: 'range', lowestPort: 1024 }]] as [
        string,
        Partial<NetworkOptions>,
      ][])
    : []),
];

/** Everything that a chart renders but the pods, which are made from its Deployments' templates without a controller. */
async function apply(world: World, chart: string): Promise<Deployment[]> {
  const file = join('charts', chart, 'rendered', 'lab.yaml');
  const { objects } = loadManifests(readFileSync(join(root, file), 'utf8'), file);
  const deployments: Deployment[] = [];
  for (const { object } of objects) {
    if (object.kind === 'Deployment') deployments.push(object as unknown as Deployment);
    const kept = ['ConfigMap', 'Secret'].includes(object.kind);
    if (kept) await world.api.create(resourceTypeOf(object) as ResourceType, object as unknown as KubeObject);
  }
  return deployments;
}

async function run(world: World, { metadata, spec }: Deployment): Promise<string> {
  const { name, namespace = 'default' } = metadata;
  await world.api.create(resources.Pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      ...(spec.template.metadata?.labels ? { labels: spec.template.metadata.labels } : {}),
    },
    spec: { ...spec.template.spec, nodeName: 'lab' },
  });
  const pod = await world.until(namespace, name, isReady, 'ready', 30_000);
  return pod.status?.podIP ?? '';
}

test.each(modes)(
  'the SDKs of Kafka and AWS reach their servers by name %s',
  async (_where, network) => {
    if (missing.length > 0) {
      console.info(`skipped: ${missing.join(', ')} not built, run "npm run build"`);
      return;
    }
    const runDir = tempDir('scalelab-apps-');
    const world = await World.start({
      runDir,
      preload,
      interceptor,
      network,
      images: new ImageMap({ root }),
    });
    try {
      for (const deployment of await apply(world, 'emulators')) await run(world, deployment);
      await world.service('lab-system', 'emulators', 4566, 4566, ['emulators'], 'aws');
      await world.addPort('lab-system', 'emulators', 9092, 9092, 'kafka');
      const addresses = new Map<string, string>();
      for (const chart of ['kafka-consumer', 'sqs-worker']) {
        for (const deployment of await apply(world, chart))
          addresses.set(deployment.metadata.name, await run(world, deployment));
      }
      const ask = async (pod: string, port: number, path: string, body?: unknown): Promise<string> => {
        const real = world.network.book.connectTarget(addresses.get(pod) ?? '', port);
        const response = await fetch(`http://${real?.host}:${real?.port}${path}`, {
          headers: { 'content-type': 'application/json', connection: 'close' },
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${pod} ${path}: ${response.status} ${text}`);
        return text;
      };
      const processed = async (pod: string, port: number): Promise<number> => {
        const metrics = await ask(pod, port, '/metrics');
        return Number(/_processed_total\{[^}]*outcome="ok"[^}]*\} (\d+)/.exec(metrics)?.[1] ?? 0);
      };
      await ask('kafka-consumer', 8081, '/produce', { count: 30, key: 'k', value: { n: 1 } });
      await ask(
        'sqs-worker-api',
        5001,
        '/process_messages',
        Array.from({ length: 30 }, (_, id) => ({ id })),
      );
      await waitFor(async () => (await processed('kafka-consumer', 8081)) >= 30, {
        timeoutMs: 30_000,
        what: 'thirty events',
      });
      await waitFor(async () => (await processed('sqs-worker', 5003)) >= 30, {
        timeoutMs: 30_000,
        what: 'thirty messages',
      });
    } finally {
      await world.stop();
    }
  },
  120_000,
);

import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeapScheduler, resources, type KubeObject } from '@scalelab/kube';
import type { Container, Pod, PodSpec } from '@scalelab/manifests';
import { tempDir, waitFor } from '@scalelab/testing';
import { Network, type NetworkOptions } from '../../network';
import { ImageMap } from '../image-map';
import { Kubelet } from '../kubelet';
import type { KubeletOptions } from '../kubelet-options';
import { bundleEntry } from './bundle-entry';
import { PodApi } from './pod-api';

export interface LabNodeOptions {
  /** What the API holds from the start; a function where addresses of this lab's own network are needed. */
  readonly objects?: readonly KubeObject[] | ((network: Network) => readonly KubeObject[]);
  readonly network?: Partial<NetworkOptions>;
  readonly kubelet?: Partial<KubeletOptions>;
}

/** A kubelet with real processes and an API in memory, for one test file. */
export class LabNode {
  readonly folder = tempDir('scalelab-node-');
  readonly images = new ImageMap({ root: '/nonexistent', node: process.execPath });
  readonly groups = new Set<number>();
  readonly warnings: object[] = [];
  api!: PodApi;
  network!: Network;
  kubelet!: Kubelet;
  private scheduler = new HeapScheduler();

  static async start(options: LabNodeOptions = {}): Promise<LabNode> {
    const node = new LabNode();
    // Programs that run as somebody else must be able to get here.
    chmodSync(node.folder, 0o755);
    node.network = await Network.open({ runDir: node.folder, ...options.network });
    const { objects } = options;
    node.api = new PodApi(typeof objects === 'function' ? objects(node.network) : objects);
    node.kubelet = new Kubelet({
      client: node.api,
      scheduler: node.scheduler,
      logger: {
        debug: () => undefined,
        warn: (fields, message) => node.warnings.push({ ...fields, message }),
      },
      images: node.images,
      network: node.network,
      runDir: node.folder,
      preload: bundleEntry('preload.entry', node.folder),
      backOff: { initialMs: 300, maxMs: 1_000 },
      sampleEveryMs: 200,
      memoryCheckEveryMs: 100,
      onGroup: (event, group) => (event === 'started' ? node.groups.add(group) : node.groups.delete(group)),
      ...options.kubelet,
    });
    await node.kubelet.start();
    return node;
  }

  /** Ends everything; throws when a process is left. */
  async stop(): Promise<void> {
    const groups = [...this.groups];
    await this.kubelet.stop({ graceMs: 500 });
    await this.network.close();
    this.scheduler.stop();
    const alive = groups.filter(isAlive);
    if (alive.length > 0) throw new Error(`process groups left behind: ${alive.join(', ')}`);
  }

  /** Writes a program of JavaScript and makes it the image of that name. */
  script(image: string, source: string): void {
    const file = join(this.folder, `${image}.cjs`);
    writeFileSync(file, source, { mode: 0o644 });
    this.images.add(image, `${process.execPath} ${file}`);
  }

  async run(
    name: string,
    container: Partial<Container>,
    spec: Partial<PodSpec> = {},
    namespace = 'default',
  ): Promise<Pod> {
    return this.api.create<Pod>(resources.Pod, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: name } },
      spec: { nodeName: 'lab', containers: [{ name: 'main', ...container }], ...spec },
    });
  }

  /** The pod as soon as it is as wanted. */
  async until(
    name: string,
    wanted: (pod: Pod) => boolean,
    what: string,
    namespace = 'default',
    timeoutMs = 10_000,
  ): Promise<Pod> {
    let last: Pod | undefined;
    try {
      await waitFor(async () => (last = await this.api.pod(name, namespace)) !== undefined && wanted(last), {
        timeoutMs,
        what,
      });
    } catch (error) {
      throw new Error(`${String(error)}; the last status was ${JSON.stringify(last?.status)}`);
    }
    return last as Pod;
  }

  untilReady(name: string, namespace?: string): Promise<Pod> {
    return this.until(name, isReady, `${name} ready`, namespace);
  }

  untilGone(name: string, namespace = 'default', timeoutMs = 10_000): Promise<unknown> {
    return waitFor(async () => (await this.api.pod(name, namespace)) === undefined, {
      timeoutMs,
      what: `${name} gone`,
    });
  }

  async logs(
    name: string,
    options: { previous?: boolean; container?: string; tailLines?: number } = {},
    namespace = 'default',
  ): Promise<string> {
    const { container, ...rest } = options;
    const target = { namespace, name, ...(container === undefined ? {} : { container }) };
    const chunks: Buffer[] = [];
    for await (const chunk of this.kubelet.logs(target, rest)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

/** Whether a process group has a member that still runs: what nobody has waited for yet does not count. */
export function isAlive(group: number): boolean {
  return processes().some((row) => row.group === group);
}

/** Whether a process still runs. */
export function isRunning(pid: number): boolean {
  return processes().some((row) => row.pid === pid);
}

function processes(): { readonly pid: number; readonly group: number }[] {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat='], { encoding: 'utf8' });
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state !== undefined && !state.startsWith('Z'))
    .map(([pid, group]) => ({ pid: Number(pid), group: Number(group) }));
}

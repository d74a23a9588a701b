import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { HeapScheduler, resources, type KubeObject } from '@scalelab/kube';
import type { Container, Pod } from '@scalelab/manifests';
import { waitFor } from '@scalelab/testing';
import { InterceptorProcess } from '../../interceptor';
import { ImageMap, Kubelet } from '../../kubelet';
import { PodApi } from '../../kubelet/testing/pod-api';
import { DataPlane } from '../data-plane';
import { Network, type NetworkOptions } from '../network';

export interface WorldOptions {
  readonly runDir: string;
  /** Bundles of preload and interceptor. */
  readonly preload: string;
  readonly interceptor: string;
  readonly network?: Partial<NetworkOptions>;
  readonly images?: ImageMap;
}

/** Kubelet, network and interceptor with real processes; endpoints are kept by the test. */
export class World {
  readonly api = new PodApi();
  images!: ImageMap;
  readonly groups = new Set<number>();
  readonly warnings: object[] = [];
  network!: Network;
  kubelet!: Kubelet;
  interceptor!: InterceptorProcess;
  private dataPlane!: DataPlane;
  private readonly scheduler = new HeapScheduler();

  static async start(options: WorldOptions): Promise<World> {
    const world = new World();
    const images = (world.images = options.images ?? new ImageMap({ root: '/nonexistent' }));
    const { api: client, scheduler } = world;
    chmodSync(options.runDir, 0o755);
    const network = (world.network = await Network.open({ runDir: options.runDir, ...options.network }));
    const logger = {
      debug: () => undefined,
      warn: (fields: object, message: string) => void world.warnings.push({ ...fields, message }),
    };
    const onGroup = (event: 'started' | 'ended', group: number): void =>
      void (event === 'started' ? world.groups.add(group) : world.groups.delete(group));
    world.interceptor = new InterceptorProcess({
      entry: options.interceptor,
      plan: network.book.plan,
      logFile: join(options.runDir, 'interceptor.log'),
      onGroup,
    });
    world.dataPlane = new DataPlane({ client, scheduler, network, interceptor: world.interceptor, logger });
    world.kubelet = new Kubelet({
      client,
      scheduler,
      logger,
      images,
      network,
      runDir: options.runDir,
      preload: options.preload,
      onGroup,
      backOff: { initialMs: 200, maxMs: 500 },
      sampleEveryMs: 300,
    });
    await world.dataPlane.start();
    await world.kubelet.start();
    await world.interceptor.ready();
    return world;
  }

  async stop(): Promise<void> {
    await this.kubelet.stop({ graceMs: 300 });
    this.dataPlane.stop();
    await this.interceptor.stop();
    await this.network.close();
    this.scheduler.stop();
  }

  async pod(
    namespace: string,
    name: string,
    container: Partial<Container>,
    restartPolicy = 'Always',
  ): Promise<void> {
    await this.api.create(resources.Pod, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: name } },
      spec: { nodeName: 'lab', restartPolicy, containers: [{ name: 'main', ...container }] },
    });
  }

  /** A Service in front of pods that are ready, as the endpoints controller would keep it. */
  async service(
    namespace: string,
    name: string,
    port: number,
    targetPort: number,
    pods: readonly string[],
    portName = 'http',
  ): Promise<string> {
    await this.api.create(resources.Service, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { ports: [{ name: portName, port, targetPort }] },
    });
    const ready = await Promise.all(pods.map((pod) => this.until(namespace, pod, isReady, 'ready')));
    await this.api.create(resources.EndpointSlice, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: portName, port: targetPort, protocol: 'TCP' }],
      endpoints: ready.map(({ status }) => ({
        addresses: [status?.podIP ?? ''],
        conditions: { ready: true },
      })),
    });
    const address = await waitFor(
      async () =>
        (
          await this.api.get<KubeObject & { spec: { clusterIP?: string } }>(
            resources.Service,
            namespace,
            name,
          )
        ).spec.clusterIP,
      { what: `the address of ${name}` },
    );
    await waitFor(() => this.network.book.lookup(address, port), { what: `${name} to listen` });
    return address;
  }

  /** One more port of a Service and of its endpoints. */
  async addPort(
    namespace: string,
    name: string,
    port: number,
    targetPort: number,
    portName: string,
  ): Promise<void> {
    type WithPorts = KubeObject & { ports: object[]; spec: { clusterIP: string; ports: object[] } };
    const slice = await this.api.get<WithPorts>(resources.EndpointSlice, namespace, `${name}-1`);
    const ports = [...slice.ports, { name: portName, port: targetPort, protocol: 'TCP' }];
    await this.api.patch(resources.EndpointSlice, namespace, `${name}-1`, { ports });
    const { spec } = await this.api.get<WithPorts>(resources.Service, namespace, name);
    const servicePorts = [...spec.ports, { name: portName, port, targetPort }];
    await this.api.patch(resources.Service, namespace, name, { spec: { ports: servicePorts } });
    await waitFor(() => this.network.book.lookup(spec.clusterIP, port), { what: `port ${port} of ${name}` });
  }

  async until(
    namespace: string,
    name: string,
    wanted: (pod: Pod) => boolean,
    what: string,
    timeoutMs = 15_000,
  ): Promise<Pod> {
    let last: Pod | undefined;
    try {
      await waitFor(async () => (last = await this.api.pod(name, namespace)) !== undefined && wanted(last), {
        timeoutMs,
        what: `${name} ${what}`,
      });
    } catch (error) {
      throw new Error(
        `${String(error)}: ${JSON.stringify(last?.status)}\n${(await this.log(namespace, name).catch(String)).slice(-1500)}`,
      );
    }
    return last as Pod;
  }

  async log(namespace: string, name: string): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.kubelet.logs({ namespace, name })) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }
}

export const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

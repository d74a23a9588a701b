import { cpus, totalmem } from 'node:os';
import { Informer, objectKey, resources } from '@scalelab/kube';
import type { Pod, Service } from '@scalelab/manifests';
import { execCommand } from './exec';
import { PodEvents } from './events';
import type { KubeletOptions } from './kubelet-options';
import { LogKeeper } from './log-keeper';
import { readLog, type LogOptions } from './log-reader';
import { registerNode } from './node-registration';
import type { PodContext } from './pod-context';
import { PodFolder } from './pod-folder';
import { KubePodSources, type PodSources } from './pod-sources';
import { graceOf, PodWorker } from './pod-worker';
import { holdsSocket, wildcardListeners } from './port-conflict';
import { UsageSampler, type ContainerTotal, type PodUsage } from './usage-sampler';

interface Known {
  pod: Pod;
  readonly worker: PodWorker;
  readonly context: PodContext;
  volumes: ReadonlyMap<string, string>;
}

/** The address of the node itself. */
const hostIP = '127.0.0.1';

/** Asked for a pod or container that this node does not run. */
export class NotOnNodeError extends Error {
  override readonly name = 'NotOnNodeError';
  readonly code = 'NotFound';
}

/** Runs the pods that are bound to its node as local processes, and tells the API how they fare. */
export class Kubelet {
  readonly node: string;
  readonly usageSampler: UsageSampler;
  private readonly logKeeper: LogKeeper;
  private readonly pods: Informer<Pod>;
  private readonly services: Informer<Service>;
  private readonly sources: PodSources;
  private readonly known = new Map<string, Known>();
  private readonly stopped = new AbortController();
  private readonly allocatable: { readonly cpu: number; readonly memory: number };

  constructor(private readonly options: KubeletOptions) {
    const { client, scheduler } = options;
    this.node = options.node ?? 'lab';
    this.sources = new KubePodSources(client);
    this.allocatable = { cpu: cpus().length * (options.cpuOvercommit ?? 4), memory: totalmem() };
    const onError = (error: unknown): void =>
      options.logger.warn({ err: error }, 'watch ended, starting it again');
    this.pods = new Informer<Pod>({
      client,
      scheduler,
      type: resources.Pod,
      fieldSelector: `spec.nodeName=${this.node}`,
      onError,
    });
    this.services = new Informer<Service>({ client, scheduler, type: resources.Service, onError });
    this.logKeeper = new LogKeeper({
      scheduler,
      files: () => this.openLogs(),
      limitBytes: options.logLimitBytes ?? 64 * 1024 * 1024,
      onError: (error) => options.logger.warn({ err: error }, 'cutting a log failed'),
    });
    this.usageSampler = new UsageSampler({
      scheduler,
      ...(options.sampleEveryMs === undefined ? {} : { sampleEveryMs: options.sampleEveryMs }),
      ...(options.memoryCheckEveryMs === undefined ? {} : { memoryCheckEveryMs: options.memoryCheckEveryMs }),
      onError: (error) => options.logger.warn({ err: error }, 'reading process usage failed'),
    });
  }

  /** Makes the node in the API and starts with the pods bound to it. */
  async start(): Promise<void> {
    await registerNode(this.options.client, {
      name: this.node,
      address: hostIP,
      cores: cpus().length,
      allocatable: this.allocatable,
      nowMs: this.options.scheduler.now(),
    });
    this.services.start(this.stopped.signal);
    await this.services.synced();
    this.pods.on({
      added: (pod) => this.admit(pod),
      updated: (pod) => this.update(pod),
      deleted: (pod) => this.forget(pod),
    });
    this.pods.start(this.stopped.signal);
    this.usageSampler.start();
    this.logKeeper.start();
    await this.pods.synced();
  }

  /** Ends every process without touching the API: for the end of the lab. Default grace 2 s. */
  async stop(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.stopped.abort();
    this.usageSampler.stop();
    this.logKeeper.stop();
    const graceMs = options.graceMs ?? 2_000;
    await Promise.all([...this.known.values()].map(({ worker }) => worker.end(graceMs)));
  }

  /** CPU and memory of a pod, as metrics-server tells them; undefined until it has run for a sampling step. */
  usage(pod: { readonly namespace: string; readonly name: string }): PodUsage | undefined {
    const uid = this.find(pod.namespace, pod.name)?.pod.metadata.uid;
    return uid === undefined ? undefined : this.usageSampler.usage(uid);
  }

  /** What each running container used since it started. */
  totals(): ContainerTotal[] {
    return this.usageSampler.totals();
  }

  /**
   * A container's log.
   * @throws NotOnNodeError when the pod, the container or the run asked for is not here
   */
  logs(
    pod: { readonly namespace: string; readonly name: string; readonly container?: string },
    options: LogOptions & { readonly previous?: boolean } = {},
  ): AsyncGenerator<Buffer> {
    const { context, worker } = this.present(pod.namespace, pod.name);
    const runner = this.runner(worker, pod);
    const run = runner.runNumber - (options.previous ? 1 : 0);
    if (run < 0) {
      throw new NotOnNodeError(
        `previous terminated container "${runner.name}" in pod "${pod.name}" not found`,
      );
    }
    if (runner.launched === undefined) {
      const reason = runner.status().state?.waiting?.reason ?? 'ContainerCreating';
      throw new NotOnNodeError(
        `container "${runner.name}" in pod "${pod.name}" is waiting to start: ${reason}`,
      );
    }
    const ended = (): boolean => run !== runner.runNumber || !runner.isRunning;
    return readLog(context.folder.logFile(runner.name, run), options, ended, this.options.scheduler);
  }

  /**
   * Runs a command beside a container's program.
   * @throws NotOnNodeError when the pod or container is not here or not running
   */
  exec(
    pod: { readonly namespace: string; readonly name: string; readonly container?: string },
    command: readonly string[],
    timeoutMs = 60_000,
  ): Promise<{ exitCode: number; output: string }> {
    const runner = this.runner(this.present(pod.namespace, pod.name).worker, pod);
    const launch = runner.launched;
    if (!launch || !runner.isRunning)
      throw new NotOnNodeError(`container "${runner.name}" of pod "${pod.name}" is not running`);
    const { environment, folder } = launch.spec;
    return execCommand({ words: command.map((word) => launch.path(word)), environment, folder, timeoutMs });
  }

  /** Process groups of a pod's running containers, by container name. */
  processGroups(pod: { readonly namespace: string; readonly name: string }): ReadonlyMap<string, number> {
    const groups = new Map<string, number>();
    for (const runner of this.find(pod.namespace, pod.name)?.worker.all ?? []) {
      if (runner.group !== undefined) groups.set(runner.name, runner.group);
    }
    return groups;
  }

  private *openLogs(): Generator<string> {
    for (const { context, worker } of this.known.values()) {
      for (const runner of worker.all) {
        if (runner.isRunning) yield context.folder.logFile(runner.name, runner.runNumber);
      }
    }
  }

  private find(namespace: string, name: string): Known | undefined {
    return this.known.get(`${namespace}/${name}`);
  }

  private present(namespace: string, name: string): Known {
    const known = this.find(namespace, name);
    if (!known) throw new NotOnNodeError(`pod "${namespace}/${name}" does not run on node ${this.node}`);
    return known;
  }

  private runner(
    worker: PodWorker,
    { container, name }: { readonly container?: string; readonly name: string },
  ) {
    const runner = container === undefined ? worker.containers[0] : worker.container(container);
    if (!runner) throw new NotOnNodeError(`container ${container ?? ''} is not valid for pod ${name}`);
    return runner;
  }

  private admit(pod: Pod): void {
    const phase = pod.status?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') return;
    const known = this.makeKnown(pod);
    this.known.set(objectKey(pod), known);
    known.worker.run().catch((error: unknown) => this.fail(known, error));
    if (pod.metadata.deletionTimestamp !== undefined) this.terminate(known);
  }

  private makeKnown(pod: Pod): Known {
    const { client, logger, network, scheduler } = this.options;
    const uid = pod.metadata.uid ?? objectKey(pod);
    const onError = (error: unknown): void =>
      logger.warn({ err: error, pod: objectKey(pod) }, 'telling the API failed');
    const events = new PodEvents(client, scheduler, this.node, (error) =>
      logger.debug({ err: error, pod: objectKey(pod) }, 'an event was not written'),
    );
    const context: PodContext = {
      options: this.options,
      scheduler,
      uid,
      place: { podIP: network.podAddress(uid), hostIP, nodeName: this.node, allocatable: this.allocatable },
      folder: new PodFolder(this.options.runDir, pod.metadata.namespace ?? 'default', pod.metadata.name, uid),
      sources: this.sources,
      events,
      usage: this.usageSampler,
      pod: () => known.pod,
      volumes: () => known.volumes,
      services: (namespace) => this.services.list(namespace),
      graceMs: () => graceOf(known.pod),
      changed: () => known.worker.changed(),
      containerEnded: (runner, exit) => {
        network.book.leaveDead(context.place.podIP);
        if (exit.exitCode !== 0 && runner.launched?.foreign)
          this.lookForConflict(known, runner.container.ports ?? []);
      },
    };
    let worker: PodWorker | undefined;
    const known: Known = {
      pod,
      context,
      volumes: new Map(),
      get worker(): PodWorker {
        worker ??= new PodWorker(context, (folders) => (known.volumes = folders), onError);
        return worker;
      },
    };
    return known;
  }

  private update(pod: Pod): void {
    const known = this.known.get(objectKey(pod));
    if (!known) return;
    const deleted =
      known.pod.metadata.deletionTimestamp === undefined && pod.metadata.deletionTimestamp !== undefined;
    const shortened =
      (pod.metadata.deletionGracePeriodSeconds ?? Infinity) <
      (known.pod.metadata.deletionGracePeriodSeconds ?? Infinity);
    known.pod = pod;
    if (deleted || shortened) this.terminate(known);
  }

  private terminate(known: Known): void {
    known.worker.terminate(graceOf(known.pod)).catch((error: unknown) => this.fail(known, error));
  }

  /** Gone from the API: whatever still runs is ended at once. */
  private forget(pod: Pod): void {
    const known = this.known.get(objectKey(pod));
    if (!known || known.pod.metadata.uid !== pod.metadata.uid) return;
    this.known.delete(objectKey(pod));
    const { context, worker } = known;
    void worker
      .end(0)
      .then(() => worker.run())
      .catch((error: unknown) => this.fail(known, error))
      .finally(() => {
        this.options.network.releasePod(context.uid);
        context.folder.remove();
      });
  }

  private fail(known: Known, error: unknown): void {
    this.options.logger.warn({ err: error, pod: objectKey(known.pod) }, 'running the pod failed');
  }

  /** Says so when a program cannot have its port because another pod's program took it on every address. */
  private lookForConflict(known: Known, ports: readonly { readonly containerPort: number }[]): void {
    for (const { containerPort } of ports) {
      const inodes = wildcardListeners(containerPort);
      if (inodes.size === 0) continue;
      const holder = [...this.known.values()].find((other) => other !== known && this.holds(other, inodes));
      const who = holder ? `pod ${objectKey(holder.pod)}` : 'another program of this machine';
      const message =
        `port ${containerPort} is taken on every address by ${who}: two replicas cannot share it. ` +
        'Let the program listen on $(POD_IP), or on the port given as $(PORT)';
      this.options.logger.warn({ pod: objectKey(known.pod) }, message);
      known.context.events.warning(known.pod, 'PortConflict', message);
      known.worker.setCondition({ type: 'PortsAvailable', status: 'False', reason: 'PortConflict', message });
    }
  }

  private holds(other: Known, inodes: ReadonlySet<string>): boolean {
    return other.worker.all.some(
      ({ group }) => group !== undefined && holdsSocket([group, ...this.usageSampler.members(group)], inodes),
    );
  }
}

import type { Scheduler } from '@scalelab/kube';
import { parseQuantity, toNumber } from '@scalelab/scaling';
import type { Container } from '@scalelab/manifests';
import { processTable, type ProcessRow, type ProcessTable, type StorageBytes } from './process-table';

/** What a container is known by to the sampler. */
export interface TrackedContainer {
  readonly runner: { readonly container: Container; readonly name: string; killForMemory(): void };
  /** The pod's. */
  readonly uid: string;
  readonly group: number;
  readonly startedAtMs: number;
}

export interface ContainerUsage {
  readonly name: string;
  /** Mean over the window, billionths of a core. */
  readonly cpuNanocores: number;
  /** Resident set of all its processes. */
  readonly memoryBytes: number;
}

/** What metrics-server would tell of a pod. */
export interface PodUsage {
  readonly containers: readonly ContainerUsage[];
  /** Sums over the containers. */
  readonly cpuNanocores: number;
  readonly memoryBytes: number;
  /** End of the window, epoch ms. */
  readonly timestampMs: number;
  readonly windowSeconds: number;
}

/** What a container used since it started, as of the last pass; counters never fall. */
export interface ContainerTotal {
  /** The pod's. */
  readonly uid: string;
  readonly name: string;
  readonly startedAtMs: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** Absent where the system does not tell. */
  readonly storage?: StorageBytes;
}

interface Sample {
  readonly atMs: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

interface Tracked extends TrackedContainer {
  readonly limitBytes: number | undefined;
  samples: Sample[];
  members: ProcessRow[];
  cpuSeconds: number;
  storage: StorageBytes | undefined;
}

export interface UsageSamplerOptions {
  readonly scheduler: Scheduler;
  /** Default 5,000. */
  readonly sampleEveryMs?: number;
  /** Default 1,000. */
  readonly memoryCheckEveryMs?: number;
  readonly onError: (error: unknown) => void;
  readonly table?: ProcessTable;
}

/** CPU is the mean over so many sampling steps: 15 s at the usual 5 s. */
const windowSamples = 3;

/**
 * CPU and memory of running containers, from the processes of their sessions: all are read in one pass over the process table. Also
 * the judge of memory limits.
 */
export class UsageSampler {
  private readonly tracked = new Map<number, Tracked>();
  private readonly table: ProcessTable;
  private cancel: () => void = () => undefined;
  private cancelCheck: () => void = () => undefined;
  private stopped = true;

  constructor(private readonly options: UsageSamplerOptions) {
    this.table = options.table ?? processTable();
  }

  private get everyMs(): number {
    return this.options.sampleEveryMs ?? 5_000;
  }

  start(): void {
    this.stopped = false;
    this.wakeSampling();
    this.wakeCheck();
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
    this.cancelCheck();
  }

  track(container: TrackedContainer): void {
    const limit = container.runner.container.resources?.limits?.['memory'];
    this.tracked.set(container.group, {
      ...container,
      limitBytes: limit === undefined ? undefined : toNumber(parseQuantity(String(limit))),
      // Nothing was used before the start: a container can be told of after one sampling step.
      samples: [{ atMs: container.startedAtMs, cpuSeconds: 0, memoryBytes: 0 }],
      members: [],
      cpuSeconds: 0,
      storage: undefined,
    });
  }

  untrack(group: number): void {
    this.tracked.delete(group);
  }

  /** Process ids of a container's processes as of the last pass. */
  members(group: number): readonly number[] {
    return this.tracked.get(group)?.members.map(({ pid }) => pid) ?? [];
  }

  /** Usage of a pod; undefined before the first pass over one of its containers. */
  usage(uid: string): PodUsage | undefined {
    const own = [...this.tracked.values()].filter(
      (container) => container.uid === uid && container.samples.length > 1,
    );
    const windows = own.map(windowOf);
    const [first] = windows;
    if (!first) return undefined;
    const containers = own.map((container, index) => usageOf(container, windows[index] ?? first));
    return {
      containers,
      cpuNanocores: containers.reduce((sum, { cpuNanocores }) => sum + cpuNanocores, 0),
      memoryBytes: containers.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
      timestampMs: first.to.atMs,
      windowSeconds: (first.to.atMs - first.from.atMs) / 1000,
    };
  }

  /** Every container that a pass has seen. What storage did is read from the system only here. */
  totals(): ContainerTotal[] {
    return [...this.tracked.values()]
      .filter(({ samples }) => samples.length > 1)
      .map((container) => {
        container.storage = this.storageOf(container);
        const { cpuSeconds, runner, samples, startedAtMs, storage, uid } = container;
        const memoryBytes = samples[samples.length - 1]?.memoryBytes ?? 0;
        return { uid, name: runner.name, startedAtMs, cpuSeconds, memoryBytes, ...(storage && { storage }) };
      });
  }

  /** Takes one sample of everything now. */
  async sample(): Promise<void> {
    if (this.tracked.size === 0) return;
    const rows = await this.table.read();
    const atMs = this.options.scheduler.now();
    for (const container of this.tracked.values()) {
      // A program starts as leader of its own session; what it starts stays in it, even in a process group of its own.
      container.members = rows.filter(
        ({ group, session }) => session === container.group || group === container.group,
      );
      const cpuSeconds = sum(container.members, ({ cpuSeconds: seconds }) => seconds);
      const memoryBytes = sum(container.members, ({ residentBytes }) => residentBytes);
      const samples = [...container.samples, { atMs, cpuSeconds, memoryBytes }];
      container.samples = samples.slice(-windowSamples - 1);
      // A child that ends unwaited takes its seconds with it.
      container.cpuSeconds = Math.max(container.cpuSeconds, cpuSeconds);
    }
  }

  /** Ends containers that are over their limit. */
  checkMemory(): void {
    for (const container of this.tracked.values()) {
      if (container.limitBytes === undefined) continue;
      const used = sum(container.members, (row) => this.table.unreclaimableBytes(row));
      if (used > container.limitBytes) container.runner.killForMemory();
    }
  }

  private storageOf({ members, storage }: Tracked): StorageBytes | undefined {
    const read = members.flatMap((row) => this.table.storage(row) ?? []);
    if (read.length === 0) return storage;
    return {
      readBytes: Math.max(
        storage?.readBytes ?? 0,
        sum(read, ({ readBytes }) => readBytes),
      ),
      writtenBytes: Math.max(
        storage?.writtenBytes ?? 0,
        sum(read, ({ writtenBytes }) => writtenBytes),
      ),
    };
  }

  private wakeSampling(): void {
    const { scheduler } = this.options;
    this.cancel = scheduler.wakeAt(scheduler.now() + this.everyMs, () => {
      this.sample()
        .catch(this.options.onError)
        .finally(() => {
          if (!this.stopped) this.wakeSampling();
        });
    });
  }

  private wakeCheck(): void {
    const { scheduler } = this.options;
    this.cancelCheck = scheduler.wakeAt(scheduler.now() + (this.options.memoryCheckEveryMs ?? 1_000), () => {
      this.checkMemory();
      if (!this.stopped) this.wakeCheck();
    });
  }
}

function windowOf({ samples }: Tracked): { from: Sample; to: Sample } {
  const to = samples[samples.length - 1] as Sample;
  return { from: samples[0] as Sample, to };
}

function usageOf(container: Tracked, { from, to }: { from: Sample; to: Sample }): ContainerUsage {
  const seconds = (to.atMs - from.atMs) / 1000;
  // A child that ends unwaited takes its seconds with it: never report less than nothing.
  const used = Math.max(0, to.cpuSeconds - from.cpuSeconds);
  return {
    name: container.runner.name,
    cpuNanocores: seconds > 0 ? Math.round((used / seconds) * 1e9) : 0,
    memoryBytes: to.memoryBytes,
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

import { isNotFound, resources } from '@scalelab/kube';
import type { ContainerStatus, Pod, PodCondition } from '@scalelab/manifests';
import { ContainerRunner } from './container-runner';
import type { PodContext } from './pod-context';
import { podStatus } from './pod-status';
import { StatusWriter } from './status-writer';
import { mountVolumes } from './volumes';
import { wait } from './wait';

/** How often a pod whose volumes cannot be had looks again, ms. */
const mountRetryMs = 1_000;

export interface PodFailure {
  readonly reason: string;
  readonly message: string;
}

/** One pod's life on this node, from its first sight to its last process. */
export class PodWorker {
  readonly sidecars: readonly ContainerRunner[];
  readonly initContainers: readonly ContainerRunner[];
  readonly containers: readonly ContainerRunner[];
  private readonly startedAtMs: number;
  private readonly writer: StatusWriter;
  private readonly stopping = new AbortController();
  private readonly conditions = new Map<string, PodCondition>();
  private failure: PodFailure | undefined;
  private over = false;
  private life: Promise<void> | undefined;
  private ending: Promise<void> | undefined;
  private endsByMs = Infinity;

  constructor(
    private readonly context: PodContext,
    private readonly setVolumes: (folders: ReadonlyMap<string, string>) => void,
    onError: (error: unknown) => void,
  ) {
    const { spec } = context.pod();
    const initial = spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating';
    this.startedAtMs = context.scheduler.now();
    this.initContainers = (spec.initContainers ?? []).map((container) => {
      const kind = container.restartPolicy === 'Always' ? 'sidecar' : 'init';
      return new ContainerRunner(context, container, kind, 'PodInitializing');
    });
    this.sidecars = this.initContainers.filter(({ kind }) => kind === 'sidecar');
    this.containers = spec.containers.map(
      (container) => new ContainerRunner(context, container, 'main', initial),
    );
    this.writer = new StatusWriter(context.options.client, context.pod, () => this.status(), onError);
  }

  get all(): readonly ContainerRunner[] {
    return [...this.initContainers, ...this.containers];
  }

  container(name: string): ContainerRunner | undefined {
    return this.all.find((runner) => runner.name === name);
  }

  get isOver(): boolean {
    return this.over;
  }

  /** Runs it; resolves when nothing of it will run again and its status says so. */
  run(): Promise<void> {
    this.life ??= this.live();
    return this.life;
  }

  /** The pod must be written again. */
  changed(): void {
    void this.writer.touch();
  }

  setCondition(condition: PodCondition): void {
    this.conditions.set(condition.type, condition);
    this.changed();
  }

  /** Ends all containers; a second call can only shorten the time. Resolves when the pod is over. */
  end(graceMs: number, failure?: PodFailure): Promise<void> {
    this.failure ??= failure;
    const byMs = this.context.scheduler.now() + graceMs;
    this.stopping.abort();
    if (this.ending && byMs >= this.endsByMs) return this.ending;
    this.endsByMs = byMs;
    this.ending = this.stopAll(graceMs);
    return this.ending;
  }

  /** Ends the pod, writes its last status and takes it from the API. */
  async terminate(graceMs: number): Promise<void> {
    await this.end(graceMs);
    await this.run();
    const { name, namespace, uid } = this.context.pod().metadata;
    try {
      await this.context.options.client.delete(resources.Pod, namespace, name, {
        gracePeriodSeconds: 0,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  private async stopAll(graceMs: number): Promise<void> {
    const sidecars = new Set(this.sidecars);
    await Promise.all(
      this.all.filter((runner) => !sidecars.has(runner)).map((runner) => runner.stop(graceMs)),
    );
    // Sidecars serve the others to the end, and stop in the order opposite to their start.
    for (const runner of [...this.sidecars].reverse()) {
      await runner.stop(Math.max(0, this.endsByMs - this.context.scheduler.now()));
    }
  }

  private async live(): Promise<void> {
    this.changed();
    this.watchDeadline();
    if (await this.mount()) {
      if (await this.initialize()) await Promise.all(this.containers.map((runner) => runner.run()));
      if (!this.stopping.signal.aborted) await this.end(this.context.graceMs());
    }
    await this.ending;
    this.over = true;
    await this.writer.touch();
  }

  /** False when the pod ended before its volumes were there. */
  private async mount(): Promise<boolean> {
    const { context } = this;
    while (!this.stopping.signal.aborted) {
      try {
        this.setVolumes(
          await mountVolumes({
            pod: context.pod(),
            place: context.place,
            sources: context.sources,
            podDir: context.folder.path,
            claimsDir: context.options.claimsDir ?? `${context.options.runDir}/claims`,
            serviceAccountToken: context.options.serviceAccountToken,
          }),
        );
        return true;
      } catch (error) {
        context.events.warning(
          context.pod(),
          'FailedMount',
          error instanceof Error ? error.message : String(error),
        );
        await wait(context.scheduler, mountRetryMs, this.stopping.signal);
      }
    }
    await Promise.all(this.all.map((runner) => runner.run()));
    return false;
  }

  /** Runs init containers in turn; false when one failed for good or the pod was ended. */
  private async initialize(): Promise<boolean> {
    for (const runner of this.initContainers) {
      if (this.stopping.signal.aborted) return false;
      if (runner.kind === 'sidecar') {
        await runner.untilStarted();
        continue;
      }
      await runner.run();
      if (!runner.succeeded) return false;
    }
    return !this.stopping.signal.aborted;
  }

  private watchDeadline(): void {
    const seconds = this.context.pod().spec.activeDeadlineSeconds;
    if (seconds === undefined) return;
    void wait(this.context.scheduler, seconds * 1000, this.stopping.signal).then(() => {
      if (this.stopping.signal.aborted) return;
      const message = 'Pod was active on the node longer than the specified deadline';
      this.context.events.warning(this.context.pod(), 'DeadlineExceeded', message);
      void this.end(this.context.graceMs(), { reason: 'DeadlineExceeded', message });
    });
  }

  private status() {
    const statuses = (runners: readonly ContainerRunner[]): ContainerStatus[] =>
      runners.map((runner) => runner.status());
    return podStatus({
      pod: this.context.pod(),
      nowMs: this.context.scheduler.now(),
      startedAtMs: this.startedAtMs,
      podIP: this.context.place.podIP,
      hostIP: this.context.place.hostIP,
      initStatuses: statuses(this.initContainers),
      statuses: statuses(this.containers),
      sidecars: new Set(this.sidecars.map(({ name }) => name)),
      over: this.over,
      failure: this.failure,
      extraConditions: [...this.conditions.values()],
    });
  }
}

/** How long a pod may take to end, ms: what its deletion says, else its spec, else 30 s. */
export function graceOf(pod: Pod): number {
  const seconds = pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  return Math.max(0, seconds) * 1000;
}

import { mkdirSync } from 'node:fs';
import type { Container, ContainerState, ContainerStatus } from '@scalelab/manifests';
import { BackOff } from './back-off';
import { ContainerConfigError } from './config-error';
import { ContainerProbes } from './container-probes';
import { ImagePull } from './image-pull';
import { launchOf, type Launch } from './launch';
import { endProcess } from './end-process';
import { runHook } from './lifecycle-hook';
import type { PodContext } from './pod-context';
import { ContainerProcess, type ProcessExit } from './process';
import { terminatedState } from './terminated-state';
import { timestamp } from './timestamp';
import { wait } from './wait';

/** `init`: runs to success once, in turn. `sidecar`: an init container that stays. `main`: the rest. */
export type ContainerKind = 'init' | 'sidecar' | 'main';

/** How often a container that lacks a ConfigMap or Secret looks again, ms. */
const configRetryMs = 1_000;

/** One container's life: pulls, runs, restarts, and the status that tells of it. */
export class ContainerRunner {
  private state: ContainerState;
  private lastState: ContainerState = {};
  private restartCount = 0;
  private started = false;
  private ready = false;
  private process: ContainerProcess | undefined;
  private launch: Launch | undefined;
  private probes: ContainerProbes | undefined;
  private outOfMemory = false;
  private readonly crashes: BackOff;
  private readonly pull: ImagePull;
  private readonly stopping = new AbortController();
  private readonly whenStarted: (() => void)[] = [];
  private finished: Promise<void> | undefined;

  constructor(
    private readonly context: PodContext,
    readonly container: Container,
    readonly kind: ContainerKind,
    initialReason: 'PodInitializing' | 'ContainerCreating',
  ) {
    this.state = { waiting: { reason: initialReason } };
    this.crashes = new BackOff(context.options.backOff);
    this.pull = new ImagePull(context.options.backOff, {
      now: () => this.now(),
      pause: (ms) => this.pause(ms),
      waits: (reason, message) => this.wait(reason, message),
      warn: (reason, message) => this.warn(reason, message),
      tell: (reason, message) => context.events.normal(context.pod(), reason, message, container.name),
    });
  }

  get name(): string {
    return this.container.name;
  }

  get succeeded(): boolean {
    return this.state.terminated?.exitCode === 0;
  }

  /** Number of the run whose log is being written. */
  get runNumber(): number {
    return this.restartCount;
  }

  get isRunning(): boolean {
    return this.state.running !== undefined;
  }

  /** What its program runs with; undefined before the first start. */
  get launched(): Launch | undefined {
    return this.launch;
  }

  /** Process group; undefined while nothing runs. */
  get group(): number | undefined {
    return this.isRunning ? this.process?.pid : undefined;
  }

  status(): ContainerStatus {
    const image = this.container.image ?? '';
    const ran = this.state.waiting === undefined || this.lastState.terminated !== undefined;
    return {
      name: this.name,
      image,
      imageID: ran ? image : '',
      ready: this.ready,
      started: this.started,
      restartCount: this.restartCount,
      state: this.state,
      lastState: this.lastState,
      ...(ran ? { containerID: this.containerId } : {}),
    };
  }

  private get containerId(): string {
    return `lab://${this.context.uid}.${this.name}.${this.restartCount}`;
  }

  /** Runs it as often as its restart policy says; resolves when it will not run again. */
  run(): Promise<void> {
    this.finished ??= this.live();
    return this.finished;
  }

  /** Resolves once the startup probe has passed (at the start without one), or when it will not run again. */
  untilStarted(): Promise<void> {
    const started = new Promise<void>((resolve) =>
      this.started ? resolve() : this.whenStarted.push(resolve),
    );
    return Promise.race([started, this.run()]);
  }

  /** Ends it for good: preStop, SIGTERM, and SIGKILL to the whole group when `graceMs` are over. */
  async stop(graceMs: number): Promise<void> {
    const first = !this.stopping.signal.aborted;
    this.stopping.abort();
    if (first && this.isRunning) {
      this.context.events.normal(this.context.pod(), 'Killing', `Stopping container ${this.name}`, this.name);
    }
    await this.end(graceMs);
    await this.finished;
  }

  /** Called when its processes use more memory than the limit. */
  killForMemory(): void {
    this.outOfMemory = true;
    this.process?.killGroup();
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async live(): Promise<void> {
    for (;;) {
      const launch = await this.untilLaunchable();
      if (!launch || this.isStopping) return this.neverRan();
      this.launch = launch;
      const exit = await this.runOnce(launch);
      if (this.isStopping || !this.restartsAfter(exit)) return;
      await this.beforeRestart();
      if (this.isStopping) return;
      this.restartCount += 1;
    }
  }

  private restartsAfter(exit: ProcessExit): boolean {
    if (this.kind === 'sidecar') return true;
    const policy = this.container.restartPolicy ?? this.context.pod().spec.restartPolicy ?? 'Always';
    if (exit.exitCode === 0 && this.kind === 'init') return false;
    return policy === 'Always' || (policy === 'OnFailure' && exit.exitCode !== 0);
  }

  /** Waits until image, ConfigMaps and Secrets are there; undefined when stopped before. */
  private async untilLaunchable(): Promise<Launch | undefined> {
    while (!this.isStopping) {
      const image = this.container.image ?? '';
      const command = this.context.options.images.resolve(image);
      if (!command) {
        await this.pull.failed(image);
        continue;
      }
      try {
        return await launchOf(this.context, this.container, command, this.restartCount);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.wait(error instanceof ContainerConfigError ? error.code : 'CreateContainerError', message);
        this.warn('Failed', `Error: ${message}`);
        await this.pause(configRetryMs);
      }
    }
    return undefined;
  }

  private async runOnce(launch: Launch): Promise<ProcessExit> {
    const { context } = this;
    this.outOfMemory = false;
    mkdirSync(launch.spec.folder, { recursive: true });
    context.events.normal(context.pod(), 'Created', `Created container: ${this.name}`, this.name);
    const startedAt = timestamp(this.now());
    const process = ContainerProcess.start(launch.spec);
    this.process = process;
    if (process.pid !== undefined) {
      context.options.onGroup?.('started', process.pid);
      context.usage.track({ runner: this, uid: context.uid, group: process.pid, startedAtMs: this.now() });
      context.events.normal(context.pod(), 'Started', `Started container ${this.name}`, this.name);
      this.state = { running: { startedAt } };
      context.changed();
      // From here on `exited` is awaited below; hooks and probes run beside.
      void this.afterStart(process);
    }
    const exit = await process.exited;
    this.probes?.stop();
    this.probes = undefined;
    if (process.pid !== undefined) {
      context.usage.untrack(process.pid);
      context.options.onGroup?.('ended', process.pid);
    }
    this.terminated(exit, startedAt);
    return exit;
  }

  private async afterStart(process: ContainerProcess): Promise<void> {
    const { postStart } = this.container.lifecycle ?? {};
    if (postStart) {
      const problem = await runHook(postStart, this.context, this.container, this.launch);
      if (process !== this.process || !this.isRunning) return;
      if (problem !== undefined) {
        this.warn('FailedPostStartHook', problem);
        void this.end(this.context.graceMs());
        return;
      }
    }
    if (this.isStopping || process !== this.process || !this.isRunning) return;
    this.probes = new ContainerProbes(this.context, this.container, {
      environment: () => this.launch,
      onStarted: () => {
        this.started = true;
        for (const resolve of this.whenStarted.splice(0)) resolve();
        this.context.changed();
      },
      onReady: (ready) => {
        this.ready = ready;
        this.context.changed();
      },
      onDead: (kind, graceSeconds) => {
        const message = `Container ${this.name} failed ${kind} probe, will be restarted`;
        this.context.events.normal(this.context.pod(), 'Killing', message, this.name);
        void this.end(graceSeconds === undefined ? this.context.graceMs() : graceSeconds * 1000);
      },
    });
    this.probes.start();
  }

  /** Brings the present run to its end. */
  private async end(graceMs: number): Promise<void> {
    const { process } = this;
    if (!process || !this.isRunning) return;
    this.probes?.stop();
    const { preStop } = this.container.lifecycle ?? {};
    await endProcess({
      process,
      graceMs,
      scheduler: this.context.scheduler,
      ...(preStop ? { preStop: () => runHook(preStop, this.context, this.container, this.launch) } : {}),
      onHookProblem: (problem) => this.warn('FailedPreStopHook', problem),
    });
  }

  private terminated(exit: ProcessExit, startedAt: string): void {
    const { context } = this;
    this.ready = false;
    this.started = false;
    this.state = {
      terminated: terminatedState({
        exit,
        outOfMemory: this.outOfMemory,
        startedAt,
        finishedAt: timestamp(this.now()),
        containerID: this.containerId,
        ...(this.container.terminationMessagePolicy === 'FallbackToLogsOnError'
          ? { logFile: context.folder.logFile(this.name, this.restartCount) }
          : {}),
      }),
    };
    if (exit.startError !== undefined)
      this.warn('Failed', `Error: failed to start container "${this.name}": ${exit.startError}`);
    context.containerEnded(this, exit);
    context.changed();
  }

  private async beforeRestart(): Promise<void> {
    const waitMs = this.crashes.next(this.now());
    const { terminated } = this.state;
    this.lastState = terminated ? { terminated } : this.lastState;
    if (waitMs === 0) return;
    const { name, namespace, uid } = this.context.pod().metadata;
    const message = `back-off ${Math.round(waitMs / 1000)}s restarting failed container=${this.name} pod=${name}_${namespace}(${uid})`;
    this.wait('CrashLoopBackOff', message);
    this.warn(
      'BackOff',
      `Back-off restarting failed container ${this.name} in pod ${name}_${namespace}(${uid})`,
    );
    await this.pause(waitMs);
  }

  /** A pod that ends before this container could start still needs an end for it. */
  private neverRan(): void {
    if (this.state.terminated || this.lastState.terminated) return;
    this.state = {
      terminated: {
        exitCode: 137,
        reason: 'ContainerStatusUnknown',
        message: 'The container could not be located when the pod was terminated',
      },
    };
  }

  private wait(reason: string, message: string): void {
    this.state = { waiting: { reason, message } };
    this.context.changed();
  }

  private warn(reason: string, message: string): void {
    this.context.events.warning(this.context.pod(), reason, message, this.name);
  }

  private now(): number {
    return this.context.scheduler.now();
  }

  private pause(ms: number): Promise<void> {
    return wait(this.context.scheduler, ms, this.stopping.signal);
  }
}

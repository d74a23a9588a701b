import {
  explainScaledJob,
  scaledJobLoop,
  type JobFacts,
  type ScaledJob,
  type ScaledJobInput,
  type ScaledJobLoopState,
  type TriggerContext,
} from '@scalelab/scaling';
import type { WorkQueue } from '../workload/work-queue';
import type { WorkloadModel } from '../workload/workload-model';
import { TriggerAnswers } from '../workload/trigger-answer';
import type { World } from './world';

interface SimulatedJob {
  readonly name: string;
  finished: JobFacts['finished'];
  completedMs?: number;
  running: boolean;
}

/** KEDA's ScaledJob loop of one run, with Jobs that take `concurrency` items each, work on them, and end. */
export class JobDriver {
  private state: ScaledJobLoopState;
  private jobs: SimulatedJob[] = [];
  private made = 0;
  private readonly triggers: readonly TriggerAnswers[];

  constructor(
    private readonly world: World,
    private readonly object: ScaledJob,
    private readonly options: {
      readonly contexts: readonly (TriggerContext | undefined)[];
      readonly model: WorkloadModel;
      readonly partitions: number;
    },
  ) {
    this.state = scaledJobLoop.init(object);
    this.triggers = object.spec.triggers.map(
      (trigger, i) => new TriggerAnswers(trigger, { index: i, ...options.contexts[i] }, options.partitions),
    );
  }

  begin(nowMs: number): void {
    this.take(nowMs, { kind: 'reconcile', ...this.facts() });
  }

  private facts(): Pick<ScaledJobInput, 'object' | 'jobs' | 'contexts'> {
    const generation = String(this.object.metadata.generation ?? 1);
    return {
      object: this.object,
      contexts: this.options.contexts,
      jobs: this.jobs.map(({ name, finished, completedMs, running }) => ({
        name,
        finished,
        generation,
        ...(completedMs === undefined ? {} : { completedMs }),
        pods: [{ phase: finished ? 'Succeeded' : running ? 'Running' : 'Pending' }],
      })),
    };
  }

  private poll(nowMs: number): void {
    if (this.state.loop?.nextPollAtMs !== nowMs) return;
    const { source } = this.world;
    this.world.counts.kedaPolls++;
    const answers = this.triggers.map((trigger, i) => trigger.answer(source.read(nowMs, i)));
    this.take(nowMs, { kind: 'poll', answers, ...this.facts() });
  }

  private take(nowMs: number, input: ScaledJobInput): void {
    const { world, state } = this;
    const from = this.unfinished();
    const step = scaledJobLoop.step(state, nowMs, input);
    this.state = step.state;
    world.observer.scaledJob?.(nowMs, input, step.decision);
    for (const effect of step.effects) {
      if (effect.kind === 'createJobs') this.create(nowMs, effect.count);
      if (effect.kind === 'deleteJob') this.jobs = this.jobs.filter(({ name }) => name !== effect.name);
    }
    const { decision, nextDueAtMs } = step;
    if (decision.kind === 'poll') {
      const to = this.unfinished();
      world.decided(
        nowMs,
        { loop: 'scaledJob', from, to, wanted: null, reason: to > from ? 'KEDAJobsCreated' : '' },
        () => explainScaledJob(decision.trace),
      );
    }
    if (nextDueAtMs !== null && nextDueAtMs !== state.loop?.nextPollAtMs)
      world.due.add(nextDueAtMs, (atMs) => this.poll(atMs));
  }

  private unfinished(): number {
    return this.jobs.reduce((sum, { finished }) => sum + (finished === null ? 1 : 0), 0);
  }

  private create(nowMs: number, count: number): void {
    const { world, options } = this;
    for (let i = 0; i < count; i++) {
      const job: SimulatedJob = { name: `job-${this.made++}`, finished: null, running: false };
      this.jobs.push(job);
      world.due.add(nowMs + options.model.startUpSeconds * 1_000, (atMs) => this.start(atMs, job));
    }
    world.setScale(this.unfinished(), nowMs);
  }

  private start(nowMs: number, job: SimulatedJob): void {
    const { world, options } = this;
    job.running = true;
    const queue: WorkQueue | null = world.source.queue;
    const taken = queue?.claim(nowMs, options.model.concurrency) ?? 0;
    // A Job that finds nothing to do ends at once.
    const seconds = queue !== null && taken === 0 ? 0 : options.model.serviceSeconds;
    world.due.add(nowMs + seconds * 1_000, (atMs) => {
      if (taken > 0) queue?.release(atMs, taken);
      job.finished = 'Complete';
      job.completedMs = atMs;
      job.running = false;
      world.setScale(this.unfinished(), atMs);
    });
  }
}

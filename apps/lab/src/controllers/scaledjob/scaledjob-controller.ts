import { objectKey, resources, type Informer, type KubeObject, type WorkQueue } from '@scalelab/kube';
import type { Job, JobSpec, Pod } from '@scalelab/manifests';
import type { ScaledJobPollLine } from '@scalelab/recording';
import {
  explainScaledJob,
  scaledJobLoop,
  type JobFacts,
  type ScaledJob,
  type ScaledJobDecision,
  type ScaledJobInput,
  type ScaledJobLoopState,
  type TriggerContext,
} from '@scalelab/scaling';
import type { Controller, ControllerContext, ControllerFactory } from '../controller';
import { controllerQueue } from '../controller-queue';
import { ScaleLoops, type ScaleLoop } from '../keda/scale-loops';
import { askTriggers, questioned, triggerContexts } from '../keda/trigger-answers';
import type { TriggerObserver } from '../keda/trigger-observer';
import { withoutSecrets } from '../keda/without-secrets';
import { worthReconciling } from '../keda/worth-reconciling';
import { byController, controllerIndex } from '../owner';
import { applyJobEffects } from './job-effects';
import { jobFacts } from './job-facts';

type Stored = ScaledJob & KubeObject;
type Loop = ScaleLoop<ScaledJobLoopState>;
type Given<I> = I extends ScaledJobInput ? Omit<I, 'object' | 'jobs'> : never;

export type ScaledJobPollRecord = Omit<ScaledJobPollLine, 'kind' | 't'>;

export interface ScaledJobControllerOptions {
  readonly triggers: TriggerObserver;
  /** Takes every poll with its full input and decision. */
  readonly record: (atMs: number, record: ScaledJobPollRecord) => void;
}

/** A factory for the controller, since it needs more than the context. */
export function scaledJobController(options: ScaledJobControllerOptions): ControllerFactory {
  return (context) => new ScaledJobController(context, options);
}

/** Drives one reducer a ScaledJob: asks its triggers when a poll is due, makes and removes Jobs as it decides. */
export class ScaledJobController implements Controller {
  readonly name = 'keda-operator-jobs';
  readonly queue: WorkQueue;
  private readonly objects: Informer<Stored>;
  private readonly jobs: Informer<Job>;
  private readonly pods: Informer<Pod>;
  private readonly loops: ScaleLoops<Stored, ScaledJobLoopState>;
  private stopped = false;

  constructor(
    private readonly context: ControllerContext,
    private readonly options: ScaledJobControllerOptions,
  ) {
    this.queue = controllerQueue(context, this.name, 5);
    this.loops = new ScaleLoops({
      scheduler: context.scheduler,
      init: (object) => scaledJobLoop.init(object),
      poll: (loop) => this.poll(loop),
      onError: (key, error) => this.failed(key, error),
    });
    this.objects = context.informers.of<Stored>(resources.ScaledJob);
    this.jobs = context.informers.of<Job>(resources.Job);
    this.pods = context.informers.of<Pod>(resources.Pod);
    this.jobs.addIndex(controllerIndex, byController);
    this.pods.addIndex(controllerIndex, byController);
    this.objects.on({
      added: (object) => this.queue.add(objectKey(object)),
      updated: (object, old) => {
        if (worthReconciling(object, old)) this.queue.add(objectKey(object));
      },
      deleted: (object) => this.loops.forget(object),
    });
  }

  async reconcile(key: string): Promise<void> {
    const object = this.objects.getByKey(key);
    if (object === undefined) return;
    const loop = this.loops.of(object);
    await loop.serial.run(async () => {
      const contexts = (await this.contextsOf(object)).map((one) => (one instanceof Error ? undefined : one));
      const decision = await this.take(loop, { kind: 'reconcile', contexts }, this.context.scheduler.now());
      // The queue tries again, ever later: nothing tells of a Secret that comes after its ScaledJob.
      if (decision?.kind === 'reconcile' && decision.error !== undefined) throw new Error(decision.error);
    });
  }

  stop(): void {
    this.stopped = true;
    this.loops.stop();
  }

  private contextsOf(object: Stored): Promise<(TriggerContext | Error)[]> {
    const podSpec = (object.spec.jobTargetRef as JobSpec | undefined)?.template?.spec;
    return triggerContexts(this.context.client, questioned(object), podSpec);
  }

  private async poll(loop: Loop): Promise<void> {
    const object = this.objects.getByKey(loop.key);
    if (object === undefined || this.stopped) return;
    // The next poll is due an interval after this one began, however long the sources take.
    const begunAtMs = this.context.scheduler.now();
    const resolved = await this.contextsOf(object);
    const asked = await askTriggers(this.options.triggers, questioned(object), resolved, () => true);
    await loop.serial.run(() => this.take(loop, { kind: 'poll', ...asked }, begunAtMs));
  }

  /** One step with what is true now, then its effects. */
  private async take(
    loop: Loop,
    given: Given<ScaledJobInput>,
    atMs: number,
  ): Promise<ScaledJobDecision | undefined> {
    const object = this.objects.getByKey(loop.key);
    if (object === undefined || object.metadata.uid !== loop.uid || this.stopped) return undefined;
    const input: ScaledJobInput = { ...given, object, jobs: this.jobsOf(object) };
    const step = scaledJobLoop.step(loop.state, atMs, input);
    loop.state = step.state;
    this.loops.schedule(loop, step.nextDueAtMs);
    if (step.decision.kind === 'poll') this.record(object, atMs, input, step.decision);
    await applyJobEffects(this.context, this.jobs, object, step.effects);
    return step.decision;
  }

  private jobsOf(object: Stored): JobFacts[] {
    return this.jobs
      .byIndex(controllerIndex, object.metadata.uid ?? '')
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map((job) => jobFacts(job, this.pods.byIndex(controllerIndex, job.metadata.uid ?? '')));
  }

  private record(
    object: Stored,
    atMs: number,
    input: ScaledJobInput,
    decision: Extract<ScaledJobDecision, { kind: 'poll' }>,
  ): void {
    const { namespace = '', name } = object.metadata;
    const from = decision.trace.running;
    const { sentence, steps } = explainScaledJob(decision.trace);
    const { status: _status, ...kept } = object;
    const contexts = input.contexts?.map(
      (context, index) => context && withoutSecrets(context, object.spec.triggers[index]?.metadata ?? {}),
    );
    this.options.record(atMs, {
      workload: { namespace, name, kind: 'ScaledJob' },
      scaledJob: name,
      from,
      to: from + decision.created,
      wanted: decision.scaleTo,
      reason:
        decision.created > 0 ? 'KEDAJobsCreated' : decision.isActive ? 'ScalerActive' : 'ScalerNotActive',
      sentence,
      steps,
      input: { ...input, object: kept, ...(contexts === undefined ? {} : { contexts }) },
      decision,
    });
  }

  private failed(key: string, error: unknown): void {
    if (!this.stopped)
      this.context.log.warn({ err: error, key, controller: this.name }, 'a step of the scale loop failed');
  }
}

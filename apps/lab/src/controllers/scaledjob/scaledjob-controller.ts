import {
  objectKey,
  resources,
  type CancelWake,
  type Informer,
  type KubeObject,
  type WorkQueue,
} from '@scalelab/kube';
import type { Job, JobSpec, Pod, ScaleTrigger } from '@scalelab/manifests';
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
import { resolveTriggerContext } from '@scalelab/triggers';
import type { Controller, ControllerContext, ControllerFactory } from '../controller';
import { controllerQueue } from '../controller-queue';
import { byController, controllerIndex } from '../owner';
import { Serial } from '../scaledobject/serial';
import type { TriggerObserver } from '../scaledobject/sources';
import { askTriggers } from '../scaledobject/trigger-answers';
import { withoutSecrets } from '../scaledobject/without-secrets';
import { worthReconciling } from '../scaledobject/worth-reconciling';
import { applyJobEffects } from './job-effects';
import { jobFacts } from './job-facts';

type Stored = ScaledJob & KubeObject;
type Given<I> = I extends ScaledJobInput ? Omit<I, 'object' | 'jobs'> : never;

export type ScaledJobPollRecord = Omit<ScaledJobPollLine, 'kind' | 't'>;

export interface ScaledJobControllerOptions {
  readonly triggers: TriggerObserver;
  /** Takes every poll with its full input and decision. */
  readonly record: (atMs: number, record: ScaledJobPollRecord) => void;
}

interface Known {
  readonly uid: string;
  readonly serial: Serial;
  state: ScaledJobLoopState;
  wake: CancelWake;
  wakeAtMs: number | null;
  polling: boolean;
}

/** Pause before a poll is tried again that failed before it decided anything, ms. */
const retryMs = 1000;

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
  private readonly known = new Map<string, Known>();
  private stopped = false;

  constructor(
    private readonly context: ControllerContext,
    private readonly options: ScaledJobControllerOptions,
  ) {
    this.queue = controllerQueue(context, this.name, 5);
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
      deleted: (object) => this.forget(object),
    });
  }

  async reconcile(key: string): Promise<void> {
    const object = this.objects.getByKey(key);
    if (object === undefined) return;
    const known = this.knownOf(key, object);
    await known.serial.run(async () => {
      const contexts = (await this.contextsOf(object)).map((one) => (one instanceof Error ? undefined : one));
      await this.take(key, known, { kind: 'reconcile', contexts }, this.context.scheduler.now());
    });
  }

  stop(): void {
    this.stopped = true;
    for (const { wake } of this.known.values()) wake();
  }

  private contextsOf(object: Stored): Promise<(TriggerContext | Error)[]> {
    const podSpec = (object.spec.jobTargetRef as JobSpec | undefined)?.template?.spec;
    return Promise.all(
      object.spec.triggers.map((trigger, index) =>
        resolveTriggerContext(this.context.client, {
          trigger: trigger as ScaleTrigger,
          index,
          namespace: object.metadata.namespace ?? '',
          ...(podSpec === undefined ? {} : { podSpec }),
        }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))),
      ),
    );
  }

  private async poll(key: string, known: Known): Promise<void> {
    const object = this.objects.getByKey(key);
    if (object === undefined || this.stopped) return;
    // The next poll is due an interval after this one began, however long the sources take.
    const begunAtMs = this.context.scheduler.now();
    const resolved = await this.contextsOf(object);
    const questioned = { metadata: object.metadata, spec: { ...object.spec, scaleTargetRef: { name: '' } } };
    const asked = await askTriggers(this.options.triggers, questioned, resolved, () => true);
    await known.serial.run(() => this.take(key, known, { kind: 'poll', ...asked }, begunAtMs));
  }

  /** One step with what is true now, then its effects. */
  private async take(key: string, known: Known, given: Given<ScaledJobInput>, atMs: number): Promise<void> {
    const object = this.objects.getByKey(key);
    if (object === undefined || object.metadata.uid !== known.uid || this.stopped) return;
    const input: ScaledJobInput = { ...given, object, jobs: this.jobsOf(object) };
    const step = scaledJobLoop.step(known.state, atMs, input);
    known.state = step.state;
    this.schedule(key, known, step.nextDueAtMs);
    if (step.decision.kind === 'poll') this.record(object, atMs, input, step.decision);
    await applyJobEffects(this.context, this.jobs, object, step.effects);
  }

  private jobsOf(object: Stored): JobFacts[] {
    return this.jobs
      .byIndex(controllerIndex, object.metadata.uid ?? '')
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map((job) => jobFacts(job, this.pods.byIndex(controllerIndex, job.metadata.uid ?? '')));
  }

  private schedule(key: string, known: Known, nextDueAtMs: number | null): void {
    if (nextDueAtMs === known.wakeAtMs) return;
    known.wake();
    known.wakeAtMs = nextDueAtMs;
    if (nextDueAtMs === null || this.stopped) return;
    known.wake = this.context.scheduler.wakeAt(nextDueAtMs, () => void this.pollDue(key, known, nextDueAtMs));
  }

  private async pollDue(key: string, known: Known, dueAtMs: number): Promise<void> {
    if (known.polling) return;
    known.polling = true;
    try {
      await this.poll(key, known);
    } catch (error) {
      if (!this.stopped) {
        this.context.log.warn({ err: error, key, controller: this.name }, 'a step of the scale loop failed');
      }
    } finally {
      known.polling = false;
      // The loop goes on whatever went wrong: a poll that did not get as far as its step is tried again.
      if (known.wakeAtMs === dueAtMs) this.schedule(key, known, this.context.scheduler.now() + retryMs);
    }
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

  private knownOf(key: string, object: Stored): Known {
    const known = this.known.get(key);
    const uid = object.metadata.uid ?? '';
    if (known?.uid === uid) return known;
    known?.wake();
    const fresh: Known = {
      uid,
      serial: new Serial(),
      state: scaledJobLoop.init(object),
      wake: () => undefined,
      wakeAtMs: null,
      polling: false,
    };
    this.known.set(key, fresh);
    return fresh;
  }

  private forget(object: Stored): void {
    const key = objectKey(object);
    const known = this.known.get(key);
    if (known?.uid !== object.metadata.uid) return;
    known?.wake();
    this.known.delete(key);
  }
}

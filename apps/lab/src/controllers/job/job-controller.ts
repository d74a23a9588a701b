import {
  apiTime,
  isNotFound,
  keyOf,
  objectKey,
  resources,
  sameJson,
  timeMs,
  type Informer,
  type WorkQueue,
} from '@scalelab/kube';
import type { Job, JobCondition, JobStatus, Pod } from '@scalelab/manifests';
import { claimed } from '../claims';
import { conditionOf, withCondition } from '../condition';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { byController, controllerIndex, controllerOf } from '../owner';
import { isReadyPod } from '../pod-state';
import { podFromTemplate } from '../pod-template';
import {
  backoffLimit,
  isComplete,
  nextAttemptMs,
  restartsOf,
  JobTally,
  wantedActive,
  type JobPods,
} from './job-pods';

interface Ending {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

/** Has the Job ended, well or badly? */
export function isFinishedJob(job: Job): boolean {
  return ['Complete', 'Failed'].some((type) => conditionOf(job.status?.conditions, type)?.status === 'True');
}

/** Runs each Job's pods until enough have succeeded or too many have failed. */
export class JobController implements Controller {
  readonly name = 'job-controller';
  readonly queue: WorkQueue;
  private readonly jobs: Informer<Job>;
  private readonly pods: Informer<Pod>;
  private readonly tallies = new Map<string, JobTally>();

  constructor(private readonly context: ControllerContext) {
    this.queue = controllerQueue(context, this.name, 2);
    this.jobs = context.informers.of<Job>(resources.Job);
    this.pods = context.informers.of<Pod>(resources.Pod);
    this.pods.addIndex(controllerIndex, byController);
    const enqueue = (job: Job): void => this.queue.add(objectKey(job));
    this.jobs.on({
      added: enqueue,
      updated: enqueue,
      deleted: ({ metadata }) => this.tallies.delete(metadata.uid ?? ''),
    });
    const ownerOf = (pod: Pod): void => {
      const owner = controllerOf(pod);
      if (owner?.kind === 'Job') this.queue.add(keyOf(pod.metadata.namespace, owner.name));
    };
    this.pods.on({ added: ownerOf, updated: ownerOf, deleted: ownerOf });
  }

  async reconcile(key: string): Promise<void> {
    const job = this.jobs.getByKey(key);
    if (job === undefined || job.metadata.deletionTimestamp !== undefined) return;
    if (isFinishedJob(job)) return this.expire(key, job);
    const now = this.context.scheduler.now();
    const started = this.begun(job, now);
    const pods = this.tallyOf(job).count(
      await claimed(this.context.client, this.pods, job, job.spec.selector),
    );
    const ending = this.endingOf(started, pods, now);
    if (ending !== undefined) return this.finish(key, started, pods, ending, now);
    const running = await this.manage(key, started, pods, now);
    await this.writeStatus(started, this.statusOf(started, running));
    this.wakeAtDeadline(key, started);
  }

  private tallyOf({ metadata, status }: Job): JobTally {
    const uid = metadata.uid ?? '';
    let tally = this.tallies.get(uid);
    if (tally === undefined) this.tallies.set(uid, (tally = new JobTally(status)));
    return tally;
  }

  /** The clock of activeDeadlineSeconds runs from the first look, and anew after a suspension. */
  private begun(job: Job, now: number): Job {
    const conditions = job.status?.conditions;
    if (job.spec.suspend) {
      const { startTime: _startTime, ...status } = job.status ?? {};
      const suspended: JobCondition = {
        type: 'Suspended',
        status: 'True',
        reason: 'JobSuspended',
        message: 'Job suspended',
      };
      return { ...job, status: { ...status, conditions: withCondition(conditions, suspended, now) } };
    }
    if (job.status?.startTime !== undefined) return job;
    const resumed: JobCondition = {
      type: 'Suspended',
      status: 'False',
      reason: 'JobResumed',
      message: 'Job resumed',
    };
    const wasSuspended = conditionOf(conditions, 'Suspended')?.status === 'True';
    return {
      ...job,
      status: {
        ...job.status,
        startTime: apiTime(now),
        ...(wasSuspended ? { conditions: withCondition(conditions, resumed, now) } : {}),
      },
    };
  }

  private endingOf(job: Job, pods: JobPods, now: number): Ending | undefined {
    if (isComplete(job, pods)) {
      return {
        type: 'Complete',
        reason: 'CompletionsReached',
        message: 'Reached expected number of succeeded pods',
      };
    }
    const limit = backoffLimit(job);
    const inPlace = job.spec.template.spec?.restartPolicy === 'OnFailure';
    const restarts = inPlace ? restartsOf(pods.active) : 0;
    if (pods.failedCount > limit || (inPlace && restarts > 0 && restarts >= limit)) {
      return {
        type: 'Failed',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      };
    }
    const deadlineMs = this.deadlineMs(job);
    if (deadlineMs !== undefined && now >= deadlineMs) {
      return {
        type: 'Failed',
        reason: 'DeadlineExceeded',
        message: 'Job was active longer than specified deadline',
      };
    }
    return undefined;
  }

  private deadlineMs(job: Job): number | undefined {
    const { activeDeadlineSeconds, suspend } = job.spec;
    if (activeDeadlineSeconds === undefined || suspend) return undefined;
    return timeMs(job.status?.startTime) + activeDeadlineSeconds * 1000;
  }

  private wakeAtDeadline(key: string, job: Job): void {
    const deadlineMs = this.deadlineMs(job);
    if (deadlineMs !== undefined) this.queue.addAt(key, deadlineMs);
  }

  /** Makes or stops pods; returns how they stand after that. */
  private async manage(key: string, job: Job, pods: JobPods, now: number): Promise<JobPods> {
    const wanted = wantedActive(job, pods);
    const surplus = pods.active.length - wanted;
    if (surplus > 0) {
      const idleFirst = pods.active.toSorted((a, b) => Number(isReadyPod(a)) - Number(isReadyPod(b)));
      const stopped = idleFirst.slice(0, surplus);
      for (const pod of stopped) await this.deletePod(job, pod);
      return { ...pods, active: pods.active.filter((pod) => !stopped.includes(pod)) };
    }
    const attemptMs = nextAttemptMs(pods);
    if (surplus < 0 && now < attemptMs) {
      this.queue.addAt(key, attemptMs);
      return pods;
    }
    const made: Pod[] = [];
    for (let i = surplus; i < 0; i++) made.push(await this.createPod(job));
    return { ...pods, active: [...pods.active, ...made] };
  }

  private async createPod(job: Job): Promise<Pod> {
    const wanted = podFromTemplate(job.spec.template, job, { generate: `${job.metadata.name}-` });
    const pod = await this.context.client.create<Pod>(resources.Pod, wanted);
    this.pods.observe(pod);
    this.tell(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    return pod;
  }

  private async deletePod(job: Job, pod: Pod): Promise<void> {
    const { namespace, name, uid = '' } = pod.metadata;
    try {
      await this.context.client.delete(resources.Pod, namespace, name, { preconditions: { uid } });
      this.tell(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  private statusOf(job: Job, pods: JobPods): JobStatus {
    const counts = {
      active: pods.active.length,
      ready: pods.active.filter(isReadyPod).length,
      terminating: pods.terminating.length,
      succeeded: pods.succeededCount,
      failed: pods.failedCount,
    };
    const {
      active: _active,
      ready: _ready,
      terminating: _terminating,
      succeeded: _s,
      failed: _f,
      ...rest
    } = job.status ?? {};
    const { ready, terminating, ...shown } = counts;
    return {
      ...rest,
      ...Object.fromEntries(Object.entries(shown).filter(([, count]) => count > 0)),
      ready,
      terminating,
    };
  }

  private async finish(key: string, job: Job, pods: JobPods, ending: Ending, now: number): Promise<void> {
    for (const pod of pods.active) await this.deletePod(job, pod);
    const stopped = ending.type === 'Failed' ? pods.active.length : 0;
    const after = { ...pods, active: [], failedCount: pods.failedCount + stopped };
    const { type, reason, message } = ending;
    // Said first, so that waiters see it while the last pods still stop.
    const early: JobCondition =
      type === 'Complete'
        ? { type: 'SuccessCriteriaMet', status: 'True', reason, message }
        : { type: 'FailureTarget', status: 'True', reason, message };
    const conditions = withCondition(job.status?.conditions, early, now);
    const status = {
      ...this.statusOf(job, after),
      conditions: withCondition(conditions, { type, status: 'True', reason, message }, now),
      ...(type === 'Complete' ? { completionTime: apiTime(now) } : {}),
    };
    await this.writeStatus(job, status);
    if (type === 'Complete') this.tell(job, 'Normal', 'Completed', 'Job completed');
    else this.tell(job, 'Warning', reason, message);
    this.queue.add(key);
  }

  /** Deletes a finished Job when its time to live is over. */
  private async expire(key: string, job: Job): Promise<void> {
    const { ttlSecondsAfterFinished } = job.spec;
    if (ttlSecondsAfterFinished === undefined) return;
    const ended = job.status?.conditions?.find(
      ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
    );
    const dueMs = timeMs(ended?.lastTransitionTime) + ttlSecondsAfterFinished * 1000;
    if (this.context.scheduler.now() < dueMs) {
      this.queue.addAt(key, dueMs);
      return;
    }
    const { namespace, name, uid = '' } = job.metadata;
    const options = { propagationPolicy: 'Foreground', preconditions: { uid } } as const;
    await this.context.client.delete(resources.Job, namespace, name, options).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  private async writeStatus(job: Job, status: JobStatus): Promise<void> {
    const current = this.jobs.getByKey(objectKey(job)) ?? job;
    if (sameJson(status, current.status)) return;
    this.jobs.observe(await this.context.client.updateStatus<Job>(resources.Job, { ...current, status }));
  }

  private tell(job: Job, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.events.record(job, type, reason, message, this.name);
  }
}

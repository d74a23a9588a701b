import {
  apiTime,
  isAlreadyExists,
  isNotFound,
  keyOf,
  objectKey,
  resources,
  sameJson,
  timeMs,
  type Informer,
  type KubeObject,
  type WorkQueue,
} from '@scalelab/kube';
import type { CronJob, CronJobStatus, Job } from '@scalelab/manifests';
import { conditionOf } from '../condition';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { isFinishedJob } from '../job/job-controller';
import { byController, controllerIndex, controllerOf, controllerReference } from '../owner';
import { dueRuns, manyMissed, timetableOf, type Timetable } from './due-runs';

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const defaultSuccessfulHistory = 3;
const defaultFailedHistory = 1;

/** Makes a Job whenever a CronJob is due, and forgets old ones. */
export class CronJobController implements Controller {
  readonly name = 'cronjob-controller';
  readonly queue: WorkQueue;
  private readonly cronJobs: Informer<CronJob>;
  private readonly jobs: Informer<Job>;

  constructor(private readonly context: ControllerContext) {
    this.queue = controllerQueue(context, this.name);
    this.cronJobs = context.informers.of<CronJob>(resources.CronJob);
    this.jobs = context.informers.of<Job>(resources.Job);
    this.jobs.addIndex(controllerIndex, byController);
    const enqueue = (cronJob: CronJob): void => this.queue.add(objectKey(cronJob));
    this.cronJobs.on({ added: enqueue, updated: enqueue });
    const ownerOf = (job: Job): void => {
      const owner = controllerOf(job);
      if (owner?.kind === 'CronJob') this.queue.add(keyOf(job.metadata.namespace, owner.name));
    };
    this.jobs.on({ added: ownerOf, updated: ownerOf, deleted: ownerOf });
  }

  async reconcile(key: string): Promise<void> {
    const cronJob = this.cronJobs.getByKey(key);
    if (cronJob === undefined || cronJob.metadata.deletionTimestamp !== undefined) return;
    const owned = this.jobs.byIndex(controllerIndex, cronJob.metadata.uid ?? '');
    await this.forgetOld(cronJob, owned);
    const timetable = this.timetable(cronJob);
    const seen = this.statusOf(cronJob, owned);
    const status =
      timetable === undefined || cronJob.spec.suspend
        ? seen
        : await this.runDue(key, cronJob, owned, timetable, seen);
    const current = this.cronJobs.getByKey(key) ?? cronJob;
    if (sameJson(status, current.status)) return;
    this.cronJobs.observe(
      await this.context.client.updateStatus<CronJob>(resources.CronJob, { ...current, status }),
    );
  }

  private timetable(cronJob: CronJob): Timetable | undefined {
    try {
      return timetableOf(cronJob);
    } catch (error) {
      // Retrying does not mend a schedule; an edit of it brings the key back.
      const why = error instanceof Error ? error.message : String(error);
      this.tell(
        cronJob,
        'Warning',
        'UnparseableSchedule',
        `unparseable schedule: ${JSON.stringify(cronJob.spec.schedule)}: ${why}`,
      );
      return undefined;
    }
  }

  private async runDue(
    key: string,
    cronJob: CronJob,
    owned: readonly Job[],
    timetable: Timetable,
    seen: CronJobStatus,
  ): Promise<CronJobStatus> {
    const { dueMs, missed, nextMs } = dueRuns(cronJob, timetable, this.context.scheduler.now());
    if (nextMs !== null) this.queue.addAt(key, nextMs);
    if (dueMs === undefined) return seen;
    if (missed > manyMissed) {
      this.tell(
        cronJob,
        'Warning',
        'TooManyMissedTimes',
        `too many missed start times: ${missed}. Set or decrease .spec.startingDeadlineSeconds or check clock skew`,
      );
    }
    const active = owned.filter((job) => !isFinishedJob(job));
    if (cronJob.spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
      // The end of the present Job brings the key back, and the run is still due then unless it has become too late.
      this.tell(
        cronJob,
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
      );
      return seen;
    }
    if (cronJob.spec.concurrencyPolicy === 'Replace')
      for (const job of active) await this.deleteJob(cronJob, job);
    const job = await this.createJob(cronJob, dueMs);
    const kept = cronJob.spec.concurrencyPolicy === 'Replace' ? [] : (seen.active ?? []);
    return {
      ...seen,
      lastScheduleTime: apiTime(dueMs),
      active: job === undefined ? kept : [...kept, referenceTo(job)],
    };
  }

  private async createJob(cronJob: CronJob, dueMs: number): Promise<Job | undefined> {
    const { jobTemplate } = cronJob.spec;
    const { namespace } = cronJob.metadata;
    // The minute in the name keeps one run from being made twice.
    const name = `${cronJob.metadata.name}-${Math.floor(dueMs / 60_000)}`;
    const wanted: KubeObject = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...jobTemplate.metadata?.labels },
        annotations: { ...jobTemplate.metadata?.annotations, [scheduledAnnotation]: apiTime(dueMs) },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec: jobTemplate.spec,
    };
    try {
      const job = await this.context.client.create<Job>(resources.Job, wanted);
      this.jobs.observe(job);
      this.tell(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
      return job;
    } catch (error) {
      if (isAlreadyExists(error)) return undefined;
      this.tell(
        cronJob,
        'Warning',
        'FailedCreate',
        `Error creating job: ${error instanceof Error ? error.message : String(error)}`,
      );
      throw error;
    }
  }

  private statusOf(cronJob: CronJob, owned: readonly Job[]): CronJobStatus {
    const before = cronJob.status ?? {};
    const active = owned.filter((job) => !isFinishedJob(job)).map(referenceTo);
    for (const { uid, name } of before.active ?? []) {
      const job = owned.find(({ metadata }) => metadata.uid === uid);
      if (job !== undefined && isFinishedJob(job)) {
        const how =
          conditionOf(job.status?.conditions, 'Complete')?.status === 'True' ? 'Complete' : 'Failed';
        this.tell(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${how}`);
      }
    }
    const completed = owned.map(({ status }) => status?.completionTime).filter((time) => time !== undefined);
    const latest = [...completed, before.lastSuccessfulTime]
      .filter((time) => time !== undefined)
      .toSorted()
      .at(-1);
    const { active: _active, ...rest } = before;
    return {
      ...rest,
      ...(active.length === 0 ? {} : { active }),
      ...(latest === undefined ? {} : { lastSuccessfulTime: latest }),
    };
  }

  private async forgetOld(cronJob: CronJob, owned: readonly Job[]): Promise<void> {
    const limits = {
      Complete: cronJob.spec.successfulJobsHistoryLimit ?? defaultSuccessfulHistory,
      Failed: cronJob.spec.failedJobsHistoryLimit ?? defaultFailedHistory,
    };
    for (const [type, limit] of Object.entries(limits)) {
      const ended = owned
        .filter(
          (job) =>
            conditionOf(job.status?.conditions, type)?.status === 'True' &&
            job.metadata.deletionTimestamp === undefined,
        )
        .toSorted((a, b) => timeMs(a.metadata.creationTimestamp) - timeMs(b.metadata.creationTimestamp));
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) await this.deleteJob(cronJob, job);
    }
  }

  private async deleteJob(cronJob: CronJob, job: Job): Promise<void> {
    const { namespace, name, uid = '' } = job.metadata;
    try {
      await this.context.client.delete(resources.Job, namespace, name, {
        propagationPolicy: 'Background',
        preconditions: { uid },
      });
      this.tell(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  private tell(cronJob: CronJob, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.events.record(cronJob, type, reason, message, this.name);
  }
}

function referenceTo(job: Job): NonNullable<CronJobStatus['active']>[number] {
  const { namespace, name, uid } = job.metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
  };
}

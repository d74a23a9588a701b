import type { CronJob } from '@scalelab/manifests';
import { timeMs } from '@scalelab/kube';
import { nextDue, parseSchedule, TimeZone, type CronSchedule } from '@scalelab/scaling';

/** More missed runs than this since the last one are a reason to warn, as in Kubernetes. */
export const manyMissed = 100;

export interface Timetable {
  readonly schedule: CronSchedule;
  readonly zone: TimeZone;
}

/**
 * When a CronJob runs. Without `timeZone` by UTC.
 * @throws Error for a schedule or time zone that cannot be read
 */
export function timetableOf(cronJob: CronJob): Timetable {
  const { schedule, timeZone } = cronJob.spec;
  const zone = TimeZone.load(timeZone ?? 'UTC');
  if (zone === undefined)
    throw new RangeError(`invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone`);
  return { schedule: parseSchedule(schedule, { descriptors: true }), zone };
}

export interface DueRuns {
  /** The latest run that is due and not too late, epoch ms. */
  readonly dueMs: number | undefined;
  /** Runs between the last one and now, that one included. */
  readonly missed: number;
  /** The next run to come; null: never. */
  readonly nextMs: number | null;
}

/** What is due at `nowMs`. Of several missed runs only the latest is made up for. */
export function dueRuns(cronJob: CronJob, { schedule, zone }: Timetable, nowMs: number): DueRuns {
  const created = timeMs(cronJob.metadata.creationTimestamp);
  const last = timeMs(cronJob.status?.lastScheduleTime);
  const deadline = cronJob.spec.startingDeadlineSeconds;
  let fromMs = Number.isNaN(last) ? created : last;
  if (deadline !== undefined) fromMs = Math.max(fromMs, nowMs - deadline * 1000);
  let dueMs: number | undefined;
  let missed = 0;
  let nextMs = nextDue(schedule, fromMs, zone);
  while (nextMs !== null && nextMs <= nowMs) {
    dueMs = nextMs;
    missed++;
    if (missed > manyMissed) {
      // Long asleep: step towards now in halves instead of walking every run.
      const leap = nextDue(schedule, nextMs + Math.max(1000, (nowMs - nextMs) / 2), zone);
      if (leap !== null && leap <= nowMs) {
        nextMs = leap;
        continue;
      }
    }
    nextMs = nextDue(schedule, nextMs, zone);
  }
  return { dueMs, missed, nextMs };
}

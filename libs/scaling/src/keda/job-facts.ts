import { type JobCounts } from './job-strategy';
import { type ScaledJobSpec } from './scaled-job';

/** A Job of a ScaledJob as the cluster shows it. */
export interface JobFacts {
  readonly name: string;
  /** Its true Complete or Failed condition; null: unfinished. */
  readonly finished: 'Complete' | 'Failed' | null;
  /** status.completionTime in epoch milliseconds. */
  readonly completedMs?: number;
  /** Annotation scaledjob.keda.sh/generation. */
  readonly generation?: string;
  readonly pods: readonly {
    readonly phase: string;
    /** Types of the conditions that are true. */
    readonly conditions?: readonly string[];
  }[];
}

/** Unfinished Jobs, and those of them whose pods have not come far enough. */
export function countJobs(jobs: readonly JobFacts[], spec: ScaledJobSpec): JobCounts {
  const unfinished = jobs.filter((job) => job.finished === null);
  const wanted = spec.scalingStrategy?.pendingPodConditions ?? [];
  const pending = unfinished.filter((job) =>
    wanted.length > 0
      ? !job.pods.some((pod) => wanted.every((condition) => pod.conditions?.includes(condition)))
      : !job.pods.some((pod) => pod.phase === 'Running' || pod.phase === 'Succeeded'),
  );
  return { running: unfinished.length, pending: pending.length };
}

const defaultHistoryLimit = 100;

/** Finished Jobs beyond the history limits, oldest first, completed ones before failed ones. */
export function expiredJobs(jobs: readonly JobFacts[], spec: ScaledJobSpec): readonly JobFacts[] {
  const beyond = (finished: JobFacts['finished'], limit: number): readonly JobFacts[] => {
    const kind = jobs.filter((job) => job.finished === finished).sort(byCompletion);
    return kind.slice(0, Math.max(0, kind.length - limit));
  };
  return [
    ...beyond('Complete', spec.successfulJobsHistoryLimit ?? defaultHistoryLimit),
    ...beyond('Failed', spec.failedJobsHistoryLimit ?? defaultHistoryLimit),
  ];
}

/** Jobs without a completion time stay where they are. */
const byCompletion = (a: JobFacts, b: JobFacts): number =>
  a.completedMs === undefined || b.completedMs === undefined ? 0 : a.completedMs - b.completedMs;

/** Jobs of an older generation, which a rollout that is not gradual deletes. */
export function outdatedJobs(
  jobs: readonly JobFacts[],
  spec: ScaledJobSpec,
  generation: number,
): readonly JobFacts[] {
  if ((spec.rolloutStrategy || spec.rollout?.strategy) === 'gradual') return [];
  return jobs.filter((job) => job.generation !== String(generation));
}

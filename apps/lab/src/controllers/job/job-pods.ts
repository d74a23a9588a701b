import { timeMs } from '@scalelab/kube';
import type { Job, Pod } from '@scalelab/manifests';

/** Kubernetes' default of spec.backoffLimit. */
const defaultBackoffLimit = 6;
const firstBackoffMs = 10_000;
const longestBackoffMs = 600_000;

/** A Job's pods by how they stand. */
export interface JobPods {
  readonly active: readonly Pod[];
  readonly succeeded: readonly Pod[];
  readonly failed: readonly Pod[];
  /** Asked to stop but not gone yet. */
  readonly terminating: readonly Pod[];
  /** All that ever succeeded, those that have been cleaned up too. */
  readonly succeededCount: number;
  readonly failedCount: number;
}

/** Counts each finished pod once, also after it has been deleted. */
export class JobTally {
  private readonly succeeded = new Set<string>();
  private readonly failed = new Set<string>();
  private earlier: { readonly succeeded: number; readonly failed: number } | undefined;

  /** @param status of the Job as found: what another life of this controller had counted */
  constructor(private readonly status: Job['status']) {}

  count(pods: readonly Pod[]): JobPods {
    const phase = (pod: Pod): string => pod.status?.phase ?? 'Pending';
    const finished = (pod: Pod): boolean => phase(pod) === 'Succeeded' || phase(pod) === 'Failed';
    const going = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;
    const succeeded = pods.filter((pod) => phase(pod) === 'Succeeded');
    const failed = pods.filter((pod) => phase(pod) === 'Failed');
    for (const { metadata } of succeeded) this.succeeded.add(metadata.uid ?? '');
    for (const { metadata } of failed) this.failed.add(metadata.uid ?? '');
    this.earlier ??= {
      succeeded: Math.max(0, (this.status?.succeeded ?? 0) - this.succeeded.size),
      failed: Math.max(0, (this.status?.failed ?? 0) - this.failed.size),
    };
    return {
      active: pods.filter((pod) => !finished(pod) && !going(pod)),
      succeeded,
      failed,
      terminating: pods.filter((pod) => !finished(pod) && going(pod)),
      succeededCount: this.earlier.succeeded + this.succeeded.size,
      failedCount: this.earlier.failed + this.failed.size,
    };
  }
}

/** Successes wanted; undefined: a work queue, whose pods know themselves when there is no more work. */
function completionsOf({ spec }: Job): number | undefined {
  return spec.completions ?? (spec.parallelism === undefined ? 1 : undefined);
}

export const backoffLimit = (job: Job): number => job.spec.backoffLimit ?? defaultBackoffLimit;

/** Restarts of all containers of pods that restart in place: they count as failures too. */
export function restartsOf(pods: readonly Pod[]): number {
  const counts = pods.flatMap((pod) => [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []),
  ]);
  return counts.reduce((total, { restartCount }) => total + restartCount, 0);
}

/** How many pods should run now. */
export function wantedActive(job: Job, pods: JobPods): number {
  const parallelism = job.spec.parallelism ?? 1;
  const completions = completionsOf(job);
  if (job.spec.suspend) return 0;
  if (completions === undefined) {
    // A work queue: the first success means that there is no more work.
    return pods.succeededCount > 0 ? pods.active.length : parallelism;
  }
  return Math.max(0, Math.min(parallelism, completions - pods.succeededCount));
}

/** Has everything asked for succeeded? */
export function isComplete(job: Job, pods: JobPods): boolean {
  const running = pods.active.length + pods.terminating.length;
  const completions = completionsOf(job);
  if (completions === undefined) return pods.succeededCount > 0 && running === 0;
  return pods.succeededCount >= completions;
}

/** When a pod ended, epoch ms; NaN while that is not known. */
function endedMs(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map(({ state }) =>
    timeMs(state?.terminated?.finishedAt),
  );
  const known = ends.filter((ms) => !Number.isNaN(ms));
  if (known.length > 0) return Math.max(...known);
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  return timeMs(ready?.lastTransitionTime ?? pod.metadata.creationTimestamp);
}

/** When the next pod may be made after failures: 10 s after the last one, doubled for each since the last success, at most 10 min. */
export function nextAttemptMs(pods: JobPods): number {
  const lastSuccess = Math.max(-Infinity, ...pods.succeeded.map(endedMs));
  const since = pods.failed.map(endedMs).filter((ms) => !(ms <= lastSuccess));
  if (since.length === 0) return -Infinity;
  return Math.max(...since) + Math.min(longestBackoffMs, firstBackoffMs * 2 ** (since.length - 1));
}

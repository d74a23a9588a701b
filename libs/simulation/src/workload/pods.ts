import type { ContainerResources, HpaPod } from '@scalelab/scaling';
import type { WorkloadModel } from './workload-model';

interface Cohort {
  count: number;
  readonly createdAtMs: number;
  readonly runningAtMs: number;
  readonly readyAtMs: number;
}

/** The pods of the workload, in groups that were created together. Those not ready go first. */
export class Pods {
  private cohorts: Cohort[] = [];
  /** Pods that exist. */
  count = 0;
  /** Pods that are ready and work. */
  ready = 0;

  constructor(private readonly model: Pick<WorkloadModel, 'startUpSeconds' | 'readinessSeconds'>) {}

  /** Pods that run already when the simulation begins. */
  begin(count: number, nowMs: number): void {
    const before = nowMs - 3_600_000;
    if (count > 0) this.cohorts.push({ count, createdAtMs: before, runningAtMs: before, readyAtMs: before });
    this.count = count;
    this.ready = count;
  }

  /** Gives the moment when new pods become ready, null when none were made. */
  scale(replicas: number, nowMs: number): number | null {
    if (replicas > this.count) {
      const runningAtMs = nowMs + this.model.startUpSeconds * 1_000;
      const readyAtMs = runningAtMs + this.model.readinessSeconds * 1_000;
      this.cohorts.push({ count: replicas - this.count, createdAtMs: nowMs, runningAtMs, readyAtMs });
      this.count = replicas;
      this.settle(nowMs);
      return readyAtMs;
    }
    let surplus = this.count - replicas;
    for (let i = this.cohorts.length - 1; i >= 0 && surplus > 0; i--) {
      const cohort = this.cohorts[i];
      if (cohort === undefined) continue;
      const gone = Math.min(cohort.count, surplus);
      cohort.count -= gone;
      surplus -= gone;
    }
    this.cohorts = this.cohorts.filter(({ count }) => count > 0);
    this.count = replicas;
    this.settle(nowMs);
    return null;
  }

  /** Ready pods die, the oldest first, and are replaced at once. Gives how many did, and when the new ones are ready. */
  kill(count: number, nowMs: number): { readonly killed: number; readonly readyAtMs: number } {
    let left = count;
    for (const cohort of this.cohorts) {
      if (cohort.readyAtMs > nowMs) continue;
      const gone = Math.min(cohort.count, left);
      cohort.count -= gone;
      left -= gone;
    }
    const killed = count - left;
    const runningAtMs = nowMs + this.model.startUpSeconds * 1_000;
    const readyAtMs = runningAtMs + this.model.readinessSeconds * 1_000;
    this.cohorts = this.cohorts.filter((cohort) => cohort.count > 0);
    if (killed > 0) this.cohorts.push({ count: killed, createdAtMs: nowMs, runningAtMs, readyAtMs });
    this.settle(nowMs);
    return { killed, readyAtMs };
  }

  /** Counts anew who is ready. */
  settle(nowMs: number): void {
    this.ready = this.cohorts.reduce(
      (sum, { count, readyAtMs }) => sum + (readyAtMs <= nowMs ? count : 0),
      0,
    );
  }

  /** As the HPA controller sees them. @param usage of one ready pod; others use nothing yet */
  list(
    nowMs: number,
    requests: ContainerResources | undefined,
    usage: ContainerResources | undefined,
  ): HpaPod[] {
    const pods: HpaPod[] = [];
    const idle = usage && idleOf(usage);
    for (const [group, { count, createdAtMs, runningAtMs, readyAtMs }] of this.cohorts.entries()) {
      const runs = runningAtMs <= nowMs;
      const ready = readyAtMs <= nowMs;
      const used = ready ? usage : idle;
      for (let i = 0; i < count; i++)
        pods.push({
          name: `pod-${group}-${i}`,
          phase: runs ? 'Running' : 'Pending',
          ready,
          readySinceSecondsAgo: (nowMs - (ready ? readyAtMs : createdAtMs)) / 1_000,
          ...(runs ? { startedSecondsAgo: (nowMs - createdAtMs) / 1_000 } : {}),
          ...(runs && used ? { usage: used, metricAgeSeconds: 0, metricWindowSeconds: 15 } : {}),
          ...(requests ? { requests } : {}),
        });
    }
    return pods;
  }
}

function idleOf(usage: ContainerResources): ContainerResources {
  return Object.fromEntries(
    Object.entries(usage).map(([name, resources]) => [
      name,
      Object.fromEntries(Object.keys(resources).map((resource) => [resource, '0'])),
    ]),
  );
}

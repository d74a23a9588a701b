import type { HpaPod } from './input';
import type { ControllerFlags } from './controller-flags';

/** How the controller sees a pod's sample. */
export const PodGroup = {
  /** Counted with its sample. */
  ready: 0,
  /** Pending, or (cpu only) not ready yet: its sample is dropped. */
  unready: 1,
  /** Has no sample. */
  missing: 2,
  /** Failed or being deleted: left out. */
  ignored: 3,
} as const;
export type PodGroup = (typeof PodGroup)[keyof typeof PodGroup];

/** The group of a pod. `cpu`: the metric is the cpu resource, whose samples during start-up are not trusted. */
export function groupOf(pod: HpaPod, hasSample: boolean, cpu: boolean, flags: ControllerFlags): PodGroup {
  if (pod.deleted === true || pod.phase === 'Failed') return PodGroup.ignored;
  if (pod.phase === 'Pending') return PodGroup.unready;
  if (!hasSample) return PodGroup.missing;
  return cpu && isStarting(pod, flags) ? PodGroup.unready : PodGroup.ready;
}

function isStarting(pod: HpaPod, flags: ControllerFlags): boolean {
  if (pod.ready === null || pod.startedSecondsAgo == null) return true;
  const started = milliseconds(pod.startedSecondsAgo);
  const readySince = milliseconds(pod.readySinceSecondsAgo ?? 0);
  if (flags.cpuInitializationPeriodSeconds * 1000 > started) {
    const sampleAge = milliseconds(pod.metricAgeSeconds ?? 0);
    // The sample must cover a whole window since the last change of readiness.
    return pod.ready === false || sampleAge > readySince - milliseconds(pod.metricWindowSeconds ?? 0);
  }
  // Not ready since its first moments: it has never been ready.
  return pod.ready === false && readySince > started - flags.initialReadinessDelaySeconds * 1000;
}

/** Whole milliseconds, so that ages such as 29.7 s compare exactly. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** Pods that count for a Value target: running with Ready=True, even while they are being deleted. */
export function readyPods(pods: readonly HpaPod[]): number {
  let ready = 0;
  for (const pod of pods)
    if ((pod.phase ?? 'Running') === 'Running' && (pod.ready === undefined || pod.ready === true)) ready++;
  return ready;
}

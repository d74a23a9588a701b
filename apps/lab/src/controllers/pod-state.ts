import { timeMs } from '@scalelab/kube';
import type { Pod } from '@scalelab/manifests';
import { conditionOf } from './condition';

/** Neither finished nor going away: it counts towards its owner's replicas. */
export function isActivePod(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;
}

export function isReadyPod(pod: Pod): boolean {
  return conditionOf(pod.status?.conditions, 'Ready')?.status === 'True';
}

/** When the Ready condition last changed, epoch ms; NaN without one. */
export function readySinceMs(pod: Pod): number {
  return timeMs(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime);
}

/** When a ready pod counts as available, epoch ms; undefined while it is not ready. */
export function availableAtMs(pod: Pod, minReadySeconds: number): number | undefined {
  if (!isReadyPod(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = readySinceMs(pod);
  return Number.isNaN(since) ? undefined : since + minReadySeconds * 1000;
}

export function isAvailablePod(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  const atMs = availableAtMs(pod, minReadySeconds);
  return atMs !== undefined && atMs <= nowMs;
}

/** Restarts of all containers together; the largest of one decides in ranking. */
export function mostRestarts(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
}

import { timeMs } from '@scalelab/kube';
import type { Pod } from '@scalelab/manifests';
import { isReadyPod, mostRestarts, readySinceMs } from '../pod-state';

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** The annotation's int32; anything else counts 0. */
function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[costAnnotation];
  if (text === undefined || !/^(0|-?[1-9]\d*)$/.test(text)) return 0;
  const cost = Number(text);
  return Math.abs(cost) < 2 ** 31 ? cost : 0;
}

/** Ages are compared by their power of two, so that which of two nearly equally old pods goes is not always the younger. */
function ageRank(sinceMs: number, nowMs: number): number {
  const seconds = Math.floor((nowMs - sinceMs) / 1000);
  return seconds <= 0 ? -1 : Math.floor(Math.log2(seconds));
}

function compareAge(aMs: number, bMs: number, nowMs: number, a: Pod, b: Pod): number {
  if (Number.isNaN(aMs) !== Number.isNaN(bMs)) return Number.isNaN(aMs) ? -1 : 1;
  if (Number.isNaN(aMs) || aMs === bMs) return 0;
  const difference = ageRank(aMs, nowMs) - ageRank(bMs, nowMs);
  if (difference !== 0) return difference;
  return (a.metadata.uid ?? '') < (b.metadata.uid ?? '') ? -1 : 1;
}

/**
 * The order in which a ReplicaSet gives pods up, as in Kubernetes (ActivePodsWithRanks): unassigned first, then pending, not ready, cheap by
 * pod-deletion-cost, ready for a shorter time, restarted more often, newer. Negative: `a` goes before `b`.
 */
export function compareForDeletion(a: Pod, b: Pod, nowMs: number): number {
  const assigned = Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName));
  if (assigned !== 0) return assigned;
  const phase = (phaseRank[a.status?.phase ?? ''] ?? 0) - (phaseRank[b.status?.phase ?? ''] ?? 0);
  if (phase !== 0) return phase;
  const ready = Number(isReadyPod(a)) - Number(isReadyPod(b));
  if (ready !== 0) return ready;
  const cost = deletionCost(a) - deletionCost(b);
  if (cost !== 0) return cost;
  if (isReadyPod(a) && isReadyPod(b)) {
    const readyAge = compareAge(readySinceMs(a), readySinceMs(b), nowMs, a, b);
    if (readyAge !== 0) return readyAge;
  }
  const restarts = mostRestarts(b) - mostRestarts(a);
  if (restarts !== 0) return restarts;
  return compareAge(timeMs(a.metadata.creationTimestamp), timeMs(b.metadata.creationTimestamp), nowMs, a, b);
}

/** The `count` pods to delete. */
export function podsToDelete(pods: readonly Pod[], count: number, nowMs: number): Pod[] {
  if (count >= pods.length) return [...pods];
  return pods.toSorted((a, b) => compareForDeletion(a, b, nowMs)).slice(0, Math.max(0, count));
}

import type { Deployment, IntOrString } from '@scalelab/manifests';

/** The absolute number behind `3` or `"25%"`. */
export function resolveIntOrPercent(value: IntOrString, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value);
  if (percent === null) return Number.parseInt(value, 10) || 0;
  const exact = (Number(percent[1]) * total) / 100;
  return roundUp ? Math.ceil(exact) : Math.floor(exact);
}

export interface RolloutLimits {
  /** Pods beyond spec.replicas that may exist during a rollout. */
  readonly maxSurge: number;
  /** Pods below spec.replicas that may be unavailable during a rollout. */
  readonly maxUnavailable: number;
}

export function wantedReplicas(deployment: Deployment): number {
  return deployment.spec.replicas ?? 1;
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type !== 'Recreate';
}

/** maxSurge rounds up, maxUnavailable down; both zero would never move, so one pod may then be unavailable. Default 25 % each. */
export function rolloutLimits(deployment: Deployment): RolloutLimits {
  if (!isRollingUpdate(deployment)) return { maxSurge: 0, maxUnavailable: 0 };
  const replicas = wantedReplicas(deployment);
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = resolveIntOrPercent(maxSurge, replicas, true);
  const unavailable = resolveIntOrPercent(maxUnavailable, replicas, false);
  if (surge === 0 && unavailable === 0) return { maxSurge: 0, maxUnavailable: 1 };
  return { maxSurge: surge, maxUnavailable: Math.min(unavailable, replicas) };
}

/** A ReplicaSet as the arithmetic of a rollout sees it. */
export interface ReplicaCounts {
  readonly name: string;
  /** spec.replicas. */
  readonly wanted: number;
  readonly available: number;
}

const sum = (counts: readonly ReplicaCounts[], of: (count: ReplicaCounts) => number): number =>
  counts.reduce((total, count) => total + of(count), 0);

/** How large the new ReplicaSet may be now. */
export function newReplicaCount(
  replicas: number,
  limits: RolloutLimits,
  rolling: boolean,
  fresh: ReplicaCounts,
  old: readonly ReplicaCounts[],
): number {
  if (!rolling) return replicas;
  if (fresh.wanted >= replicas) return replicas;
  const room = replicas + limits.maxSurge - sum([fresh, ...old], (count) => count.wanted);
  return room <= 0 ? fresh.wanted : fresh.wanted + Math.min(room, replicas - fresh.wanted);
}

/** Smaller sizes for old ReplicaSets, oldest first: unavailable pods go before available ones, and never below the minimum available. */
export function oldReplicaCounts(
  replicas: number,
  limits: RolloutLimits,
  fresh: ReplicaCounts,
  oldestFirst: readonly ReplicaCounts[],
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const all = [fresh, ...oldestFirst];
  const minAvailable = replicas - limits.maxUnavailable;
  const freshUnavailable = fresh.wanted - fresh.available;
  let budget = sum(all, (count) => count.wanted) - minAvailable - freshUnavailable;
  if (budget <= 0) return sizes;
  for (const { name, wanted, available } of oldestFirst) {
    const unhealthy = Math.min(budget, Math.max(0, wanted - available));
    if (unhealthy === 0) continue;
    sizes.set(name, wanted - unhealthy);
    budget -= unhealthy;
  }
  let surplus = sum(all, (count) => count.available) - minAvailable;
  for (const { name, wanted } of oldestFirst) {
    const size = sizes.get(name) ?? wanted;
    const less = Math.min(size, Math.max(0, surplus));
    if (less === 0) continue;
    sizes.set(name, size - less);
    surplus -= less;
  }
  return sizes;
}

/** A ReplicaSet in a rollout that is scaled midway; `annotatedMax` is the most pods that were allowed when it was last scaled. */
export interface ProportionalCounts extends ReplicaCounts {
  readonly annotatedMax: number;
  readonly createdMs: number;
}

/** Shares a change of spec.replicas in the middle of a rollout among the ReplicaSets by their sizes, so that the rollout goes on as it was. */
export function proportionalCounts(
  replicas: number,
  limits: RolloutLimits,
  active: readonly ProportionalCounts[],
): ReadonlyMap<string, number> {
  const allowed = replicas > 0 ? replicas + limits.maxSurge : 0;
  const toAdd = allowed - sum(active, (count) => count.wanted);
  // Growth goes to the largest and newest first, shrinking to the largest and oldest.
  const newer = toAdd > 0 ? 1 : -1;
  const ordered = active.toSorted((a, b) => b.wanted - a.wanted || (b.createdMs - a.createdMs) * newer);
  const sizes = new Map<string, number>();
  let added = 0;
  for (const { name, wanted, annotatedMax } of ordered) {
    const share = toAdd === 0 ? 0 : proportion(wanted, annotatedMax, allowed, toAdd, added);
    sizes.set(name, wanted + share);
    added += share;
  }
  const [largest] = ordered;
  const rest = toAdd - added;
  if (largest !== undefined && rest !== 0) {
    sizes.set(largest.name, Math.max(0, (sizes.get(largest.name) ?? largest.wanted) + rest));
  }
  return sizes;
}

function proportion(
  wanted: number,
  annotatedMax: number,
  allowed: number,
  toAdd: number,
  added: number,
): number {
  if (wanted === 0 || toAdd === added) return 0;
  const base = annotatedMax > 0 ? annotatedMax : allowed;
  const fraction = Math.round((wanted * allowed) / base) - wanted;
  const left = toAdd - added;
  return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

import type { HpaStatus } from './decision';
import type { ContainerResources } from './input';
import type { HpaPlan } from './plan';

export interface Recommendation {
  readonly replicas: number;
  readonly atMs: number;
}

export interface ScaleEvent {
  /** Always above 0. */
  readonly change: number;
  readonly atMs: number;
  /** Older than every policy's period when another event was stored: its slot may be used again. Never taken back. */
  readonly outdated: boolean;
}

/** What the controller remembers of one HPA; lost when the controller restarts. */
export interface HpaMemory {
  /** null: the controller has not seen this HPA's scale yet. */
  readonly recommendations: readonly Recommendation[] | null;
  readonly scaleUpEvents: readonly ScaleEvent[];
  readonly scaleDownEvents: readonly ScaleEvent[];
}

export interface HpaState {
  readonly plan: HpaPlan;
  /** False between deletion and creation. */
  readonly exists: boolean;
  readonly memory: HpaMemory;
  readonly status: HpaStatus;
  /** Requests of pods that bring none of their own. */
  readonly podRequests: ContainerResources;
  /** The queued sync; null: none is queued. */
  readonly nextDueAtMs: number | null;
}

export const emptyMemory: HpaMemory = Object.freeze({
  recommendations: null,
  scaleUpEvents: Object.freeze([]),
  scaleDownEvents: Object.freeze([]),
});

export const emptyStatus: HpaStatus = Object.freeze({
  currentReplicas: 0,
  desiredReplicas: 0,
  conditions: Object.freeze([]),
  currentMetrics: Object.freeze([]),
});

import type { HpaTrace } from './trace';

export type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';

export interface HpaCondition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  /** When `status` last changed, as `nowMs`. */
  readonly lastTransitionMs: number;
}

/** One entry of `status.currentMetrics`, flattened. A metric that failed is an entry with type "". */
export interface CurrentMetric {
  readonly type: '' | 'Resource' | 'ContainerResource' | 'Pods' | 'Object' | 'External';
  readonly name?: string;
  readonly container?: string;
  /** Quantity. */
  readonly value?: string;
  /** Quantity. */
  readonly averageValue?: string;
  readonly averageUtilization?: number;
}

export interface HpaEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface HpaDecision {
  /** Maximum over the metrics before windows, policies and limits; absent where no metric was asked or none was usable. */
  readonly proposedReplicas?: number;
  /** `status.currentReplicas` after the sync. */
  readonly currentReplicas: number;
  /** `status.desiredReplicas` after the sync; after a failed sync the one of before (0 at first). */
  readonly desiredReplicas: number;
  /** The scale was updated. */
  readonly scaled: boolean;
  /** `spec.replicas` of the scale after the sync. */
  readonly specReplicasAfter: number;
  /** `status.conditions`, in the API's order. */
  readonly conditions: readonly HpaCondition[];
  readonly currentMetrics: readonly CurrentMetric[];
  readonly events: readonly HpaEvent[];
  /** What the controller logs as the sync's error. */
  readonly error?: string;
  /** The path to this decision, for `explainHpa`. */
  readonly trace: HpaTrace;
}

export interface HpaStatus {
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  /** Absent: never scaled. */
  readonly lastScaleTimeMs?: number;
  readonly conditions: readonly HpaCondition[];
  readonly currentMetrics: readonly CurrentMetric[];
}

/** What the caller has to do. `updateStatus` comes only when the status differs from the one before. */
export type HpaEffect =
  | { readonly kind: 'setScale'; readonly replicas: number }
  | { readonly kind: 'event'; readonly event: HpaEvent }
  | { readonly kind: 'updateStatus'; readonly status: HpaStatus };

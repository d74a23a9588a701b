import { type TriggerManifest } from '../trigger/trigger';

/** Metadata of a KEDA object, as far as KEDA looks at them. */
export interface KedaObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** Raised by every change of `spec`; a new generation makes the loop start anew. */
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
}

export type FallbackBehavior =
  'static' | 'currentReplicas' | 'currentReplicasIfHigher' | 'currentReplicasIfLower';

export interface ScalingModifiers {
  readonly formula?: string;
  readonly target?: string;
  readonly activationTarget?: string;
  readonly metricType?: string;
}

/** `spec.behavior` of an HPA. KEDA copies it without a look inside. */
export interface HpaBehavior {
  readonly scaleUp?: Readonly<Record<string, unknown>>;
  readonly scaleDown?: Readonly<Record<string, unknown>>;
}

export interface ScaledObjectSpec {
  readonly scaleTargetRef: {
    readonly name: string;
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly envSourceContainerName?: string;
  };
  /** Seconds between checks. Default 30. Only governs 0<->1 (and idle). */
  readonly pollingInterval?: number;
  /** Seconds after the last active check before N -> 0 (or idle). Default 300. Never governs N -> 1. */
  readonly cooldownPeriod?: number;
  /** Seconds after creation, while nothing has been active yet. Default 0. */
  readonly initialCooldownPeriod?: number;
  readonly idleReplicaCount?: number;
  /** Default 0; the HPA gets at least 1. */
  readonly minReplicaCount?: number;
  /** Default 100. */
  readonly maxReplicaCount?: number;
  readonly fallback?: {
    readonly failureThreshold?: number;
    readonly replicas?: number;
    readonly behavior?: FallbackBehavior;
  };
  readonly advanced?: {
    readonly restoreToOriginalReplicaCount?: boolean;
    readonly horizontalPodAutoscalerConfig?: { readonly name?: string; readonly behavior?: HpaBehavior };
    readonly scalingModifiers?: ScalingModifiers;
  };
  readonly triggers: readonly TriggerManifest[];
}

export type KedaConditionType = 'Ready' | 'Active' | 'Fallback' | 'Paused';
export type KedaConditionStatus = 'True' | 'False' | 'Unknown';
export interface KedaCondition {
  readonly type: KedaConditionType;
  readonly status: KedaConditionStatus;
  readonly reason?: string;
  readonly message?: string;
}

export interface TriggerHealth {
  readonly numberOfFailures: number;
  readonly status: 'Happy' | 'Failing';
}

export interface ScaleTargetGvkr {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
}

/** `status` of a ScaledObject, in the API's own shape. */
export interface ScaledObjectStatus {
  readonly scaleTargetKind?: string;
  readonly scaleTargetGVKR?: ScaleTargetGvkr;
  readonly originalReplicaCount?: number;
  /** RFC 3339 in whole seconds: the API keeps no fractions. */
  readonly lastActiveTime?: string;
  readonly externalMetricNames?: readonly string[];
  readonly resourceMetricNames?: readonly string[];
  readonly compositeScalerName?: string;
  readonly conditions?: readonly KedaCondition[];
  readonly health?: Readonly<Record<string, TriggerHealth>>;
  readonly triggersActivity?: Readonly<Record<string, { readonly isActive: boolean }>>;
  readonly pausedReplicaCount?: number;
  readonly hpaName?: string;
  readonly triggersTypes?: string;
  readonly authenticationsTypes?: string;
}

export interface ScaledObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: KedaObjectMeta;
  readonly spec: ScaledObjectSpec;
  readonly status?: ScaledObjectStatus;
}

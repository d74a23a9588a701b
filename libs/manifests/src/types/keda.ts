import type { HorizontalPodAutoscalerBehavior } from './autoscaling';
import type { JobSpec } from './batch';
import type { ObjectMeta, Time } from './meta';

/** `keda.sh/v1alpha1` as KEDA 2.19 defines it. */
export type ScaledObject = {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'ScaledObject';
  readonly metadata: ObjectMeta;
  readonly spec: ScaledObjectSpec;
  readonly status?: ScaledObjectStatus;
};

export type ScaledObjectSpec = {
  readonly scaleTargetRef: ScaleTarget;
  /** Seconds between polls; governs 0<->1 only (and cached metrics). Default 30. */
  readonly pollingInterval?: number;
  /** Seconds after the last active poll before N->0 (or ->idle). Default 300. */
  readonly cooldownPeriod?: number;
  /** Seconds from creation, instead of cooldownPeriod, while no poll has been active yet. Default 0. */
  readonly initialCooldownPeriod?: number;
  /** Replicas while no trigger is active; must be below minReplicaCount. Default: none. */
  readonly idleReplicaCount?: number;
  /** Default 0. */
  readonly minReplicaCount?: number;
  /** Default 100. */
  readonly maxReplicaCount?: number;
  readonly fallback?: ScaledObjectFallback;
  readonly advanced?: ScaledObjectAdvanced;
  readonly triggers: readonly ScaleTrigger[];
};

export type ScaleTarget = {
  readonly name: string;
  /** Default `apps/v1`. */
  readonly apiVersion?: string;
  /** Default `Deployment`. */
  readonly kind?: string;
  readonly envSourceContainerName?: string;
};

export type ScaledObjectFallback = {
  readonly failureThreshold: number;
  readonly replicas: number;
  /** Default `static`. */
  readonly behavior?: 'static' | 'currentReplicas' | 'currentReplicasIfHigher' | 'currentReplicasIfLower';
};

export type ScaledObjectAdvanced = {
  /** Default false. */
  readonly restoreToOriginalReplicaCount?: boolean;
  readonly horizontalPodAutoscalerConfig?: {
    /** Default `keda-hpa-<ScaledObject>`. */
    readonly name?: string;
    /** Copied as it is; absent stays absent, which is not the same as the default policies. */
    readonly behavior?: HorizontalPodAutoscalerBehavior;
  };
  readonly scalingModifiers?: {
    readonly formula?: string;
    readonly target?: string;
    /** Default `"0"`. */
    readonly activationTarget?: string;
    /** Default `AverageValue`. */
    readonly metricType?: 'AverageValue' | 'Value';
  };
};

export type ScaleTrigger = {
  readonly type: string;
  /** Every value is text, numbers too. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly name?: string;
  /** `AverageValue` (default), `Value`, or `Utilization` for cpu and memory. */
  readonly metricType?: string;
  /** Default false. */
  readonly useCachedMetrics?: boolean;
  readonly authenticationRef?: TriggerAuthenticationRef;
};

export type TriggerAuthenticationRef = {
  readonly name: string;
  /** Default `TriggerAuthentication`. */
  readonly kind?: string;
};

export type KedaCondition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
};

export type KedaHealth = { readonly numberOfFailures?: number; readonly status?: string };

export type ScaledObjectStatus = {
  readonly conditions?: readonly KedaCondition[];
  readonly externalMetricNames?: readonly string[];
  readonly resourceMetricNames?: readonly string[];
  readonly compositeScalerName?: string;
  readonly health?: Readonly<Record<string, KedaHealth>>;
  readonly hpaName?: string;
  readonly lastActiveTime?: Time;
  readonly originalReplicaCount?: number;
  readonly pausedReplicaCount?: number;
  readonly scaleTargetGVKR?: {
    readonly group: string;
    readonly kind: string;
    readonly resource: string;
    readonly version: string;
  };
  readonly scaleTargetKind?: string;
  readonly triggersTypes?: string;
  readonly authenticationsTypes?: string;
  readonly triggersActivity?: Readonly<Record<string, { readonly isActive?: boolean }>>;
};

export type ScaledJob = {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'ScaledJob';
  readonly metadata: ObjectMeta;
  readonly spec: ScaledJobSpec;
  readonly status?: ScaledJobStatus;
};

export type ScaledJobSpec = {
  readonly jobTargetRef: JobSpec;
  /** Seconds. Default 30. */
  readonly pollingInterval?: number;
  /** Default 100. */
  readonly successfulJobsHistoryLimit?: number;
  /** Default 100. */
  readonly failedJobsHistoryLimit?: number;
  readonly envSourceContainerName?: string;
  /** Default 0. */
  readonly minReplicaCount?: number;
  /** Default 100. */
  readonly maxReplicaCount?: number;
  readonly rolloutStrategy?: string;
  readonly rollout?: { readonly strategy?: string; readonly propagationPolicy?: string };
  readonly scalingStrategy?: {
    /** `default`, `custom`, `accurate` or `eager`. */
    readonly strategy?: string;
    readonly customScalingQueueLengthDeduction?: number;
    readonly customScalingRunningJobPercentage?: string;
    readonly pendingPodConditions?: readonly string[];
    readonly multipleScalersCalculation?: string;
  };
  readonly triggers: readonly ScaleTrigger[];
};

export type ScaledJobStatus = {
  readonly conditions?: readonly KedaCondition[];
  readonly externalMetricNames?: readonly string[];
  readonly lastActiveTime?: Time;
  readonly triggersTypes?: string;
  readonly authenticationsTypes?: string;
  readonly triggersActivity?: Readonly<Record<string, { readonly isActive?: boolean }>>;
  /** Capital P, as the CRD spells it. */
  readonly Paused?: string;
};

/** The parts that the triggers of this project read; the schema holds all of it. */
export type TriggerAuthenticationSpec = {
  readonly secretTargetRef?: readonly AuthSecretTarget[];
  readonly configMapTargetRef?: readonly AuthSecretTarget[];
  readonly env?: readonly {
    readonly parameter: string;
    readonly name: string;
    readonly containerName?: string;
  }[];
  readonly podIdentity?: {
    readonly provider: 'azure-workload' | 'gcp' | 'aws' | 'aws-eks' | 'none';
    readonly identityOwner?: 'keda' | 'workload';
    readonly roleArn?: string;
  };
  readonly filePath?: string;
};

export type AuthSecretTarget = { readonly parameter: string; readonly name: string; readonly key: string };

export type TriggerAuthentication = {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'TriggerAuthentication';
  readonly metadata: ObjectMeta;
  readonly spec: TriggerAuthenticationSpec;
};

export type ClusterTriggerAuthentication = {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'ClusterTriggerAuthentication';
  readonly metadata: ObjectMeta;
  readonly spec: TriggerAuthenticationSpec;
};

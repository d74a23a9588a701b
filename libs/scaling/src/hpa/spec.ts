/** The parts of an autoscaling/v2 HorizontalPodAutoscaler that decide anything, named as in the API. */

export type MetricTargetType = 'Utilization' | 'Value' | 'AverageValue';

/** A Kubernetes quantity; YAML also gives plain numbers. */
export type QuantityText = string | number;

export interface MetricTarget {
  readonly type: MetricTargetType;
  readonly value?: QuantityText;
  /** Per pod. */
  readonly averageValue?: QuantityText;
  /** Percent of the request. */
  readonly averageUtilization?: number;
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface MetricIdentifier {
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface CrossVersionObjectReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
}

export interface ResourceMetricSpec {
  readonly type: 'Resource';
  readonly resource: { readonly name: string; readonly target: MetricTarget };
}

export interface ContainerResourceMetricSpec {
  readonly type: 'ContainerResource';
  readonly containerResource: {
    readonly name: string;
    readonly container: string;
    readonly target: MetricTarget;
  };
}

export interface PodsMetricSpec {
  readonly type: 'Pods';
  readonly pods: { readonly metric: MetricIdentifier; readonly target: MetricTarget };
}

export interface ObjectMetricSpec {
  readonly type: 'Object';
  readonly object: {
    readonly describedObject: CrossVersionObjectReference;
    readonly metric: MetricIdentifier;
    readonly target: MetricTarget;
  };
}

export interface ExternalMetricSpec {
  readonly type: 'External';
  readonly external: { readonly metric: MetricIdentifier; readonly target: MetricTarget };
}

export type MetricSpec =
  ResourceMetricSpec | ContainerResourceMetricSpec | PodsMetricSpec | ObjectMetricSpec | ExternalMetricSpec;

export type SelectPolicy = 'Max' | 'Min' | 'Disabled';

export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

export interface ScalingRules {
  /** Seconds, 0..3600. scaleUp: default 0. scaleDown: default is the controller's downscale stabilisation (300). */
  readonly stabilizationWindowSeconds?: number | null;
  /** Default `Max`: the policy that allows the largest change. */
  readonly selectPolicy?: SelectPolicy | null;
  readonly policies?: readonly ScalingPolicy[] | null;
  /** A ratio: "50m" is 5 %. Read only where the gate HPAConfigurableTolerance is on. */
  readonly tolerance?: QuantityText | null;
}

export interface Behavior {
  readonly scaleUp?: ScalingRules | null;
  readonly scaleDown?: ScalingRules | null;
}

/** `spec` of a HorizontalPodAutoscaler as a user writes it; `hpaSync` applies the API server's defaults itself. */
export interface HpaSpec {
  /** Default 1. */
  readonly minReplicas?: number | null;
  readonly maxReplicas: number;
  /** Default: cpu at 80 % utilization. */
  readonly metrics?: readonly MetricSpec[] | null;
  /** Default none: the controller's older rule (double, or 4, a sync), which is not the same as the default policies. */
  readonly behavior?: Behavior | null;
}

/** A rule after defaulting: nothing is missing but the two that the controller fills in or ignores. */
export interface EffectiveScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy: SelectPolicy;
  readonly policies: readonly ScalingPolicy[];
  /** As the API prints it. */
  readonly tolerance?: string;
}

export interface EffectiveBehavior {
  readonly scaleUp: EffectiveScalingRules;
  readonly scaleDown: EffectiveScalingRules;
}

/** `spec` after the API server's defaulting. */
export interface EffectiveHpaSpec {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly MetricSpec[];
  readonly behavior: EffectiveBehavior | null;
}

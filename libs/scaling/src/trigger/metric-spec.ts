import { type Milli } from './milli';

/** How the HPA reads a target. */
export type TriggerMetricType = 'AverageValue' | 'Value' | 'Utilization';

/** A target of autoscaling/v2, quantities in canonical text ("10", "250m", "512Mi"). */
export interface TriggerMetricTarget {
  readonly type: TriggerMetricType;
  readonly averageValue?: string;
  readonly value?: string;
  readonly averageUtilization?: number;
}

/** One entry of an HPA's `spec.metrics`, as autoscaling/v2 writes it. */
export interface TriggerMetricSpec {
  readonly type: 'External' | 'Resource' | 'ContainerResource';
  readonly external?: {
    readonly metric: {
      readonly name: string;
      readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
    };
    readonly target: TriggerMetricTarget;
  };
  readonly resource?: { readonly name: string; readonly target: TriggerMetricTarget };
  readonly containerResource?: {
    readonly name: string;
    readonly container: string;
    readonly target: TriggerMetricTarget;
  };
}

/** One value of an external metric. */
export interface ExternalMetricValue {
  readonly name: string;
  readonly valueMilli: Milli;
}

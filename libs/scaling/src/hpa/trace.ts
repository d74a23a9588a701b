import type { Int64 } from '../quantity/int64';
import type { TargetKind } from './plan';

/** How one metric came to its proposal; numbers are milli-units unless they say otherwise. */
export interface MetricTrace {
  readonly index: number;
  readonly type: 'Resource' | 'ContainerResource' | 'Pods' | 'Object' | 'External';
  readonly target: TargetKind;
  /** Metric or resource name. */
  readonly name: string;
  readonly container?: string;
  /** Target in milli-units, or percent for Utilization. */
  readonly targetValue: Int64;
  /** Sum (External, Object), average per pod (Pods, resource AverageValue) in milli-units, or percent (Utilization). */
  readonly value?: Int64;
  /** Usage over target. */
  readonly ratio?: number;
  /** Usage over target after missing and unready pods were filled in. */
  readonly paddedRatio?: number;
  /** Replicas or pods that the ratio was multiplied with or divided by. */
  readonly base?: number;
  readonly pods?: {
    readonly ready: number;
    readonly unready: number;
    readonly missing: number;
    readonly ignored: number;
  };
  readonly outcome:
    /** Within tolerance: the count stays. */
    | 'held'
    /** A new count from the arithmetic. */
    | 'computed'
    /** Filling in missing or unready pods turned the direction: the count stays. */
    | 'reversed'
    /** No count: see `error`. */
    | 'failed';
  readonly proposal?: number;
  readonly error?: string;
}

/** One scaling policy as it was applied. */
export interface PolicyTrace {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
  /** Replicas at the start of the period: current - added + removed. */
  readonly periodStart: number;
  /** Count that this policy allows. */
  readonly allows: number;
}

export interface StabilizationTrace {
  /** `legacy`: the 300 s maximum of a HPA without `behavior`. */
  readonly path: 'legacy' | 'behavior';
  readonly from: number;
  readonly to: number;
  readonly windowSeconds: number;
  /** The recommendation that holds the count is gone after this moment; absent where nothing is held. */
  readonly heldUntilMs?: number;
}

export interface LimitTrace {
  readonly reason:
    'DesiredWithinRange' | 'ScaleUpLimit' | 'ScaleDownLimit' | 'TooManyReplicas' | 'TooFewReplicas';
  readonly wanted: number;
  readonly result: number;
  /** The rate limit, where one was computed. */
  readonly rate?: number;
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled';
  readonly policies?: readonly PolicyTrace[];
}

/** The whole path of one decision, as data; `explainHpa` makes words of it. */
export interface HpaTrace {
  readonly nowMs: number;
  readonly path:
    /** Metrics were asked. */
    | 'metrics'
    /** The target has 0 replicas: autoscaling is off. */
    | 'disabled'
    | 'aboveMax'
    | 'belowMin'
    /** The scale could not be read. */
    | 'noScale'
    /** The scale has no selector, or other HPAs select the same pods. */
    | 'noSelector'
    /** All metrics failed, or some failed and the others wanted fewer replicas. */
    | 'noMetrics'
    /** The HPA is deleted; its memory was dropped. */
    | 'gone';
  readonly specReplicas: number;
  readonly statusReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly tolerance: { readonly down: number; readonly up: number };
  /** The HPAs that select the same pods, where there is more than one. */
  readonly selectedBy?: readonly string[];
  readonly metrics: readonly MetricTrace[];
  /** The maximum over the metrics; absent where there was none. */
  readonly proposal?: number;
  /** Index of the metric that decided; absent where none did. */
  readonly winner?: number;
  readonly stabilization?: StabilizationTrace;
  readonly limit?: LimitTrace;
  readonly desired: number;
  readonly scaled: boolean;
  readonly error?: string;
}

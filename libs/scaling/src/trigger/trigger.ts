import { type ExternalMetricValue, type TriggerMetricSpec } from './metric-spec';
import { type Milli } from './milli';
import { type TriggerObservation } from './observation';

/** The triggers whose maths are here. */
export type TriggerType =
  | 'aws-sqs-queue'
  | 'kafka'
  | 'prometheus'
  | 'cron'
  | 'cpu'
  | 'memory'
  | 'external-push'
  | 'metrics-api'
  | 'kubernetes-workload';

/** A trigger as a ScaledObject or ScaledJob writes it. */
export interface TriggerManifest {
  readonly type: string;
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly metricType?: string;
  readonly useCachedMetrics?: boolean;
  readonly authenticationRef?: { readonly name: string; readonly kind?: string };
}

/** The part of an InterceptorRoute that scales: `spec.scalingMetric`. Durations in Go's words ("1m", "500ms"). */
export interface InterceptorRouteMetrics {
  readonly concurrency?: { readonly targetValue: number };
  readonly requestRate?: {
    readonly targetValue: number;
    readonly window?: string;
    readonly granularity?: string;
  };
}

/** What a trigger knows beside its own metadata. Everything is optional. */
export interface TriggerContext {
  /** Position in `spec.triggers`, part of the metric's name. Default 0. */
  readonly index?: number;
  /** `metricType` of the trigger; empty means AverageValue (cpu and memory need one). */
  readonly metricType?: string;
  /** Namespace of the ScaledObject. Default `default`. */
  readonly namespace?: string;
  /** Resolved parameters of the TriggerAuthentication. */
  readonly authParams?: Readonly<Record<string, string>>;
  /** Provider of the pod identity of the TriggerAuthentication, for example `aws`. */
  readonly podIdentity?: string;
  /** Environment of the target's container, for `...FromEnv` parameters. */
  readonly env?: Readonly<Record<string, string>>;
  /** The trigger only feeds a formula: a missing target is then no error. */
  readonly asMetricSource?: boolean;
  /** For external-push: the route the metadata name, as the scaler of the HTTP add-on reads it. */
  readonly interceptorRoute?: InterceptorRouteMetrics;
}

/** Why metadata were refused or a value could not be had. */
export type TriggerErrorCode =
  /** No trigger of that type is known here. */
  | 'UnknownTrigger'
  /** The metric type does not fit the trigger. */
  | 'BadMetricType'
  /** The metadata are refused; KEDA says the same words. */
  | 'BadMetadata'
  /** KEDA itself would crash on this input; the message is ours. */
  | 'WouldPanic'
  /** The source could not be reached or said no. */
  | 'SourceFailed'
  /** The source answered, but not with a value. */
  | 'BadAnswer'
  /** The observation is not of the kind this trigger asks for: an error of the caller. */
  | 'WrongObservation';

export interface TriggerFailure {
  readonly ok: false;
  readonly code: TriggerErrorCode;
  readonly message: string;
}

/** Taken metadata. `settings` are the parsed values, private to the trigger's file. */
export interface ParsedTrigger {
  readonly ok: true;
  readonly type: TriggerType;
  /** The metrics the HPA gets, without selector. Empty when the scaler cannot say (external-push out of reach). */
  readonly metricSpecs: readonly TriggerMetricSpec[];
  /** Memory of a newly built scaler. */
  readonly initialState: TriggerState;
  readonly settings: unknown;
}

/** What a scaler remembers from query to query: Kafka's previous offsets, the interceptors' rate window. Plain data. */
export type TriggerState = unknown;

export interface TriggerValue {
  readonly ok: true;
  /** One value per external metric of the trigger; none for cpu and memory, which the HPA reads itself. */
  readonly metrics: readonly ExternalMetricValue[];
  readonly isActive: boolean;
  /** The value must be above this to be active. */
  readonly activationMilli?: Milli;
  readonly state: TriggerState;
  /** The arithmetic in a few words, for explanations: "lag 45 over 3 partitions". */
  readonly how: string;
}
export type TriggerResult = TriggerValue | (TriggerFailure & { readonly state: TriggerState });

/** One kind of trigger: how its metadata are read and how an answer becomes a value. Both throw TriggerError. */
export interface TriggerMaths<Settings> {
  parse(metadata: Readonly<Record<string, string>>, context: TriggerContext): TriggerReading<Settings>;
  evaluate(
    settings: Settings,
    state: TriggerState,
    observation: TriggerObservation,
    nowMs: number,
  ): TriggerReckoning;
}

export interface TriggerReading<Settings> {
  readonly settings: Settings;
  readonly metricSpecs: readonly TriggerMetricSpec[];
  readonly initialState?: TriggerState;
}

/** Values in the order of the metric specs. */
export interface TriggerReckoning {
  readonly valueMilli: readonly Milli[];
  readonly isActive: boolean;
  readonly activationMilli?: Milli;
  readonly state: TriggerState;
  readonly how: string;
}

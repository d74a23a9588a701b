import { type ExternalMetricValue } from '../trigger/metric-spec';
import { type TriggerObservation } from '../trigger/observation';
import { type ParsedTrigger, type TriggerContext, type TriggerState } from '../trigger/trigger';
import { type HpaManifest } from './hpa-manifest';
import { type ScaledObject, type ScaledObjectStatus } from './scaled-object';
import { type KedaTrace } from './trace';

/** The scale target as it stands when the step is taken. */
export interface WorkloadFacts {
  /** False: there is no such object. Default true. */
  readonly exists?: boolean;
  /** spec.replicas. */
  readonly replicas: number;
  /** Pods of the target's selector that are Running and Ready; fallback with metric type Value divides by it. Default 0. */
  readonly readyPods?: number;
  /** The target's scale subresource cannot be read (`get`), or refuses the write (`update`). */
  readonly scaleError?: 'get' | 'update';
  /** Plural resource name of a kind other than Deployment and StatefulSet. Default: lower-case kind + "s". */
  readonly resource?: string;
}

/**
 * What a trigger answered to one query. `observed` is evaluated here, with the memory the loop keeps for that trigger;
 * KEDA asks a failing trigger a second time at once, `retry` is that second answer (default: the same again).
 */
export type TriggerAnswer =
  | {
      readonly kind: 'observed';
      readonly observation: TriggerObservation;
      readonly retry?: TriggerObservation;
    }
  | {
      readonly kind: 'value';
      readonly metrics: readonly ExternalMetricValue[];
      readonly isActive: boolean;
      readonly how?: string;
    }
  | { readonly kind: 'error'; readonly message: string };

interface KedaFacts {
  /** spec and metadata as they are in the API now. Its status is only read when the loop begins: KEDA is the one writer of it. */
  readonly object: ScaledObject;
  readonly workload: WorkloadFacts;
  /** By trigger index: resolved authentication, environment, route of the HTTP add-on. */
  readonly contexts?: readonly (TriggerContext | undefined)[];
}

export type KedaInput =
  /** The controller looks at the object: created, edited, annotated, deleted, HPA edited by hand, retried after an error. */
  | (KedaFacts & { readonly kind: 'reconcile'; readonly hpa: HpaManifest | null })
  /** A check that is due. `answers` by trigger index (cpu and memory need none). */
  | (KedaFacts & { readonly kind: 'poll'; readonly answers: readonly TriggerAnswer[] })
  /** The HPA controller asks for an external metric. Only triggers that serve it are asked. */
  | (KedaFacts & {
      readonly kind: 'request';
      readonly metric: string;
      readonly answers: readonly TriggerAnswer[];
    })
  /** A push scaler's stream says "active" (an "inactive" is ignored by KEDA: do not send it). */
  | (KedaFacts & { readonly kind: 'push' });

export type KedaEffect =
  | { readonly kind: 'setScale'; readonly replicas: number }
  /** Create it, or replace the one of the same name. */
  | { readonly kind: 'writeHpa'; readonly hpa: HpaManifest }
  | { readonly kind: 'deleteHpa'; readonly name: string }
  /** The loop begins (anew): a poll is due at once. */
  | { readonly kind: 'startLoop' }
  | { readonly kind: 'stopLoop' }
  /** The whole new status. */
  | { readonly kind: 'status'; readonly status: ScaledObjectStatus }
  /** Labels and finalizers to write on the ScaledObject; without the finalizer a deleted object goes away. */
  | {
      readonly kind: 'metadata';
      readonly labels: Readonly<Record<string, string>>;
      readonly finalizers: readonly string[];
    }
  | {
      readonly kind: 'event';
      readonly type: 'Normal' | 'Warning';
      readonly reason: string;
      readonly message: string;
    };

/** One built scaler: taken metadata and its memory. */
export interface BuiltScaler {
  readonly name: string;
  readonly type: string;
  readonly useCachedMetrics: boolean;
  readonly parsed: ParsedTrigger;
  readonly state: TriggerState;
}

/**
 * KEDA's cache of built scalers, together with the copy of the status it was built from. Requests of the HPA count
 * failures in that copy, polls in a fresh one; `shared` marks that the copy is the loop's own object.
 */
export interface ScalerCache {
  readonly generation: number;
  readonly scalers: readonly BuiltScaler[];
  readonly status: ScaledObjectStatus;
  readonly shared: boolean;
  readonly object: ScaledObject;
}

/** Last polled result of a trigger with useCachedMetrics. */
export interface CachedMetric {
  readonly metrics: readonly ExternalMetricValue[];
  readonly isActive: boolean;
  readonly error?: string;
}

export interface KedaLoopState {
  readonly status: ScaledObjectStatus;
  /** Null while no loop runs (not started yet, paused, deleted). */
  readonly loop: { readonly pollingIntervalMs: number; readonly nextPollAtMs: number } | null;
  /** Generation of the last loop start. */
  readonly loopGeneration: number | null;
  readonly scalers: ScalerCache | null;
  readonly cachedMetrics: Readonly<Record<string, CachedMetric>>;
}

export type KedaDecision =
  | {
      readonly kind: 'reconcile';
      readonly message: string;
      readonly error?: string;
      readonly trace: KedaTrace;
    }
  | {
      readonly kind: 'poll';
      readonly isActive: boolean;
      readonly isError: boolean;
      readonly fallbackActive: boolean;
      readonly activeTriggers: readonly string[];
      readonly metrics: readonly ExternalMetricValue[];
      /** Replicas after the step. */
      readonly replicas: number;
      readonly trace: KedaTrace;
    }
  | {
      readonly kind: 'request';
      readonly metric: string;
      readonly items?: readonly ExternalMetricValue[];
      readonly error?: string;
      readonly trace: KedaTrace;
    }
  | { readonly kind: 'none'; readonly why: string; readonly trace: KedaTrace };

export interface KedaStep {
  readonly state: KedaLoopState;
  readonly effects: readonly KedaEffect[];
  readonly decision: KedaDecision;
  /** Time of the next poll, null when no loop runs. */
  readonly nextDueAtMs: number | null;
}

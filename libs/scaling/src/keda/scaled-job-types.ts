import { type ExternalMetricValue } from '../trigger/metric-spec';
import { type TriggerContext } from '../trigger/trigger';
import { type JobFacts } from './job-facts';
import { type JobDecision } from './job-strategy';
import { type BuiltScaler, type TriggerAnswer } from './loop-types';
import { type ScaledJob, type ScaledJobStatus } from './scaled-job';
import { type TriggerTrace } from './trace';

interface ScaledJobFacts {
  readonly object: ScaledJob;
  readonly jobs: readonly JobFacts[];
  readonly contexts?: readonly (TriggerContext | undefined)[];
}

export type ScaledJobInput =
  | (ScaledJobFacts & { readonly kind: 'reconcile' })
  | (ScaledJobFacts & { readonly kind: 'poll'; readonly answers: readonly TriggerAnswer[] });

export type ScaledJobEffect =
  /** Create so many Jobs from jobTargetRef, with these labels and annotations and a generated name. */
  | {
      readonly kind: 'createJobs';
      readonly count: number;
      readonly generateName: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'deleteJob'; readonly name: string; readonly propagation: 'Background' | 'Foreground' }
  | { readonly kind: 'startLoop' }
  | { readonly kind: 'stopLoop' }
  | { readonly kind: 'status'; readonly status: ScaledJobStatus }
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

export interface ScaledJobLoopState {
  readonly status: ScaledJobStatus;
  readonly loop: { readonly pollingIntervalMs: number; readonly nextPollAtMs: number } | null;
  readonly scalers: { readonly generation: number; readonly scalers: readonly BuiltScaler[] } | null;
}

/** Compact record of a check of a ScaledJob. */
export interface ScaledJobTrace {
  readonly kind: 'scaledJobPoll';
  readonly atMs: number;
  readonly triggers: readonly TriggerTrace[];
  readonly scaleTo: number;
  readonly maxScale: number;
  readonly min: number;
  readonly max: number;
  readonly running: number;
  readonly pending: number;
  readonly decision: JobDecision;
  readonly isActive: boolean;
}

export type ScaledJobDecision =
  | { readonly kind: 'reconcile'; readonly message: string; readonly error?: string }
  | {
      readonly kind: 'poll';
      readonly isActive: boolean;
      readonly isError: boolean;
      readonly scaleTo: number;
      readonly maxScale: number;
      readonly created: number;
      readonly deleted: number;
      readonly activeTriggers: readonly string[];
      readonly metrics: readonly ExternalMetricValue[];
      readonly trace: ScaledJobTrace;
    }
  | { readonly kind: 'none'; readonly why: string };

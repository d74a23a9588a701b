import { type Milli } from '../trigger/milli';

/** What one trigger said, in the trace of a poll or request. */
export interface TriggerTrace {
  readonly index: number;
  readonly type: string;
  readonly metric: string;
  readonly valueMilli?: Milli;
  readonly activationMilli?: Milli;
  readonly isActive: boolean;
  readonly error?: string;
  readonly fallback?: { readonly failures: number; readonly threshold: number; readonly served: boolean };
  readonly how?: string;
}

/** Which branch of the executor was taken. */
export type ExecutorRule =
  | 'targetUnreadable'
  | 'pausedReplicasInvalid'
  | 'pausedReplicas'
  | 'activate'
  | 'activateIdle'
  | 'activationPausedScaleOut'
  | 'partialError'
  | 'active'
  | 'errorAwaitsFallback'
  | 'errorWithoutFallback'
  | 'deactivate'
  | 'deactivationPausedScaleIn'
  | 'cooldown'
  | 'restoreMin'
  | 'nothing';

/** Compact record of a step: plain data, cheap to keep. `explainKeda` turns it into steps and a sentence. */
export interface KedaTrace {
  readonly kind: 'reconcile' | 'poll' | 'request' | 'push' | 'none';
  readonly atMs: number;
  readonly triggers?: readonly TriggerTrace[];
  readonly formula?: {
    readonly text: string;
    readonly resultMilli?: Milli;
    readonly activationTarget: number;
  };
  readonly cpuMemoryOnly?: boolean;
  readonly executor?: {
    readonly rule: ExecutorRule;
    readonly from: number;
    readonly to: number;
    readonly forced?: boolean;
    /** The count that the scale target refused. */
    readonly refused?: number;
    readonly min: number;
    readonly idle?: number;
    /** This and the rest only with the rules that look at the cooldown. */
    readonly lastActiveMs?: number;
    readonly createdMs?: number;
    readonly cooldownMs?: number;
    readonly initialCooldownMs?: number;
  };
  readonly note?: string;
}

import type { Reducer, Step } from '../step';
import { defaultControllerFlags, type ControllerFlags } from './controller-flags';
import type { HpaDecision, HpaEffect } from './decision';
import type { ContainerResources, HpaChange, HpaInput } from './input';
import { planOf, type ScaleTarget } from './plan';
import { hpaProfile } from './profile';
import { reconcile } from './reconcile';
import type { HpaSpec } from './spec';
import { emptyMemory, emptyStatus, type HpaState } from './state';

export interface HpaInit {
  readonly spec: HpaSpec;
  /** When the HPA was created, as `nowMs`. The first sync is due one sync period later. */
  readonly createdAtMs: number;
  /** Default: the flags' own defaults. */
  readonly flags?: Partial<ControllerFlags>;
  /** Version whose controller decides. Default "1.34". */
  readonly kubernetes?: string;
  /** What is scaled, as messages name it. Default Deployment default/web. */
  readonly scaleTarget?: ScaleTarget;
  /** Requests of pods that bring none of their own. Default none. */
  readonly podRequests?: ContainerResources;
}

/**
 * The HorizontalPodAutoscaler controller, for one HPA, as a reducer.
 *
 * A sync is due one period after creation, then one period after each sync; edits do not bring it forward. Deletion is
 * noticed only when a sync is due: an HPA that is back by then keeps the controller's memory (recommendations and scale
 * events) but not its status. A restart of the controller loses the memory and keeps the status.
 */
export const hpaSync: Reducer<HpaState, HpaInput, HpaEffect, HpaDecision> & {
  /** Throws QuantityError or RangeError naming the field. */
  init(init: HpaInit): HpaState;
  /**
   * Something happened from outside, at the moments that `change` names (`hpa` alone: no moment matters). Gives the state
   * after it; look at its `nextDueAtMs`. Throws as `init`.
   */
  change(state: HpaState, change: HpaChange): HpaState;
} = {
  init({ spec, createdAtMs, flags, kubernetes, scaleTarget, podRequests }) {
    const allFlags = { ...defaultControllerFlags, ...flags };
    const target = scaleTarget ?? { kind: 'Deployment', namespace: 'default', name: 'web' };
    return {
      plan: planOf(spec, allFlags, hpaProfile(kubernetes), target),
      exists: true,
      memory: emptyMemory,
      status: emptyStatus,
      podRequests: podRequests ?? {},
      nextDueAtMs: createdAtMs + allFlags.syncPeriodSeconds * 1000,
    };
  },

  change(state, change) {
    let next = state;
    if (change.hpaDeletedAtMs !== undefined) next = { ...next, exists: false };
    if (change.hpaRecreatedAtMs !== undefined) next = recreated(next, change.hpaRecreatedAtMs);
    if (change.hpa !== undefined) {
      const { flags, profile, scaleTarget } = next.plan;
      next = { ...next, plan: planOf(change.hpa, flags, profile, scaleTarget) };
    }
    if (change.controllerRestartedAtMs !== undefined)
      next = { ...next, memory: emptyMemory, nextDueAtMs: change.controllerRestartedAtMs + periodMs(next) };
    return next;
  },

  step(state, nowMs, input): Step<HpaState, HpaEffect, HpaDecision> {
    const changed = input.change === undefined ? state : hpaSync.change(state, input.change);
    return reconcile(changed, nowMs, input);
  },
};

function periodMs(state: HpaState): number {
  return state.plan.flags.syncPeriodSeconds * 1000;
}

function recreated(state: HpaState, atMs: number): HpaState {
  const queued = state.nextDueAtMs;
  const forgotten = queued === null || atMs > queued;
  return {
    ...state,
    exists: true,
    status: emptyStatus,
    memory: forgotten ? emptyMemory : state.memory,
    nextDueAtMs: forgotten ? atMs + periodMs(state) : queued,
  };
}

import { type Reducer } from '../step';
import { requestScale } from './executor';
import { requestMetric } from './metric-request';
import {
  type KedaDecision,
  type KedaEffect,
  type KedaInput,
  type KedaLoopState,
  type KedaStep,
} from './loop-types';
import { poll } from './poll';
import { reconcile } from './reconcile';
import { type ScaledObject } from './scaled-object';
import { sameStatus } from './same-status';
import { withScalers } from './scaler-cache';
import { StatusDraft } from './status-draft';

/** State of a ScaledObject the loop has just met; `object.status` is what the API holds of it. */
function init(object: ScaledObject): KedaLoopState {
  return { status: object.status ?? {}, loop: null, loopGeneration: null, scalers: null, cachedMetrics: {} };
}

/**
 * KEDA for one ScaledObject: the controller's reconcile, the scale loop's checks, and the answers to the HPA's requests.
 * Reconcile first; when the loop starts, a poll is due at once and then every pollingInterval, counted from the start of
 * the poll before.
 */
function step(state: KedaLoopState, nowMs: number, input: KedaInput): KedaStep {
  const draft = new StatusDraft(state.status);
  switch (input.kind) {
    case 'reconcile': {
      const { message, error, gone, ...memory } = reconcile(state, nowMs, input, draft);
      const failure = error === undefined ? {} : { error };
      const trace = { kind: 'reconcile', atMs: nowMs, note: message } as const;
      const decision: KedaDecision = { kind: 'reconcile', message, ...failure, trace };
      return finish({ ...state, ...memory }, draft, decision, gone);
    }
    case 'poll':
      return stepPoll(state, nowMs, input, draft);
    case 'request': {
      const { items, error, traces, scalers, cachedMetrics } = requestMetric(state, nowMs, input, draft);
      const decision: KedaDecision = {
        kind: 'request',
        metric: input.metric,
        ...(items === undefined ? {} : { items }),
        ...(error === undefined ? {} : { error }),
        trace: { kind: 'request', atMs: nowMs, triggers: traces },
      };
      const isKept = scalers === state.scalers && cachedMetrics === state.cachedMetrics;
      return finish(isKept ? state : { ...state, scalers, cachedMetrics }, draft, decision);
    }
    case 'push':
      return stepPush(state, nowMs, input, draft);
  }
}

function idle(state: KedaLoopState, nowMs: number, why: string): KedaStep {
  const decision: KedaDecision = { kind: 'none', why, trace: { kind: 'none', atMs: nowMs, note: why } };
  return { state, effects: [], decision, nextDueAtMs: state.loop?.nextPollAtMs ?? null };
}

function stepPoll(
  state: KedaLoopState,
  nowMs: number,
  input: Extract<KedaInput, { kind: 'poll' }>,
  draft: StatusDraft,
): KedaStep {
  if (state.loop === null) return idle(state, nowMs, 'no scale loop runs');
  const loop = { ...state.loop, nextPollAtMs: nowMs + state.loop.pollingIntervalMs };
  const { scalers, cachedMetrics, verdict, metrics, replicas, trace, failed } = poll(
    state,
    nowMs,
    input,
    draft,
  );
  const shared = scalers?.shared ? withScalers(scalers, scalers.scalers, draft.status) : scalers;
  const next = { ...state, loop, scalers: shared, cachedMetrics };
  if (failed !== undefined) return finish(next, draft, { kind: 'none', why: failed, trace });
  return finish(next, draft, { kind: 'poll', ...verdict, metrics, replicas, trace });
}

/** A push scaler's "active" goes to the executor at once, without names of triggers. */
function stepPush(
  state: KedaLoopState,
  nowMs: number,
  input: Extract<KedaInput, { kind: 'push' }>,
  draft: StatusDraft,
): KedaStep {
  if (state.loop === null) return idle(state, nowMs, 'no scale loop runs');
  const verdict = { isActive: true, isError: false, activeTriggers: [] };
  const { replicas, trace: executor } = requestScale(input.object, input.workload, nowMs, verdict, draft);
  const trace = { kind: 'push', atMs: nowMs, executor } as const;
  return finish(state, draft, {
    kind: 'poll',
    ...verdict,
    fallbackActive: false,
    metrics: [],
    replicas,
    trace,
  });
}

function finish(state: KedaLoopState, draft: StatusDraft, decision: KedaDecision, gone = false): KedaStep {
  const { status } = draft;
  const { effects } = draft;
  if (!gone && !sameStatus(state.status, status)) effects.push({ kind: 'status', status });
  const next = status === state.status ? state : { ...state, status };
  return { state: next, effects, decision, nextDueAtMs: state.loop?.nextPollAtMs ?? null };
}

/** The reducer of one ScaledObject. */
export const kedaLoop: Reducer<KedaLoopState, KedaInput, KedaEffect, KedaDecision> & { init: typeof init } = {
  init,
  step,
};

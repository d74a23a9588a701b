import { type Reducer } from '../step';
import { parseTrigger } from '../trigger/registry';
import { type ExternalMetricValue } from '../trigger/metric-spec';
import { requestJobScale } from './job-executor';
import { combineDemands, type TriggerDemand, triggerDemand } from './job-demand';
import { JobDraft } from './job-draft';
import { type BuiltScaler } from './loop-types';
import { samePlain } from './plain-equality';
import { reconcileJob } from './scaled-job-reconcile';
import { maxJobs, minJobs, type ScaledJob } from './scaled-job';
import {
  type ScaledJobDecision,
  type ScaledJobEffect,
  type ScaledJobInput,
  type ScaledJobLoopState,
  type ScaledJobTrace,
} from './scaled-job-types';
import { type TriggerTrace } from './trace';
import { queryTrigger } from './trigger-query';

type PollInput = Extract<ScaledJobInput, { kind: 'poll' }>;
type JobStep = ReturnType<
  Reducer<ScaledJobLoopState, ScaledJobInput, ScaledJobEffect, ScaledJobDecision>['step']
>;

function init(object: ScaledJob): ScaledJobLoopState {
  return { status: object.status ?? {}, loop: null, scalers: null };
}

function step(state: ScaledJobLoopState, nowMs: number, input: ScaledJobInput): JobStep {
  const draft = new JobDraft(state.status);
  if (input.kind === 'reconcile') {
    const { gone, decision, ...memory } = reconcileJob(state, nowMs, input, draft);
    return finish({ ...state, ...memory }, draft, decision, gone);
  }
  if (state.loop === null) {
    return { state, effects: [], decision: { kind: 'none', why: 'no scale loop runs' }, nextDueAtMs: null };
  }
  const loop = { ...state.loop, nextPollAtMs: nowMs + state.loop.pollingIntervalMs };
  const { scalers, decision } = pollJob(state, nowMs, input, draft);
  return finish({ ...state, loop, scalers }, draft, decision, false);
}

function finish(
  state: ScaledJobLoopState,
  draft: JobDraft,
  decision: ScaledJobDecision,
  gone: boolean,
): JobStep {
  const { status } = draft;
  const effects: ScaledJobEffect[] = [...draft.effects];
  if (!gone && !samePlain(status, state.status)) effects.push({ kind: 'status', status });
  return { state: { ...state, status }, effects, decision, nextDueAtMs: state.loop?.nextPollAtMs ?? null };
}

/** Builds the scalers of a ScaledJob with KEDA's events, or says why one is refused. */
export function buildJobScalers(
  object: ScaledJob,
  contexts: ScaledJobInput['contexts'],
  draft: JobDraft,
): NonNullable<ScaledJobLoopState['scalers']> | { readonly error: string } {
  const scalers: BuiltScaler[] = [];
  for (const [index, manifest] of object.spec.triggers.entries()) {
    const namespace = object.metadata.namespace ?? 'default';
    const parsed = parseTrigger(manifest, { namespace, ...contexts?.[index], index });
    if (!parsed.ok) {
      draft.event('Warning', 'KEDAScalerFailed', parsed.message);
      return { error: parsed.message };
    }
    draft.event('Normal', 'KEDAScalersStarted', `Scaler ${manifest.type} is built`);
    const { name = '', type } = manifest;
    scalers.push({ name, type, useCachedMetrics: false, parsed, state: parsed.initialState });
  }
  return { generation: object.metadata.generation ?? 0, scalers };
}

interface JobReading {
  isError: boolean;
  readonly demands: TriggerDemand[];
  readonly metrics: ExternalMetricValue[];
  readonly activeTriggers: string[];
  readonly names: string[];
  readonly traces: TriggerTrace[];
}

function pollJob(
  state: ScaledJobLoopState,
  nowMs: number,
  input: PollInput,
  draft: JobDraft,
): { readonly scalers: ScaledJobLoopState['scalers']; readonly decision: ScaledJobDecision } {
  const { object, jobs } = input;
  const fresh = state.scalers?.generation === (object.metadata.generation ?? 0);
  const built = fresh && state.scalers ? state.scalers : buildJobScalers(object, input.contexts, draft);
  const failed = 'error' in built;
  const reading: JobReading = {
    isError: failed,
    demands: [],
    metrics: [],
    activeTriggers: [],
    names: [],
    traces: [],
  };
  const scalers = failed
    ? []
    : built.scalers.map((scaler, index) => readTrigger(reading, scaler, index, nowMs, input, draft));
  const demand = combineDemands(reading.demands, object.spec);
  const { counts, decision, created, deleted } = requestJobScale(
    object,
    jobs,
    nowMs,
    demand,
    reading.isError,
    draft,
  );
  const active = new Set(reading.activeTriggers);
  const triggersActivity = Object.fromEntries(
    reading.names.map((name) => [name, { isActive: active.has(name) }]),
  );
  if (reading.names.length > 0) draft.set({ externalMetricNames: reading.names, triggersActivity });
  const trace: ScaledJobTrace = {
    kind: 'scaledJobPoll',
    atMs: nowMs,
    triggers: reading.traces,
    ...demand,
    ...counts,
    min: minJobs(object.spec),
    max: maxJobs(object.spec),
    decision,
  };
  return {
    scalers: failed ? null : { generation: built.generation, scalers },
    decision: {
      kind: 'poll',
      ...demand,
      isError: reading.isError,
      created,
      deleted,
      activeTriggers: reading.activeTriggers,
      metrics: reading.metrics,
      trace,
    },
  };
}

function readTrigger(
  reading: JobReading,
  scaler: BuiltScaler,
  index: number,
  nowMs: number,
  { object, answers }: PollInput,
  draft: JobDraft,
): BuiltScaler {
  const specs = scaler.parsed.metricSpecs.filter((spec) => spec.external);
  if (specs.length === 0) return scaler;
  const queried = queryTrigger(scaler, answers[index], nowMs);
  for (const spec of specs) {
    const name = spec.external?.metric.name ?? '';
    reading.names.push(name);
    const base = { index, type: scaler.type, metric: name, isActive: queried.isActive };
    if ('error' in queried.answer) {
      reading.isError = true;
      draft.event('Warning', 'KEDAScalerFailed', queried.answer.error);
      reading.traces.push({ ...base, error: queried.answer.error });
      continue;
    }
    const { metrics } = queried.answer;
    if (queried.isActive) reading.activeTriggers.push(name);
    reading.demands.push(triggerDemand(metrics, specs, queried.isActive, object.spec));
    reading.metrics.push(...metrics);
    const value = metrics.find((metric) => metric.name === name);
    reading.traces.push({
      ...base,
      ...(value ? { valueMilli: value.valueMilli } : {}),
      ...(queried.how === undefined ? {} : { how: queried.how }),
    });
  }
  return queried.scaler;
}

/** The reducer of one ScaledJob. Reconcile first; polls are due at once and then every pollingInterval. */
export const scaledJobLoop: Reducer<
  ScaledJobLoopState,
  ScaledJobInput,
  ScaledJobEffect,
  ScaledJobDecision
> & {
  init: typeof init;
} = { init, step };

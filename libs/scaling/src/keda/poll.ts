import { GoTextError, parseFloat64 } from '../go/text';
import { type ExternalMetricValue, type TriggerMetricSpec } from '../trigger/metric-spec';
import { milliToFloat } from '../trigger/milli';
import { conditionOf } from './conditions';
import { requestScale } from './executor';
import { serveWithFallback } from './fallback';
import { type CachedMetric, type KedaInput, type KedaLoopState, type ScalerCache } from './loop-types';
import {
  applyFormula,
  compileModifiers,
  compositeMetric,
  scalingModifiersOf,
  usesModifiers,
} from './scaling-modifiers';
import { buildScalers, withScalers } from './scaler-cache';
import { type ScaledObject } from './scaled-object';
import { type StatusDraft } from './status-draft';
import { type KedaTrace, type TriggerTrace } from './trace';
import { isResourceTrigger } from './trigger-list';
import { answerFor, queryTrigger } from './trigger-query';

type PollInput = Extract<KedaInput, { kind: 'poll' }>;

export interface PollOutcome {
  readonly scalers: ScalerCache | null;
  readonly cachedMetrics: KedaLoopState['cachedMetrics'];
  readonly verdict: {
    readonly isActive: boolean;
    readonly isError: boolean;
    readonly fallbackActive: boolean;
    readonly activeTriggers: readonly string[];
  };
  readonly metrics: readonly ExternalMetricValue[];
  readonly replicas: number;
  readonly trace: KedaTrace;
  /** The check could not be made at all; nothing has been decided. */
  readonly failed?: string;
}

/** State of all triggers of a check. */
interface Reading {
  isActive: boolean;
  isError: boolean;
  fallbackActive: boolean;
  activeTriggers: string[];
  metrics: ExternalMetricValue[];
  readonly fallbackMetrics: ExternalMetricValue[];
  readonly triggerOf: Record<string, string>;
  readonly records: Record<string, CachedMetric>;
  readonly traces: TriggerTrace[];
}

/** One check of the loop: asks all triggers, serves fallbacks, runs the formula, lets the executor scale. */
export function poll(state: KedaLoopState, nowMs: number, input: PollInput, draft: StatusDraft): PollOutcome {
  const { object, workload } = input;
  const fallbackBefore = conditionOf(draft.status.conditions, 'Fallback').status;
  const built = currentScalers(state, object, input, draft);
  if ('error' in built)
    return nothing(state, nowMs, workload.replicas, `error getting scalers cache ${built.error}`);
  const { reading, scalers } = readTriggers(built, nowMs, input, draft);
  const formula = usesModifiers(object) ? composite(object, reading) : undefined;
  if (typeof formula === 'string') return nothing(state, nowMs, workload.replicas, formula);
  const cpuMemoryOnly = object.spec.triggers.every(isResourceTrigger);
  if (cpuMemoryOnly && !reading.isError) reading.isActive = true;
  announceFallback(draft, reading.fallbackActive, fallbackBefore === 'True');
  const { isActive, isError, fallbackActive, activeTriggers, metrics } = reading;
  const verdict = { isActive, isError, fallbackActive, activeTriggers };
  const { replicas, trace: executor } = requestScale(object, workload, nowMs, verdict, draft);
  const trace: KedaTrace = {
    kind: 'poll',
    atMs: nowMs,
    triggers: reading.traces,
    executor,
    ...(formula ? { formula } : {}),
    ...(cpuMemoryOnly ? { cpuMemoryOnly } : {}),
  };
  const remembered = isError ? {} : state.cachedMetrics;
  return {
    // An error throws all built scalers away, and with them what they remember.
    scalers: isError ? null : withScalers(built, scalers, built.status),
    cachedMetrics: { ...remembered, ...reading.records },
    verdict,
    metrics,
    replicas,
    trace,
  };
}

function nothing(state: KedaLoopState, nowMs: number, replicas: number, failed: string): PollOutcome {
  return {
    scalers: state.scalers,
    cachedMetrics: state.cachedMetrics,
    verdict: { isActive: false, isError: true, fallbackActive: false, activeTriggers: [] },
    metrics: [],
    replicas,
    trace: { kind: 'poll', atMs: nowMs, note: failed },
    failed,
  };
}

function currentScalers(
  state: KedaLoopState,
  object: ScaledObject,
  input: PollInput,
  draft: StatusDraft,
): ScalerCache | { readonly error: string } {
  const { scalers } = state;
  if (scalers && scalers.generation === (object.metadata.generation ?? 0)) {
    return scalers.shared && scalers.object !== object ? { ...scalers, object } : scalers;
  }
  if (input.workload.exists === false) return { error: 'the scale target does not exist' };
  return buildScalers(object, draft.status, input.contexts, draft, true);
}

function readTriggers(
  cache: ScalerCache,
  nowMs: number,
  input: PollInput,
  draft: StatusDraft,
): { readonly reading: Reading; readonly scalers: ScalerCache['scalers'] } {
  const reading: Reading = {
    isActive: false,
    isError: false,
    fallbackActive: false,
    activeTriggers: [],
    metrics: [],
    fallbackMetrics: [],
    triggerOf: {},
    records: {},
    traces: [],
  };
  const scalers = cache.scalers.map((scaler, index) => {
    const specs = scaler.parsed.metricSpecs;
    if (specs.length === 0) {
      reading.isError = true;
      draft.event('Warning', 'KEDAScalerFailed', 'got empty metric spec');
      reading.traces.push({
        index,
        type: scaler.type,
        metric: '',
        isActive: false,
        error: 'got empty metric spec',
      });
      return scaler;
    }
    if (!specs.some((spec) => spec.external)) return scaler;
    const queried = queryTrigger(scaler, input.answers[index], nowMs);
    let active = false;
    const served: ExternalMetricValue[] = [];
    for (const spec of specs) {
      const result = readMetric(reading, input, draft, index, spec, queried);
      if (result.error === undefined) active = result.isActive;
      served.push(...result.metrics);
    }
    if (active) {
      reading.isActive = true;
      reading.activeTriggers.push(...served.map(({ name }) => name));
    }
    return queried.scaler;
  });
  return { reading, scalers };
}

function readMetric(
  reading: Reading,
  { object, workload }: PollInput,
  draft: StatusDraft,
  index: number,
  spec: TriggerMetricSpec,
  queried: ReturnType<typeof queryTrigger>,
): { readonly isActive: boolean; readonly metrics: readonly ExternalMetricValue[]; readonly error?: string } {
  const { scaler } = queried;
  const { external } = spec;
  if (!external) return { isActive: false, metrics: [] };
  const { name } = external.metric;
  const answer = answerFor(queried.answer, spec, scaler.parsed.metricSpecs);
  const outcome = serveWithFallback(object, draft.status, name, external.target, answer, workload);
  draft.status = outcome.status;
  const { metrics, fallbackActive, error } = outcome;
  const isActive = fallbackActive || queried.isActive;
  if (fallbackActive) {
    reading.fallbackActive = true;
    reading.fallbackMetrics.push(...metrics);
  }
  if (scaler.useCachedMetrics)
    reading.records[name] = { metrics, isActive, ...(error === undefined ? {} : { error }) };
  if (error !== undefined) {
    reading.isError = true;
    draft.event('Warning', usesModifiers(object) ? 'KEDAMetricSourceFailed' : 'KEDAScalerFailed', error);
  }
  reading.metrics.push(...metrics);
  if (scalingModifiersOf(object).formula && scaler.name) reading.triggerOf[name] = scaler.name;
  reading.traces.push(traceOf(index, name, queried, isActive, outcome));
  return { isActive, metrics, ...(error === undefined ? {} : { error }) };
}

function traceOf(
  index: number,
  metric: string,
  queried: ReturnType<typeof queryTrigger>,
  isActive: boolean,
  outcome: ReturnType<typeof serveWithFallback>,
): TriggerTrace {
  const failure = 'error' in queried.answer ? queried.answer.error : outcome.error;
  const [value] = outcome.metrics;
  return {
    index,
    type: queried.scaler.type,
    metric,
    isActive: failure === undefined || outcome.fallbackActive ? isActive : false,
    ...(value ? { valueMilli: value.valueMilli } : {}),
    ...(queried.activationMilli === undefined ? {} : { activationMilli: queried.activationMilli }),
    ...(failure === undefined ? {} : { error: failure }),
    ...(outcome.trace ? { fallback: outcome.trace } : {}),
    ...(queried.how === undefined ? {} : { how: queried.how }),
  };
}

/** Makes all external metrics one and judges activity by it. A text: the check cannot be made. */
function composite(object: ScaledObject, reading: Reading): NonNullable<KedaTrace['formula']> | string {
  const { formula = '', activationTarget } = scalingModifiersOf(object);
  if (reading.fallbackActive) {
    const [first] = reading.fallbackMetrics;
    if (first) reading.metrics = [{ name: compositeMetric, valueMilli: first.valueMilli }];
  } else if (formula) {
    reading.metrics = [
      ...applyFormula(compileModifiers(object.spec), reading.metrics, reading.triggerOf).metrics,
    ];
  }
  reading.isActive = false;
  reading.activeTriggers = [];
  const [result] = reading.metrics;
  let target = 0;
  if (!reading.isError) {
    try {
      target = activationTarget ? parseFloat64(activationTarget) : 0;
    } catch (error) {
      if (error instanceof GoTextError)
        return `scalingModifiers.ActivationTarget parsing error ${error.message}`;
      throw error;
    }
    const above = reading.metrics.find(({ valueMilli }) => milliToFloat(valueMilli) > target);
    if (above) {
      reading.isActive = true;
      reading.activeTriggers = [above.name];
    }
  }
  return { text: formula, activationTarget: target, ...(result ? { resultMilli: result.valueMilli } : {}) };
}

function announceFallback(draft: StatusDraft, active: boolean, was: boolean): void {
  if (active && !was)
    draft.event('Normal', 'ScaledObjectFallbackActivated', 'ScaledObject fallback is active');
  if (!active && was) {
    draft.event('Normal', 'ScaledObjectFallbackDeactivated', 'ScaledObject fallback is no longer active');
  }
}

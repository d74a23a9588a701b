import { type ExternalMetricValue, type TriggerMetricSpec } from '../trigger/metric-spec';
import { serveWithFallback } from './fallback';
import { type BuiltScaler, type KedaInput, type KedaLoopState, type ScalerCache } from './loop-types';
import { buildScalers, withScalers } from './scaler-cache';
import {
  applyFormula,
  compileModifiers,
  compositeMetric,
  scalingModifiersOf,
  usesModifiers,
} from './scaling-modifiers';
import { type ScaledObjectStatus } from './scaled-object';
import { type StatusDraft } from './status-draft';
import { patchStatus } from './status-patch';
import { type TriggerTrace } from './trace';
import { answerFor, queryTrigger } from './trigger-query';

type RequestInput = Extract<KedaInput, { kind: 'request' }>;

export interface RequestOutcome {
  readonly scalers: ScalerCache | null;
  readonly cachedMetrics: KedaLoopState['cachedMetrics'];
  readonly items?: readonly ExternalMetricValue[];
  readonly error?: string;
  readonly traces: readonly TriggerTrace[];
}

/** What the HPA controller gets for a metric. Triggers are asked live, except those with useCachedMetrics. */
export function requestMetric(
  state: KedaLoopState,
  nowMs: number,
  input: RequestInput,
  draft: StatusDraft,
): RequestOutcome {
  const cache = state.scalers ?? freshScalers(input, draft);
  if ('error' in cache) {
    const error = `error getting scalers ${cache.error}`;
    return { scalers: null, cachedMetrics: state.cachedMetrics, error, traces: [] };
  }
  return new MetricRequest(state, cache, nowMs, input, draft).answer();
}

function freshScalers(input: RequestInput, draft: StatusDraft): ScalerCache | { readonly error: string } {
  if (input.workload.exists === false) return { error: 'the scale target does not exist' };
  return buildScalers(input.object, draft.status, input.contexts, draft, false);
}

/** The metrics that a request is about: one, or with a formula all external ones. */
function wantedMetrics(cache: ScalerCache, metric: string, stored: ScaledObjectStatus): readonly string[] {
  if (!scalingModifiersOf(cache.object).target) return [metric];
  const names = cache.status.externalMetricNames ?? [];
  return names.length > 0 ? names : (stored.externalMetricNames ?? []);
}

/** One request while it is being answered. */
class MetricRequest {
  private readonly metrics: ExternalMetricValue[] = [];
  private readonly fallbackMetrics: ExternalMetricValue[] = [];
  private readonly triggerOf: Record<string, string> = {};
  private readonly traces: TriggerTrace[] = [];
  private isError = false;
  private fallbackActive = false;
  /** KEDA's own copy of the status, as old as the cache; its changes are patched over the stored one. */
  private copy: ScaledObjectStatus;

  constructor(
    private readonly state: KedaLoopState,
    private readonly cache: ScalerCache,
    private readonly nowMs: number,
    private readonly input: RequestInput,
    private readonly draft: StatusDraft,
  ) {
    this.copy = cache.status;
  }

  answer(): RequestOutcome {
    const wanted = wantedMetrics(this.cache, this.input.metric, this.draft.status);
    const scalers = this.cache.scalers.map((scaler, index) => this.ask(scaler, index, wanted));
    const kept = {
      scalers: this.isError ? null : withScalers(this.cache, scalers, this.copy),
      cachedMetrics: this.isError ? {} : this.state.cachedMetrics,
      traces: this.traces,
    };
    const { metric } = this.input;
    if (this.isError && !this.fallbackActive) return { ...kept, error: `metric:${metric} encountered error` };
    if (this.metrics.length === 0) return { ...kept, error: `no matching metrics found for ${metric}` };
    return { ...kept, items: this.modified() };
  }

  private ask(scaler: BuiltScaler, index: number, wanted: readonly string[]): BuiltScaler {
    const specs = scaler.parsed.metricSpecs;
    if (specs.length === 0) this.fail('got empty metric spec');
    if (wanted.length === 0) {
      this.draft.event(
        'Warning',
        'KEDAScalerFailed',
        `no metrics found getting metricsArray array ${this.input.metric}`,
      );
    }
    const names = wanted.map((name) => name.toLowerCase());
    let current = scaler;
    for (const spec of specs) {
      const name = spec.external?.metric.name;
      if (name !== undefined && names.includes(name.toLowerCase()))
        current = this.read(current, index, spec, name);
    }
    return current;
  }

  private fail(message: string): void {
    this.isError = true;
    this.draft.event('Warning', 'KEDAScalerFailed', message);
  }

  private read(scaler: BuiltScaler, index: number, spec: TriggerMetricSpec, name: string): BuiltScaler {
    const { object } = this.cache;
    const cached = scaler.useCachedMetrics ? this.state.cachedMetrics[name] : undefined;
    const queried = cached ? undefined : queryTrigger(scaler, this.input.answers[index], this.nowMs);
    const raw = cached
      ? cached.error === undefined
        ? { metrics: cached.metrics }
        : { error: cached.error }
      : answerFor(queried?.answer ?? { metrics: [] }, spec, scaler.parsed.metricSpecs);
    const target = spec.external?.target ?? { type: 'AverageValue' };
    const outcome = serveWithFallback(object, this.copy, name, target, raw, this.input.workload);
    this.writeBack(outcome.status);
    if (outcome.fallbackActive) {
      this.fallbackActive = true;
      this.fallbackMetrics.push(...outcome.metrics);
    }
    if (outcome.error !== undefined) this.isError = true;
    this.metrics.push(...outcome.metrics);
    if (scalingModifiersOf(object).formula && scaler.name) this.triggerOf[name] = scaler.name;
    const failure = 'error' in raw ? raw.error : outcome.error;
    const [value] = outcome.metrics;
    this.traces.push({
      index,
      type: scaler.type,
      metric: name,
      isActive: outcome.fallbackActive || (queried?.isActive ?? cached?.isActive ?? false),
      ...(value ? { valueMilli: value.valueMilli } : {}),
      ...(failure === undefined ? {} : { error: failure }),
      ...(outcome.trace ? { fallback: outcome.trace } : {}),
      ...(queried?.how === undefined ? {} : { how: queried.how }),
    });
    return queried?.scaler ?? scaler;
  }

  private writeBack(after: ScaledObjectStatus): void {
    const stored = patchStatus(this.draft.status, this.copy, after);
    // Only a patch that is sent brings the stored status back into the copy.
    this.copy = stored === this.draft.status ? after : stored;
    this.draft.status = stored;
  }

  private modified(): readonly ExternalMetricValue[] {
    const { object } = this.cache;
    if (!usesModifiers(object)) return this.metrics;
    if (this.fallbackActive) {
      const [first] = this.fallbackMetrics;
      return first ? [{ name: compositeMetric, valueMilli: first.valueMilli }] : this.metrics;
    }
    if (!scalingModifiersOf(object).formula) return this.metrics;
    return applyFormula(compileModifiers(object.spec), this.metrics, this.triggerOf).metrics;
  }
}

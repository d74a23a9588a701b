import type { Step } from '../step';
import { sameConditions, setCondition } from './conditions';
import type { ConditionType, HpaCondition, HpaDecision, HpaEffect, HpaEvent, HpaStatus } from './decision';
import type { HpaInput } from './input';
import { askMetrics, type MetricsAnswer } from './metrics-answer';
import { normalize } from './normalize';
import { rememberScale } from './scale-events';
import { emptyMemory, type HpaMemory, type HpaState } from './state';
import type { HpaTrace } from './trace';

/** One sync, in the controller's order: scale, metrics, windows and limits, update of the scale, status. */
export function reconcile(
  state: HpaState,
  nowMs: number,
  input: HpaInput,
): Step<HpaState, HpaEffect, HpaDecision> {
  return new Sync(state, nowMs, input).run();
}

const noMetrics: MetricsAnswer['statuses'] = [];

/** The working state of one sync; nothing of it is shared. */
class Sync {
  private conditions: readonly HpaCondition[];
  private memory: HpaMemory;
  private readonly events: HpaEvent[] = [];
  private readonly reference: string;

  constructor(
    private readonly state: HpaState,
    private readonly nowMs: number,
    private readonly input: HpaInput,
  ) {
    const { kind, namespace, name } = state.plan.scaleTarget;
    this.reference = `${kind}/${namespace}/${name}`;
    this.conditions = state.status.conditions;
    this.memory = state.memory;
  }

  run(): Step<HpaState, HpaEffect, HpaDecision> {
    const { state, input, nowMs } = this;
    if (!state.exists) return this.forget();
    if (input.scaleGetError !== undefined) return this.withoutScale(input.scaleGetError);
    this.set(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    );
    const current = input.specReplicas;
    if (this.memory.recommendations === null)
      this.memory = { ...this.memory, recommendations: [{ replicas: current, atMs: nowMs }] };

    const { minReplicas, maxReplicas } = state.plan.spec;
    if (current === 0 && minReplicas !== 0) {
      this.set(
        'ScalingActive',
        'False',
        'ScalingDisabled',
        'scaling is disabled since the replica count of the target is zero',
      );
      return this.finish({ path: 'disabled', desired: 0 });
    }
    if (current > maxReplicas)
      return this.scale(maxReplicas, 'Current number of replicas above Spec.MaxReplicas', {
        path: 'aboveMax',
      });
    if (current < minReplicas)
      return this.scale(minReplicas, 'Current number of replicas below Spec.MinReplicas', {
        path: 'belowMin',
      });
    return this.byMetrics(current);
  }

  private byMetrics(current: number): Step<HpaState, HpaEffect, HpaDecision> {
    const { state, input, nowMs } = this;
    const answer = askMetrics(state.plan, input, state.podRequests);
    this.events.push(...answer.events);
    this.set('ScalingActive', answer.active.status, answer.active.reason, answer.active.message);
    const { statuses, traces } = answer;
    if (answer.proposal === undefined) {
      const error = answer.error ?? '';
      this.events.push({ type: 'Warning', reason: 'FailedComputeMetricsReplicas', message: error });
      return this.finish({
        path: answer.noSelector ? 'noSelector' : 'noMetrics',
        statuses,
        traces,
        error: `failed to compute desired number of replicas based on listed metrics for ${this.reference}: ${error}`,
      });
    }

    // A proposal below zero is an overflow; it counts as zero from here.
    const wanted = Math.max(0, answer.proposal);
    const reason =
      wanted > current ? `${answer.label} above target` : wanted < current ? 'All metrics below target' : '';
    const normalized = normalize(state.plan, this.memory, current, wanted, nowMs);
    this.memory = normalized.memory;
    for (const c of normalized.conditions) this.set(c.type, c.status, c.reason, c.message);
    const found = {
      path: 'metrics' as const,
      statuses,
      traces,
      proposal: answer.proposal,
      winner: answer.winner,
      stabilization: normalized.stabilization,
      limit: normalized.limit,
      error: answer.error,
    };
    const desired = normalized.limit.result;
    return desired === current ? this.finish({ ...found, desired }) : this.scale(desired, reason, found);
  }

  private scale(desired: number, reason: string, found: Findings): Step<HpaState, HpaEffect, HpaDecision> {
    const { input, nowMs, state } = this;
    if (input.scaleUpdateError !== undefined) {
      const failed = input.scaleUpdateError;
      this.event('Warning', 'FailedRescale', `New size: ${desired}; reason: ${reason}; error: ${failed}`);
      this.set(
        'AbleToScale',
        'False',
        'FailedUpdateScale',
        `the HPA controller was unable to update the target scale: ${failed}`,
      );
      return this.finish({
        ...found,
        error: `failed to rescale ${this.reference}: ${failed}`,
        attempted: desired,
      });
    }
    this.set(
      'AbleToScale',
      'True',
      'SucceededRescale',
      `the HPA controller was able to update the target scale to ${desired}`,
    );
    this.event('Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`);
    this.memory = rememberScale(this.memory, state.plan.spec.behavior, input.specReplicas, desired, nowMs);
    return this.finish({ ...found, desired, scaled: true });
  }

  /** The scale could not be read: nothing is decided and the rest of the status stays. */
  private withoutScale(failed: string): Step<HpaState, HpaEffect, HpaDecision> {
    this.event('Warning', 'FailedGetScale', failed);
    this.set(
      'AbleToScale',
      'False',
      'FailedGetScale',
      `the HPA controller was unable to get the target's current scale: ${failed}`,
    );
    const error = `failed to query scale subresource for ${this.reference}: ${failed}`;
    return this.close({ ...this.state.status, conditions: this.conditions }, { path: 'noScale', error });
  }

  /** The HPA is still missing when its sync is due: the controller drops what it remembered of it. */
  private forget(): Step<HpaState, HpaEffect, HpaDecision> {
    const step = this.close(this.state.status, { path: 'gone' });
    return { ...step, state: { ...step.state, memory: emptyMemory, nextDueAtMs: null }, nextDueAtMs: null };
  }

  private finish(found: Findings): Step<HpaState, HpaEffect, HpaDecision> {
    const { status } = this.state;
    const lastScaleTimeMs = found.scaled === true ? this.nowMs : status.lastScaleTimeMs;
    const next: Changeable<HpaStatus> = {
      currentReplicas: this.input.specReplicas,
      desiredReplicas: found.desired ?? status.desiredReplicas,
      conditions: this.conditions,
      currentMetrics: found.statuses ?? noMetrics,
    };
    if (lastScaleTimeMs !== undefined) next.lastScaleTimeMs = lastScaleTimeMs;
    return this.close(next, found);
  }

  private close(status: HpaStatus, found: Findings): Step<HpaState, HpaEffect, HpaDecision> {
    const { state, input, nowMs, events } = this;
    const scaled = found.scaled === true;
    const nextDueAtMs = nowMs + state.plan.flags.syncPeriodSeconds * 1000;
    const effects: HpaEffect[] = [];
    if (scaled) effects.push({ kind: 'setScale', replicas: status.desiredReplicas });
    for (const event of events) effects.push({ kind: 'event', event });
    if (!sameStatus(state.status, status)) effects.push({ kind: 'updateStatus', status });
    const decision: Changeable<HpaDecision> = {
      currentReplicas: status.currentReplicas,
      desiredReplicas: status.desiredReplicas,
      scaled,
      specReplicasAfter: scaled ? status.desiredReplicas : input.specReplicas,
      conditions: status.conditions,
      currentMetrics: status.currentMetrics,
      events,
      trace: this.trace(found),
    };
    if (found.proposal !== undefined) decision.proposedReplicas = found.proposal;
    if (found.error !== undefined) decision.error = found.error;
    const { plan, exists, podRequests } = state;
    return {
      state: { plan, exists, memory: this.memory, status, podRequests, nextDueAtMs },
      effects,
      decision,
      nextDueAtMs,
    };
  }

  private trace(found: Findings): HpaTrace {
    const { input, nowMs, state } = this;
    const { spec, tolerances } = state.plan;
    const trace: Changeable<HpaTrace> = {
      nowMs,
      path: found.path,
      specReplicas: input.specReplicas,
      statusReplicas: input.statusReplicas,
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      tolerance: tolerances,
      metrics: found.traces ?? [],
      desired: found.attempted ?? found.desired ?? input.specReplicas,
      scaled: found.scaled === true,
    };
    if (found.path === 'noSelector' && input.selector !== '' && input.selectingHpas !== undefined)
      trace.selectedBy = input.selectingHpas;
    if (found.proposal !== undefined) trace.proposal = found.proposal;
    if (found.winner !== undefined) trace.winner = found.winner;
    if (found.stabilization !== undefined) trace.stabilization = found.stabilization;
    if (found.limit !== undefined) trace.limit = found.limit;
    if (found.error !== undefined) trace.error = found.error;
    return trace;
  }

  private set(type: ConditionType, status: HpaCondition['status'], reason: string, message: string): void {
    this.conditions = setCondition(this.conditions, { type, status, reason, message }, this.nowMs);
  }

  private event(type: HpaEvent['type'], reason: string, message: string): void {
    this.events.push({ type, reason, message });
  }
}

/** An object while it is being made. */
type Changeable<T> = { -readonly [K in keyof T]: T[K] };

/** What a sync found out, up to the point where it ended. */
interface Findings {
  readonly path: HpaTrace['path'];
  /** Absent: the count of the status stays. */
  readonly desired?: number | undefined;
  /** The count that an update was refused for. */
  readonly attempted?: number | undefined;
  readonly scaled?: boolean | undefined;
  readonly proposal?: number | undefined;
  readonly winner?: number | undefined;
  readonly statuses?: MetricsAnswer['statuses'] | undefined;
  readonly traces?: HpaTrace['metrics'] | undefined;
  readonly stabilization?: HpaTrace['stabilization'] | undefined;
  readonly limit?: HpaTrace['limit'] | undefined;
  readonly error?: string | undefined;
}

function sameStatus(a: HpaStatus, b: HpaStatus): boolean {
  return (
    a.currentReplicas === b.currentReplicas &&
    a.desiredReplicas === b.desiredReplicas &&
    a.lastScaleTimeMs === b.lastScaleTimeMs &&
    sameConditions(a.conditions, b.conditions) &&
    sameMetrics(a.currentMetrics, b.currentMetrics)
  );
}

function sameMetrics(a: HpaStatus['currentMetrics'], b: HpaStatus['currentMetrics']): boolean {
  if (a.length !== b.length) return false;
  return a.every((metric, i) => {
    const other = b[i];
    return (
      other !== undefined &&
      metric.type === other.type &&
      metric.name === other.name &&
      metric.container === other.container &&
      metric.value === other.value &&
      metric.averageValue === other.averageValue &&
      metric.averageUtilization === other.averageUtilization
    );
  });
}

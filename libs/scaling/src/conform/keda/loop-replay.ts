import { kedaLoop } from '../../keda/keda-loop';
import { type KedaEffect, type KedaLoopState, type TriggerAnswer } from '../../keda/loop-types';
import { type KedaCondition, type ScaledObject } from '../../keda/scaled-object';
import { type KedaCase } from './case';
import { errorDifference, firstDifference, type KedaDifference } from './compare';
import { type ObjectChange } from './executor-replay';
import { conditionsDifference, eventsDifference, ScriptedCluster } from './reconcile-replay';
import {
  instantOf,
  recordedActivity,
  recordedConditions,
  recordedEvents,
  recordedHealth,
  secondsOf,
  timestampOf,
} from './time-line';

type Values = Readonly<Record<string, string>>;
interface LoopInput {
  readonly scaledObject: ScaledObject;
  readonly workload: { readonly replicas: number };
  readonly values: Values;
}
interface LoopTick extends ObjectChange {
  readonly t: number;
  readonly kind: 'edit' | 'poll' | 'request';
  readonly values?: Values;
  readonly setReplicas?: number;
  readonly metric?: string;
  readonly answerMilli?: Values;
  readonly error?: string;
  readonly replicasAfter: number;
  readonly lastActiveTime: number | null;
  readonly health?: Readonly<Record<string, { readonly failures: number; readonly status: string }>>;
  readonly triggersActivity?: Readonly<Record<string, boolean>>;
  readonly hpa?: string;
  readonly conditions?: readonly KedaCondition[];
  readonly events?: readonly string[];
}

/** What KEDA of one case does, step by step, against the scripted cluster. */
class LoopRun {
  state: KedaLoopState;
  effects: KedaEffect[] = [];
  values: Values;
  answer: Values | undefined;
  error: string | undefined;
  readonly cluster: ScriptedCluster;

  constructor(input: LoopInput) {
    const metadata = { ...input.scaledObject.metadata, generation: 1, creationTimestamp: timestampOf(0) };
    this.cluster = new ScriptedCluster({ ...input.scaledObject, metadata }, input.workload.replicas);
    this.state = kedaLoop.init(this.cluster.object);
    this.values = input.values;
  }

  tick(tick: LoopTick): void {
    this.effects = [];
    this.answer = undefined;
    this.error = undefined;
    this.values = { ...this.values, ...tick.values };
    if (tick.setReplicas !== undefined) this.cluster.replicas = tick.setReplicas;
    const nowMs = instantOf(tick.t);
    if (tick.kind === 'edit') this.edit(tick, nowMs);
    else if (tick.kind === 'request') this.request(tick.metric ?? '', nowMs);
    else this.poll(nowMs);
  }

  private facts() {
    return { object: this.cluster.object, workload: { replicas: this.cluster.replicas ?? 0 } };
  }

  private edit(tick: LoopTick, nowMs: number): void {
    this.cluster.change(tick);
    const { hpa } = this.cluster;
    const step = kedaLoop.step(this.state, nowMs, { kind: 'reconcile', ...this.facts(), hpa });
    this.take(step);
    this.error = step.decision.kind === 'reconcile' ? step.decision.error : undefined;
    if (step.effects.some((effect) => effect.kind === 'startLoop')) this.poll(nowMs);
  }

  private poll(nowMs: number): void {
    this.take(kedaLoop.step(this.state, nowMs, { kind: 'poll', ...this.facts(), answers: this.answers() }));
  }

  private request(metric: string, nowMs: number): void {
    const input = { kind: 'request' as const, metric, ...this.facts(), answers: this.answers() };
    const step = kedaLoop.step(this.state, nowMs, input);
    this.take(step);
    if (step.decision.kind !== 'request') return;
    this.error = step.decision.error;
    const items = step.decision.items?.map(({ name, valueMilli }) => [name, String(valueMilli)] as const);
    this.answer = items && Object.fromEntries(items);
  }

  private take(step: { readonly state: KedaLoopState; readonly effects: readonly KedaEffect[] }): void {
    this.state = step.state;
    this.effects.push(...step.effects);
    this.cluster.apply(step.effects);
  }

  /** The scripted Prometheus: one value a trigger, or HTTP 500. */
  private answers(): readonly TriggerAnswer[] {
    return this.cluster.object.spec.triggers.map(({ metadata }) => {
      const value = this.values[metadata?.serverAddress?.replace(/^.*\//, '') ?? ''];
      const body = `{"data":{"result":[{"metric":{},"value":[0,${JSON.stringify(value ?? '0')}]}]}}`;
      const failed = value === 'fail';
      return {
        kind: 'observed',
        observation: { kind: 'http', status: failed ? 500 : 200, body: failed ? '' : body },
      };
    });
  }
}

/** A case of the family loop: controller, scale loop, executor, fallback, formula and HPA requests together. */
export function replayLoopCase(recorded: KedaCase): KedaDifference | undefined {
  const run = new LoopRun(recorded.input as LoopInput);
  let conditions: readonly KedaCondition[] | undefined;
  let hpa: string | undefined;
  let requested = false;
  for (const [i, tick] of (recorded.ticks as readonly LoopTick[]).entries()) {
    run.tick(tick);
    conditions = tick.conditions ?? conditions;
    hpa = tick.hpa ?? hpa;
    requested ||= tick.kind === 'request';
    const difference =
      tickDifference(`ticks[${i}]`, tick, hpa, run) ?? statusDifference(`ticks[${i}]`, tick, conditions, run);
    // After a request, conditions and health come from copies whose age depends on the machine where KEDA restarts its
    // loop; the recordings ask for them only as far as those copies are alike.
    if (difference && !(requested && /\.(conditions|health)\b/.test(difference.at))) return difference;
  }
  return undefined;
}

function tickDifference(
  at: string,
  tick: LoopTick,
  hpa: string | undefined,
  { state: { status }, cluster, effects, answer, error }: LoopRun,
): KedaDifference | undefined {
  const spec = cluster.hpa?.spec;
  // Building scalers is announced, too, but at moments that depend on the machine.
  const events = recordedEvents(effects).filter((event) => !event.endsWith(' is built'));
  return (
    firstDifference(`${at}.replicasAfter`, tick.replicasAfter, cluster.replicas) ??
    firstDifference(`${at}.answerMilli`, tick.answerMilli, answer) ??
    errorDifference(`${at}.error`, tick.error, error) ??
    firstDifference(`${at}.lastActiveTime`, tick.lastActiveTime, secondsOf(status.lastActiveTime)) ??
    firstDifference(`${at}.hpa`, hpa, spec ? `${spec.minReplicas}..${spec.maxReplicas}` : 'none') ??
    firstDifference(`${at}.triggersActivity`, tick.triggersActivity, recordedActivity(status)) ??
    eventsDifference(`${at}.events`, tick.events ?? [], [...events].sort())
  );
}

function statusDifference(
  at: string,
  tick: LoopTick,
  conditions: readonly KedaCondition[] | undefined,
  { state: { status } }: LoopRun,
): KedaDifference | undefined {
  return (
    firstDifference(`${at}.health`, tick.health, recordedHealth(status)) ??
    conditionsDifference(`${at}.conditions`, conditions, recordedConditions(status.conditions))
  );
}

import {
  explainKeda,
  kedaLoop,
  type KedaDecision,
  type KedaInput,
  type KedaLoopState,
  type KedaStep,
  type ScaledObject,
  type TriggerAnswer,
  type TriggerContext,
} from '@scalelab/scaling';
import { TriggerAnswers } from '../workload/trigger-answer';
import { HpaDriver, type ExternalAnswer, type HpaDriverOptions } from './hpa-driver';
import type { World } from './world';

export interface KedaDriverOptions extends Omit<HpaDriverOptions, 'ask'> {
  readonly contexts: readonly (TriggerContext | undefined)[];
  readonly partitions: number;
}

type Given = KedaInput extends infer I
  ? I extends KedaInput
    ? Omit<I, 'object' | 'workload' | 'contexts'>
    : never
  : never;

/** A failed reconcile is tried again after 5 ms, then twice as long each time, at most this. */
const longestRetryMs = 1_000_000;
const pushMs = 200;

/** KEDA of one run: the operator and its metrics server for one ScaledObject. */
export class KedaDriver {
  readonly hpa: HpaDriver;
  private state: KedaLoopState;
  private retryMs = 5;
  private readonly triggers: readonly TriggerAnswers[];
  private answered: { readonly atMs: number; readonly answers: readonly TriggerAnswer[] } | undefined;

  constructor(
    private readonly world: World,
    private object: ScaledObject,
    private readonly options: KedaDriverOptions,
  ) {
    this.state = kedaLoop.init(object);
    this.triggers = object.spec.triggers.map(
      (trigger, i) => new TriggerAnswers(trigger, { index: i, ...options.contexts[i] }, options.partitions),
    );
    this.hpa = new HpaDriver(world, { ...options, ask: (nowMs, metric) => this.answer(nowMs, metric) });
    if (object.spec.triggers.some(({ type }) => type === 'external-push'))
      world.due.add(world.startMs + pushMs, (nowMs) => this.stream(nowMs));
  }

  /** The object was written: created at first, edited later. */
  write(nowMs: number, object: ScaledObject, isNew: boolean): void {
    this.object = object;
    this.world.observer.scaledObject?.(nowMs, isNew ? 'added' : 'modified', object);
    this.reconcile(nowMs);
  }

  /** Annotations set or, with null, removed. */
  annotate(nowMs: number, changes: Readonly<Record<string, string | null>>): void {
    const annotations = { ...this.object.metadata.annotations };
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) delete annotations[key];
      else annotations[key] = value;
    }
    this.write(nowMs, { ...this.object, metadata: { ...this.object.metadata, annotations } }, false);
  }

  private reconcile(nowMs: number): void {
    const { decision } = this.take(nowMs, { kind: 'reconcile', hpa: this.hpa.manifest });
    if (decision.kind !== 'reconcile') return;
    if (decision.error === undefined) {
      this.retryMs = 5;
      return;
    }
    this.world.due.add(nowMs + this.retryMs, (atMs) => this.reconcile(atMs));
    this.retryMs = Math.min(this.retryMs * 2, longestRetryMs);
  }

  private poll(nowMs: number): void {
    if (this.state.loop?.nextPollAtMs !== nowMs) return;
    this.world.counts.kedaPolls++;
    this.take(nowMs, { kind: 'poll', answers: this.answers(nowMs) });
  }

  /** A push scaler looks at its route all the time and says when it is active. */
  private stream(nowMs: number): void {
    const { world, object } = this;
    const active = object.spec.triggers.some(
      ({ type }, i) => type === 'external-push' && (world.source.read(nowMs, i).value ?? 0) > 0,
    );
    if (active && world.replicas === 0 && this.state.loop !== null) this.take(nowMs, { kind: 'push' });
    world.due.add(nowMs + (world.replicas === 0 ? pushMs : 1_000), (atMs) => this.stream(atMs));
  }

  private answer(nowMs: number, metric: string): ExternalAnswer {
    this.world.counts.metricRequests++;
    const { decision } = this.take(nowMs, { kind: 'request', metric, answers: this.answers(nowMs) });
    if (decision.kind !== 'request' || decision.items === undefined)
      return { error: decision.kind === 'request' ? (decision.error ?? 'no value') : 'no scale loop runs' };
    return { values: decision.items.map(({ valueMilli }) => `${valueMilli}m`) };
  }

  private answers(nowMs: number): readonly TriggerAnswer[] {
    if (this.answered?.atMs === nowMs) return this.answered.answers;
    const { source } = this.world;
    const answers = this.triggers.map((trigger, i) => trigger.answer(source.read(nowMs, i)));
    this.answered = { atMs: nowMs, answers };
    return answers;
  }

  private take(nowMs: number, given: Given): KedaStep {
    const { world, object, options, state } = this;
    const input: KedaInput = {
      ...given,
      object,
      workload: { replicas: world.replicas, readyPods: world.pods.ready },
      contexts: options.contexts,
    };
    const step = kedaLoop.step(state, nowMs, input);
    this.state = step.state;
    world.observer.keda?.(nowMs, input, step);
    if (step.decision.kind === 'poll') this.tell(nowMs, input, step, step.decision);
    for (const effect of step.effects) this.carryOut(nowMs, effect);
    const { nextDueAtMs } = step;
    if (nextDueAtMs !== null && nextDueAtMs !== state.loop?.nextPollAtMs)
      world.due.add(nextDueAtMs, (atMs) => this.poll(atMs));
    return step;
  }

  private carryOut(nowMs: number, effect: KedaStep['effects'][number]): void {
    switch (effect.kind) {
      case 'setScale':
        this.world.setScale(effect.replicas, nowMs);
        return;
      case 'writeHpa':
        this.hpa.write(nowMs, effect.hpa);
        return;
      case 'deleteHpa':
        this.hpa.delete(nowMs);
        // The controller watches the HPA that it owns.
        this.world.due.add(nowMs + 1, (atMs) => this.reconcile(atMs));
        return;
      case 'metadata': {
        const { labels, finalizers } = effect;
        this.object = { ...this.object, metadata: { ...this.object.metadata, labels, finalizers } };
        this.world.observer.scaledObject?.(nowMs, 'modified', this.object);
        return;
      }
      default:
        return;
    }
  }

  private tell(
    nowMs: number,
    input: KedaInput,
    { effects, state }: KedaStep,
    { trace, replicas }: Extract<KedaDecision, { kind: 'poll' }>,
  ): void {
    this.world.decided(
      nowMs,
      {
        loop: 'keda',
        from: input.workload.replicas,
        to: replicas,
        wanted: null,
        reason: kedaReason(effects, state),
      },
      () => explainKeda(trace),
    );
  }
}

/** The event's word where there is one, else the Active condition's. */
export function kedaReason(effects: KedaStep['effects'], state: KedaLoopState): string {
  for (const effect of effects)
    if (effect.kind === 'event' && effect.reason.startsWith('KEDAScaleTarget')) return effect.reason;
  return state.status.conditions?.find(({ type }) => type === 'Active')?.reason ?? '';
}

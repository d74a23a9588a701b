import {
  objectKey,
  resources,
  resourceTypeOf,
  sameJson,
  type Informer,
  type ResourceType,
  type WorkQueue,
} from '@scalelab/kube';
import type { HorizontalPodAutoscaler, Pod } from '@scalelab/manifests';
import {
  explainHpa,
  hpaSync,
  type ControllerFlags,
  type HpaDecision,
  type HpaEffect,
  type HpaInput,
  type HpaSpec,
  type HpaState,
} from '@scalelab/scaling';
import type { Controller, ControllerContext, ControllerFactory } from '../controller';
import { controllerQueue } from '../controller-queue';
import { messageOf, readHpaInput } from './hpa-input';
import { apiHpaStatus } from './hpa-status';
import type { ExternalMetricsSource, PodMetricsSource, RecordHpaSync } from './sources';

export interface HpaControllerOptions {
  readonly podMetrics: PodMetricsSource;
  readonly externalMetrics: ExternalMetricsSource;
  readonly record: RecordHpaSync;
  /** Default: the real controller's. */
  readonly flags?: Partial<ControllerFlags>;
  /** Unit of an HPA's signal, for its sentences. */
  readonly unitOf?: (hpa: HorizontalPodAutoscaler) => string | undefined;
}

interface Known {
  readonly uid: string;
  readonly spec: HorizontalPodAutoscaler['spec'];
  readonly state: HpaState;
}

const source = 'horizontal-pod-autoscaler';

/** A factory for the controller, since it needs more than the context. */
export function horizontalPodAutoscalerController(options: HpaControllerOptions): ControllerFactory {
  return (context) => new HorizontalPodAutoscalerController(context, options);
}

/** Drives one reducer an HPA: reads its input when a sync is due, carries out what it decides, and records both. */
class HorizontalPodAutoscalerController implements Controller {
  readonly name = 'horizontalpodautoscaler-controller';
  readonly queue: WorkQueue;
  private readonly hpas: Informer<HorizontalPodAutoscaler>;
  private readonly pods: Informer<Pod>;
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly context: ControllerContext,
    private readonly options: HpaControllerOptions,
  ) {
    this.queue = controllerQueue(context, this.name, 5);
    this.hpas = context.informers.of<HorizontalPodAutoscaler>(resources.HorizontalPodAutoscaler);
    this.pods = context.informers.of<Pod>(resources.Pod);
    this.hpas.on({
      added: (hpa) => this.appeared(hpa),
      updated: (hpa) => this.appeared(hpa),
      deleted: (hpa) => this.deleted(hpa),
    });
  }

  async reconcile(key: string): Promise<void> {
    const known = this.known.get(key);
    if (!known) return;
    const nowMs = this.context.scheduler.now();
    const due = known.state.nextDueAtMs;
    if (due === null) {
      this.known.delete(key);
      return;
    }
    // An edit does not bring a sync forward: the queue was only told that something happened.
    if (nowMs < due) return this.queue.addAt(key, due);
    const hpa = this.hpas.getByKey(key);
    if (!hpa) return this.forget(key, known, nowMs);
    await this.sync(key, hpa, nowMs);
  }

  private async sync(key: string, hpa: HorizontalPodAutoscaler, nowMs: number): Promise<void> {
    const { client } = this.context;
    const target = targetType(hpa);
    const input = await readHpaInput({ client, pods: this.pods, ...this.options }, hpa, target, nowMs);
    // What was edited while the metrics were read counts from the next sync on, as with the real controller.
    const before = this.known.get(key);
    if (!before) return;
    let taken: HpaInput = input;
    let step = hpaSync.step(before.state, nowMs, taken);
    const scaling = step.effects.find((effect) => effect.kind === 'setScale');
    if (scaling && target) {
      const failed = await this.setScale(hpa, target, scaling.replicas);
      if (failed !== null) {
        taken = { ...input, scaleUpdateError: failed };
        step = hpaSync.step(before.state, nowMs, taken);
      }
    }
    const latest = this.known.get(key);
    if (latest && latest.uid === before.uid) {
      const state =
        latest.spec === before.spec
          ? step.state
          : hpaSync.change(step.state, { hpa: latest.spec as HpaSpec });
      this.known.set(key, { ...latest, state });
    }
    this.record(hpa, nowMs, taken, step.decision);
    if (step.nextDueAtMs !== null) this.queue.addAt(key, step.nextDueAtMs);
    await this.apply(hpa, step.effects, nowMs);
  }

  private async setScale(
    hpa: HorizontalPodAutoscaler,
    target: ResourceType,
    replicas: number,
  ): Promise<string | null> {
    try {
      await this.context.client.updateScale(
        target,
        hpa.metadata.namespace ?? '',
        hpa.spec.scaleTargetRef.name,
        replicas,
      );
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }

  private async apply(
    hpa: HorizontalPodAutoscaler,
    effects: readonly HpaEffect[],
    nowMs: number,
  ): Promise<void> {
    for (const effect of effects) {
      if (effect.kind === 'event')
        this.context.events.record(hpa, effect.event.type, effect.event.reason, effect.event.message, source);
      if (effect.kind !== 'updateStatus') continue;
      const status = apiHpaStatus(hpa, effect.status, nowMs);
      if (sameJson(hpa.status, status)) continue;
      await this.context.client.patch(
        resources.HorizontalPodAutoscaler,
        hpa.metadata.namespace,
        hpa.metadata.name,
        { status },
        { subresource: 'status' },
      );
    }
  }

  private record(hpa: HorizontalPodAutoscaler, atMs: number, input: HpaInput, decision: HpaDecision): void {
    const unit = this.options.unitOf?.(hpa);
    const { sentence, steps } = explainHpa(decision.trace, unit === undefined ? {} : { unit });
    this.options.record(atMs, {
      workload: {
        namespace: hpa.metadata.namespace ?? '',
        name: hpa.spec.scaleTargetRef.name,
        kind: hpa.spec.scaleTargetRef.kind,
      },
      hpa: hpa.metadata.name,
      from: input.specReplicas,
      to: decision.specReplicasAfter,
      wanted: decision.proposedReplicas ?? null,
      reason: reasonOf(decision),
      sentence,
      steps,
      input,
      decision,
    });
  }

  private appeared(hpa: HorizontalPodAutoscaler): void {
    const key = objectKey(hpa);
    const known = this.known.get(key);
    const uid = hpa.metadata.uid ?? '';
    if (known?.uid === uid && sameJson(known.spec, hpa.spec)) return;
    this.known.set(key, { uid, spec: hpa.spec, state: this.stateOf(hpa, known) });
    const due = this.known.get(key)?.state.nextDueAtMs;
    if (due != null) this.queue.addAt(key, due);
  }

  private stateOf(hpa: HorizontalPodAutoscaler, known: Known | undefined): HpaState {
    const createdAtMs = this.context.scheduler.now();
    if (!known) {
      const { kind, name } = hpa.spec.scaleTargetRef;
      return hpaSync.init({
        spec: hpa.spec as HpaSpec,
        createdAtMs,
        scaleTarget: { kind, namespace: hpa.metadata.namespace ?? '', name },
        ...(this.options.flags && { flags: this.options.flags }),
      });
    }
    const recreated = known.uid !== (hpa.metadata.uid ?? '');
    return hpaSync.change(known.state, {
      hpa: hpa.spec as HpaSpec,
      ...(recreated && { hpaRecreatedAtMs: createdAtMs }),
    });
  }

  private deleted(hpa: HorizontalPodAutoscaler): void {
    const key = objectKey(hpa);
    const known = this.known.get(key);
    if (!known || known.uid !== (hpa.metadata.uid ?? '')) return;
    this.known.set(key, {
      ...known,
      state: hpaSync.change(known.state, { hpaDeletedAtMs: this.context.scheduler.now() }),
    });
  }

  /** The sync of an HPA that is gone: only now does the controller's memory of it go. */
  private forget(key: string, known: Known, nowMs: number): void {
    const step = hpaSync.step(known.state, nowMs, { specReplicas: 0, statusReplicas: 0 });
    if (step.nextDueAtMs === null) this.known.delete(key);
    else this.known.set(key, { ...known, state: step.state });
  }
}

function targetType(hpa: HorizontalPodAutoscaler): ResourceType | undefined {
  const { apiVersion = 'apps/v1', kind } = hpa.spec.scaleTargetRef;
  return resourceTypeOf({ apiVersion, kind });
}

/** The word that says most: why nothing was computed, what limited it, what held it back, or that it was done. */
function reasonOf({ conditions }: HpaDecision): string {
  const of = (type: string) => conditions.find((condition) => condition.type === type);
  const active = of('ScalingActive');
  if (active?.status === 'False') return active.reason;
  const limited = of('ScalingLimited');
  if (limited?.status === 'True') return limited.reason;
  return of('AbleToScale')?.reason ?? '';
}

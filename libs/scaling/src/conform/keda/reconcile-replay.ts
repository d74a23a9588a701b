import { type HpaManifest } from '../../keda/hpa-manifest';
import { kedaLoop } from '../../keda/keda-loop';
import { type KedaEffect, type KedaLoopState } from '../../keda/loop-types';
import { type KedaCondition, type ScaledObject, type ScaledObjectStatus } from '../../keda/scaled-object';
import { type KedaCase } from './case';
import { errorDifference, firstDifference, type KedaDifference, sameError } from './compare';
import { changeObject, type ObjectChange } from './executor-replay';
import { instantOf, recordedConditions, recordedEvents, timestampOf } from './time-line';

interface ReconcileInput {
  readonly scaledObject: ScaledObject;
  readonly workload: { readonly replicas: number } | null;
  readonly existingHpa?: HpaManifest;
}
interface ReconcileTick extends ObjectChange {
  readonly deleted?: boolean;
  readonly hpaEdited?: HpaManifest;
  readonly replicas?: number | null;
  readonly replicasAfter?: number | null;
  readonly reconcileError?: string;
  readonly scaleLoop: readonly string[];
  readonly hpa: HpaManifest | null;
  readonly status: unknown;
  readonly conditions?: readonly KedaCondition[];
  readonly events?: readonly string[];
}

/** The cluster around one ScaledObject, as far as a reconcile touches it. */
export class ScriptedCluster {
  hpa: HpaManifest | null;
  readonly loop: string[] = [];

  constructor(
    public object: ScaledObject,
    public replicas: number | null,
    hpa?: HpaManifest,
  ) {
    this.hpa = hpa ?? null;
  }

  change(change: ObjectChange): void {
    const generation = (this.object.metadata.generation ?? 1) + (change.spec ? 1 : 0);
    const changed = changeObject(this.object, change);
    this.object = { ...changed, metadata: { ...changed.metadata, generation } };
  }

  apply(effects: readonly KedaEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'writeHpa') this.hpa = effect.hpa;
      if (effect.kind === 'deleteHpa') this.hpa = null;
      if (effect.kind === 'startLoop') this.loop.push('start');
      if (effect.kind === 'stopLoop') this.loop.push('stop');
      if (effect.kind === 'setScale') this.replicas = effect.replicas;
      if (effect.kind === 'metadata') {
        const { labels, finalizers } = effect;
        this.object = { ...this.object, metadata: { ...this.object.metadata, labels, finalizers } };
      }
    }
  }
}

/** A case of hpa or lifecycle: reconciles alone; the loop is started and stopped but does not run. */
export function replayReconcileCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as ReconcileInput;
  const metadata = { ...input.scaledObject.metadata, generation: 1, creationTimestamp: timestampOf(0) };
  const cluster = new ScriptedCluster(
    { ...input.scaledObject, metadata },
    input.workload?.replicas ?? null,
    input.existingHpa,
  );
  let state = kedaLoop.init(cluster.object);
  let conditions: readonly KedaCondition[] | undefined;
  for (const [i, tick] of (recorded.ticks as readonly ReconcileTick[]).entries()) {
    prepare(cluster, tick);
    const workload = { exists: cluster.replicas !== null, replicas: cluster.replicas ?? 0 };
    const { object, hpa } = cluster;
    const step = kedaLoop.step(state, instantOf(i), { kind: 'reconcile', object, workload, hpa });
    ({ state } = step);
    cluster.loop.length = 0;
    cluster.apply(step.effects);
    conditions = tick.conditions ?? conditions;
    const error = step.decision.kind === 'reconcile' ? step.decision.error : undefined;
    const difference = tickDifference(`ticks[${i}]`, tick, conditions, state, cluster, step.effects, error);
    if (difference) return difference;
  }
  return undefined;
}

function prepare(cluster: ScriptedCluster, tick: ReconcileTick): void {
  cluster.change(tick);
  if (tick.replicas !== undefined) cluster.replicas = tick.replicas;
  if (tick.hpaEdited) cluster.hpa = tick.hpaEdited;
  if (!tick.deleted) return;
  const { object } = cluster;
  cluster.object = { ...object, metadata: { ...object.metadata, deletionTimestamp: timestampOf(0) } };
}

function tickDifference(
  at: string,
  tick: ReconcileTick,
  conditions: readonly KedaCondition[] | undefined,
  state: KedaLoopState,
  cluster: ScriptedCluster,
  effects: readonly KedaEffect[],
  error: string | undefined,
): KedaDifference | undefined {
  // Here the scale handler is a stand-in, which announces nothing.
  const events = recordedEvents(effects).filter((event) => !event.endsWith('scalers watch'));
  const replicas = firstDifference(`${at}.replicasAfter`, tick.replicasAfter ?? null, cluster.replicas);
  const rest =
    errorDifference(`${at}.reconcileError`, tick.reconcileError, error) ??
    firstDifference(`${at}.scaleLoop`, tick.scaleLoop, cluster.loop) ??
    firstDifference(`${at}.hpa`, withoutVersion(tick.hpa), withoutVersion(cluster.hpa)) ??
    eventsDifference(`${at}.events`, tick.events ?? [], events);
  if (tick.deleted) return replicas ?? rest;
  return (
    replicas ??
    rest ??
    firstDifference(`${at}.status`, tick.status, recordedStatus(state.status)) ??
    conditionsDifference(`${at}.conditions`, conditions, recordedConditions(state.status.conditions))
  );
}

/** Events agree when their own words do. */
export function eventsDifference(
  at: string,
  expected: readonly string[],
  got: readonly string[],
): KedaDifference | undefined {
  const same = expected.length === got.length && expected.every((event, i) => sameError(event, got[i]));
  return same ? undefined : { at, expected, got };
}

export function conditionsDifference(
  at: string,
  expected: readonly KedaCondition[] | undefined,
  got: readonly KedaCondition[],
): KedaDifference | undefined {
  for (const [i, condition] of (expected ?? []).entries()) {
    const { message, ...rest } = condition;
    const { message: gotMessage, ...gotRest } = got[i] ?? { type: condition.type, status: 'Unknown' };
    const difference =
      firstDifference(`${at}[${i}]`, rest, gotRest) ??
      errorDifference(`${at}[${i}].message`, message, gotMessage);
    if (difference) return difference;
  }
  return undefined;
}

/** The part of an HPA that is recorded: without namespace, kind, and the label with KEDA's version. */
function withoutVersion(hpa: HpaManifest | null): unknown {
  if (!hpa) return null;
  const { namespace: _namespace, labels, ...metadata } = hpa.metadata;
  const { 'app.kubernetes.io/version': _version, ...kept } = labels ?? {};
  return { metadata: { ...metadata, labels: kept }, spec: hpa.spec };
}

function recordedStatus(status: ScaledObjectStatus): unknown {
  const { conditions: _conditions, scaleTargetGVKR: _gvkr, ...rest } = status;
  return rest;
}

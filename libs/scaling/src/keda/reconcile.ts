import {
  hasPausedAnnotation,
  isPausedByAnnotation,
  pausedReplicas,
  pausesScaleIn,
  pausesScaleOut,
} from './annotations';
import {
  areInitialized,
  conditionOf,
  initialConditions,
  pausedMessage,
  pausedReason,
  readyMessage,
  readyReason,
} from './conditions';
import { hasValidFallback } from './fallback';
import { ensureHpa } from './reconcile-hpa';
import { type KedaInput, type KedaLoopState } from './loop-types';
import { ownerLabel } from './hpa-metrics';
import { replicaBoundsError } from './replica-bounds';
import { scaleTargetOf, targetKindText } from './scale-target';
import { type ScaledObject, type ScaleTargetGvkr } from './scaled-object';
import { type StatusDraft } from './status-draft';
import { triggerListError, triggerTypesOf } from './trigger-list';

export type ReconcileInput = Extract<KedaInput, { kind: 'reconcile' }>;

/** What a reconcile changes beside the status. */
export type ReconcileOutcome = Pick<
  KedaLoopState,
  'loop' | 'loopGeneration' | 'scalers' | 'cachedMetrics'
> & {
  readonly message: string;
  readonly error?: string;
  readonly gone?: boolean;
};

const finalizer = 'finalizer.keda.sh';
const defaultPollingSeconds = 30;

/** A failed step: what was tried, and why it failed. */
export class ReconcileFailure extends Error {
  constructor(
    readonly doing: string,
    message: string,
  ) {
    super(message);
  }
}

/** One reconcile of the controller: pause, checks, HPA, scale loop, conditions. */
export function reconcile(
  state: KedaLoopState,
  nowMs: number,
  input: ReconcileInput,
  draft: StatusDraft,
): ReconcileOutcome {
  const memory = new LoopMemory(state, draft);
  if (input.object.metadata.deletionTimestamp !== undefined) return finalize(input, memory, draft);
  const object = ensureMetadata(input.object, draft, [...(input.object.metadata.finalizers ?? [])]);
  if (!areInitialized(draft.status.conditions)) draft.set({ conditions: initialConditions });
  let message: string;
  let error: string | undefined;
  try {
    message = reconcileObject({ ...input, object }, nowMs, memory, draft);
    const ready = conditionOf(draft.status.conditions, 'Ready').status;
    if (ready === 'False' || ready === 'Unknown') {
      draft.event('Normal', readyReason, 'ScaledObject is ready for scaling');
    }
    draft.setCondition('Ready', 'True', readyReason, message);
  } catch (failure) {
    if (!(failure instanceof ReconcileFailure)) throw failure;
    error = failure.message;
    message = `${failure.doing}: ${failure.message}`;
    draft.setCondition('Ready', 'False', 'ScaledObjectCheckFailed', message);
    draft.setCondition('Active', 'Unknown', 'UnknownState', 'ScaledObject check failed');
    draft.event('Warning', 'ScaledObjectCheckFailed', message);
  }
  if (!hasValidFallback(object)) {
    draft.setCondition(
      'Fallback',
      'False',
      'NoFallbackFound',
      'No fallbacks are active on this scaled object',
    );
  }
  return { ...memory.outcome(), message, ...(error === undefined ? {} : { error }) };
}

/** Finalizer and the label by which metrics are found, written when they are missing. */
function ensureMetadata(object: ScaledObject, draft: StatusDraft, finalizers: string[]): ScaledObject {
  const { metadata } = object;
  const labels = { ...metadata.labels, [ownerLabel]: metadata.name };
  const missesFinalizer = !finalizers.includes(finalizer);
  if (missesFinalizer) finalizers.push(finalizer);
  // Without a target's name the controller stops before it writes the label.
  const labelled = object.spec.scaleTargetRef.name === '' ? (metadata.labels ?? {}) : labels;
  if (missesFinalizer || labelled[ownerLabel] !== metadata.labels?.[ownerLabel]) {
    draft.effects.push({ kind: 'metadata', labels: labelled, finalizers });
  }
  return { ...object, metadata: { ...metadata, labels: labelled, finalizers } };
}

/** Loop and scalers while a reconcile works on them. */
export class LoopMemory {
  loop: KedaLoopState['loop'];
  loopGeneration: KedaLoopState['loopGeneration'];
  scalers: KedaLoopState['scalers'];
  cachedMetrics: KedaLoopState['cachedMetrics'];

  constructor(
    state: KedaLoopState,
    private readonly draft: StatusDraft,
  ) {
    ({ loop: this.loop, loopGeneration: this.loopGeneration } = state);
    ({ scalers: this.scalers, cachedMetrics: this.cachedMetrics } = state);
  }

  /** Starts the loop or starts it anew; the first check is due at once. */
  start(object: ScaledObject, nowMs: number): void {
    if (this.loop === null) this.draft.event('Normal', 'KEDAScalersStarted', 'Started scalers watch');
    else this.forgetScalers();
    const pollingIntervalMs = (object.spec.pollingInterval ?? defaultPollingSeconds) * 1000;
    this.loop = { pollingIntervalMs, nextPollAtMs: nowMs };
    this.loopGeneration = object.metadata.generation ?? 0;
    this.draft.effects.push({ kind: 'startLoop' });
  }

  stop(): void {
    if (this.loop !== null) {
      this.forgetScalers();
      this.draft.event('Normal', 'KEDAScalersStopped', 'Stopped scalers watch');
    }
    this.loop = null;
    this.loopGeneration = null;
    this.draft.effects.push({ kind: 'stopLoop' });
  }

  outcome(): Pick<KedaLoopState, 'loop' | 'loopGeneration' | 'scalers' | 'cachedMetrics'> {
    const { loop, loopGeneration, scalers, cachedMetrics } = this;
    return { loop, loopGeneration, scalers, cachedMetrics };
  }

  private forgetScalers(): void {
    this.scalers = null;
    this.cachedMetrics = {};
  }
}

function finalize(
  { object, workload }: ReconcileInput,
  memory: LoopMemory,
  draft: StatusDraft,
): ReconcileOutcome {
  const { metadata, spec } = object;
  if (metadata.finalizers?.includes(finalizer)) {
    memory.stop();
    const original = draft.status.originalReplicaCount;
    const known = draft.status.scaleTargetGVKR !== undefined && original !== undefined;
    if (
      spec.advanced?.restoreToOriginalReplicaCount &&
      known &&
      workload.exists !== false &&
      !workload.scaleError
    ) {
      draft.effects.push({ kind: 'setScale', replicas: original });
    }
    const finalizers = metadata.finalizers.filter((name) => name !== finalizer);
    draft.effects.push({ kind: 'metadata', labels: metadata.labels ?? {}, finalizers });
  }
  draft.event('Warning', 'ScaledObjectDeleted', 'ScaledObject was deleted');
  return { ...memory.outcome(), message: 'ScaledObject was deleted', gone: true };
}

/** Gives the message of success. Throws ReconcileFailure. */
function reconcileObject(
  input: ReconcileInput,
  nowMs: number,
  memory: LoopMemory,
  draft: StatusDraft,
): string {
  const { object } = input;
  const pausedBefore = conditionOf(draft.status.conditions, 'Paused').status === 'True';
  const paused = pause(input, memory, draft, pausedBefore);
  if (paused !== undefined) return paused;
  if (object.spec.scaleTargetRef.name === '') {
    throw new ReconcileFailure(badTarget, 'ScaledObject.spec.scaleTargetRef.name is missing');
  }
  const target = checkTarget(input, draft);
  const bounds = replicaBoundsError(object.spec);
  if (bounds) {
    throw new ReconcileFailure(
      "ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification",
      bounds,
    );
  }
  const triggers = triggerListError(object.spec.triggers);
  if (triggers)
    throw new ReconcileFailure("ScaledObject doesn't have correct triggers specification", triggers);
  draft.set(triggerTypesOf(object.spec.triggers));
  const created = ensureHpa(input, target, memory, draft);
  if (created || memory.loopGeneration !== (object.metadata.generation ?? 0)) memory.start(object, nowMs);
  if (isPausedByAnnotation(object) && conditionOf(draft.status.conditions, 'Paused').status !== 'True') {
    const message = 'ScaledObject paused replicas are being scaled';
    throw new ReconcileFailure(message, message);
  }
  return readyMessage;
}

const badTarget = "ScaledObject doesn't have correct scaleTargetRef specification";

/** Handles the pause annotations. A message: paused, nothing more to do. */
function pause(
  { object, workload, hpa }: ReconcileInput,
  memory: LoopMemory,
  draft: StatusDraft,
  pausedBefore: boolean,
): string | undefined {
  const setPaused = (): void => draft.setCondition('Paused', 'True', pausedReason, pausedMessage);
  const announce = (): void => {
    if (!pausedBefore) draft.event('Normal', pausedReason, pausedMessage);
  };
  if (isPausedByAnnotation(object)) {
    // Already paused: done, unless the count of paused-replicas is still to be reached, which takes HPA and loop again.
    if (pausedBefore) return hasReachedPausedCount(object, workload) ? readyMessage : undefined;
    setPaused();
    memory.stop();
    if (hpa) draft.effects.push({ kind: 'deleteHpa', name: hpa.metadata.name });
    announce();
    return pausedMessage;
  }
  if (pausesScaleIn(object) || pausesScaleOut(object)) {
    setPaused();
    announce();
  } else if (pausedBefore) {
    const message = 'pause annotation removed for ScaledObject';
    draft.setCondition('Paused', 'False', 'ScaledObjectUnpaused', message);
    draft.event('Normal', 'ScaledObjectUnpaused', message);
  }
  return undefined;
}

function hasReachedPausedCount(object: ScaledObject, workload: ReconcileInput['workload']): boolean {
  const count = pausedReplicas(object);
  if (typeof count !== 'number') return true;
  const unreadable =
    workload.exists === false || workload.scaleError === 'get' || 'error' in scaleTargetOf(object);
  return unreadable || workload.replicas === count;
}

/** The target must exist and have a scale; what it is, and its replicas at first sight, go into the status. */
function checkTarget({ object, workload }: ReconcileInput, draft: StatusDraft): ScaleTargetGvkr {
  const target = scaleTargetOf(object, workload);
  if ('error' in target) {
    draft.event('Warning', 'ScaledObjectUpdateFailed', target.error);
    throw new ReconcileFailure(badTarget, target.error);
  }
  if (workload.exists === false) {
    draft.event('Warning', 'ScaledObjectCheckFailed', "Target resource doesn't exist");
    const resource = target.group === '' ? target.resource : `${target.resource}.${target.group}`;
    throw new ReconcileFailure(badTarget, `${resource} "${object.spec.scaleTargetRef.name}" not found`);
  }
  if (workload.scaleError === 'get') {
    draft.event('Warning', 'ScaledObjectCheckFailed', "Target resource doesn't expose /scale subresource");
    throw new ReconcileFailure(badTarget, 'scale unavailable');
  }
  draft.set({ scaleTargetKind: targetKindText(target), scaleTargetGVKR: target });
  if (draft.status.originalReplicaCount === undefined) draft.set({ originalReplicaCount: workload.replicas });
  if (draft.status.pausedReplicaCount !== undefined && !hasPausedAnnotation(object))
    draft.clear('pausedReplicaCount');
  return target;
}

import { boolAnnotation, pausedAnnotation } from './annotations';
import { areInitialized, conditionOf, initialConditions } from './conditions';
import { outdatedJobs } from './job-facts';
import { type JobDraft } from './job-draft';
import { buildJobScalers } from './scaled-job-loop';
import { type ScaledJobDecision, type ScaledJobInput, type ScaledJobLoopState } from './scaled-job-types';
import { triggerListError, triggerTypesOf } from './trigger-list';

const finalizer = 'finalizer.keda.sh';
const defaultPollingSeconds = 30;

type ReconcileInput = Extract<ScaledJobInput, { kind: 'reconcile' }>;
type Memory = Pick<ScaledJobLoopState, 'loop' | 'scalers'>;
type Outcome = Memory & { readonly decision: ScaledJobDecision; readonly gone: boolean };

/** A reconcile that failed; the text is what conditions and events say. */
class JobFailure extends Error {
  constructor(
    message: string,
    readonly reason: string,
  ) {
    super(message);
  }
}

/** One reconcile of a ScaledJob: pause, checks, rollout, scale loop, conditions. */
export function reconcileJob(
  state: ScaledJobLoopState,
  nowMs: number,
  input: ReconcileInput,
  draft: JobDraft,
): Outcome {
  const { metadata, spec } = input.object;
  const finalizers = metadata.finalizers ?? [];
  const labels = metadata.labels ?? {};
  if (metadata.deletionTimestamp !== undefined) {
    const memory = finalizers.includes(finalizer) ? stop(state, draft) : state;
    const left = finalizers.filter((name) => name !== finalizer);
    if (left.length < finalizers.length) draft.effects.push({ kind: 'metadata', labels, finalizers: left });
    draft.event('Warning', 'ScaledJobDeleted', 'ScaledJob was deleted');
    return { ...pick(memory), decision: { kind: 'reconcile', message: 'ScaledJob was deleted' }, gone: true };
  }
  if (!finalizers.includes(finalizer)) {
    draft.effects.push({ kind: 'metadata', labels, finalizers: [...finalizers, finalizer] });
  }
  if (!areInitialized(draft.status.conditions)) draft.set({ conditions: initialConditions });
  if (spec.jobTargetRef === undefined) {
    const message = 'ScaledJob.spec.jobTargetRef not found';
    draft.event('Warning', 'ScaledJobCheckFailed', message);
    return { ...pick(state), decision: { kind: 'reconcile', message, error: message }, gone: false };
  }
  try {
    const { message, memory } = run(state, nowMs, input, draft);
    const ready = conditionOf(draft.status.conditions, 'Ready').status;
    if (ready === 'False' || ready === 'Unknown') {
      draft.event('Normal', 'ScaledJobReady', 'ScaledJob is ready for scaling');
    }
    draft.setCondition('Ready', 'True', 'ScaledJobReady', message);
    return { ...pick(memory), decision: { kind: 'reconcile', message }, gone: false };
  } catch (failure) {
    if (!(failure instanceof JobFailure)) throw failure;
    const { message, reason: error } = failure;
    draft.setCondition('Ready', 'False', 'ScaledJobCheckFailed', message);
    draft.setCondition('Active', 'Unknown', 'UnknownState', 'ScaledJob check failed');
    draft.event('Warning', 'ScaledJobCheckFailed', message);
    return { ...pick(state), decision: { kind: 'reconcile', message, error }, gone: false };
  }
}

const pick = ({ loop, scalers }: Memory): Memory => ({ loop, scalers });

function stop(state: Memory, draft: JobDraft): Memory {
  if (state.loop !== null) draft.event('Normal', 'KEDAScalersStopped', 'Stopped scalers watch');
  draft.effects.push({ kind: 'stopLoop' });
  return { loop: null, scalers: null };
}

function run(
  state: Memory,
  nowMs: number,
  input: ReconcileInput,
  draft: JobDraft,
): { readonly message: string; readonly memory: Memory } {
  const { object } = input;
  const pausedBefore = conditionOf(draft.status.conditions, 'Paused').status === 'True';
  if (boolAnnotation(object, pausedAnnotation)) {
    const memory = pausedBefore ? state : pauseJob(state, draft);
    return { message: 'ScaledJob is paused, skipping reconcile loop', memory };
  }
  if (pausedBefore) {
    draft.setCondition('Paused', 'False', 'ScaledJobUnpaused', 'ScaledJob is unpaused');
    draft.event('Normal', 'ScaledJobUnpaused', 'ScaledJob is unpaused');
  }
  const complaint = triggerListError(object.spec.triggers);
  if (complaint) throw new JobFailure("ScaledJob doesn't have correct triggers specification", complaint);
  draft.set(triggerTypesOf(object.spec.triggers));
  rollOut(input, draft);
  const fresh = state.scalers?.generation === (object.metadata.generation ?? 0);
  const scalers = fresh ? state.scalers : buildJobScalers(object, input.contexts, draft);
  if (scalers && 'error' in scalers) {
    throw new JobFailure('Failed to ensure ScaledJob is correctly created', scalers.error);
  }
  if (object.spec.triggers.some((trigger) => trigger.metricType)) {
    throw new JobFailure(
      'Cannot set metricType in ScaledJob triggers',
      'metricType is set in one of the ScaledJob scaler',
    );
  }
  // Every reconcile starts the loop anew, an unchanged spec as well.
  if (state.loop === null) draft.event('Normal', 'KEDAScalersStarted', 'Started scalers watch');
  draft.effects.push({ kind: 'startLoop' });
  const pollingIntervalMs = (object.spec.pollingInterval ?? defaultPollingSeconds) * 1000;
  const memory = { loop: { pollingIntervalMs, nextPollAtMs: nowMs }, scalers };
  return { message: 'ScaledJob is defined correctly and is ready to scaling', memory };
}

function pauseJob(state: Memory, draft: JobDraft): Memory {
  const memory = stop(state, draft);
  draft.setCondition('Paused', 'True', 'ScaledJobPaused', 'ScaledJob is paused');
  draft.event('Normal', 'ScaledJobPaused', 'ScaledJob is paused');
  return memory;
}

function rollOut({ object, jobs }: ReconcileInput, draft: JobDraft): void {
  const outdated = outdatedJobs(jobs, object.spec, object.metadata.generation ?? 0);
  if (outdated.length === 0) return;
  const count = `${outdated.length} jobs owned by the previous version of the scaledJob`;
  draft.event('Normal', 'ScaledJobRolloutCleanupStarted', `Deleting ${count}`);
  const propagation = object.spec.rollout?.propagationPolicy === 'foreground' ? 'Foreground' : 'Background';
  for (const { name } of outdated) draft.effects.push({ kind: 'deleteJob', name, propagation });
  draft.event('Normal', 'ScaledJobRolloutCleanupCompleted', `Deleted ${count}`);
}

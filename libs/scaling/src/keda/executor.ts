import { formatInstant, parseInstant } from './rfc3339';
import { forcesActivation, pausedReplicas, pausesScaleIn, pausesScaleOut } from './annotations';
import { conditionOf, readyMessage, readyReason } from './conditions';
import { type WorkloadFacts } from './loop-types';
import { type ScaledObject } from './scaled-object';
import { isTargetReadable } from './scale-target';
import { type StatusDraft } from './status-draft';
import { type ExecutorRule, type KedaTrace } from './trace';
import { updateTriggersActivity } from './triggers-activity';

/** What a check found out about all triggers together. */
export interface TriggerVerdict {
  readonly isActive: boolean;
  readonly isError: boolean;
  /** Metric names of the active triggers. */
  readonly activeTriggers: readonly string[];
}

const defaultCooldownMs = 300_000;
const notActive = 'Scaling is not performed because triggers are not active';

/** Facts of one run of the executor that its rules share. */
interface Run {
  readonly object: ScaledObject;
  readonly workload: WorkloadFacts;
  readonly nowMs: number;
  readonly verdict: TriggerVerdict;
  readonly draft: StatusDraft;
  readonly min: number;
  replicas: number;
  /** Count that could not be written. */
  refused?: number;
}

type ExecutorTrace = NonNullable<KedaTrace['executor']>;

/**
 * Scales between 0 (or idle) and the minimum, and keeps conditions, lastActiveTime and triggersActivity. The count in
 * between belongs to the HPA. Gives the replicas afterwards and the rule that decided.
 */
export function requestScale(
  object: ScaledObject,
  workload: WorkloadFacts,
  nowMs: number,
  verdict: TriggerVerdict,
  draft: StatusDraft,
): { readonly replicas: number; readonly trace: ExecutorTrace } {
  const min = object.spec.minReplicaCount ?? 0;
  const run: Run = { object, workload, nowMs, verdict, draft, min, replicas: workload.replicas };
  const rule = decide(run);
  return { replicas: run.replicas, trace: traceOf(run, rule) };
}

function traceOf(run: Run, rule: ExecutorRule): ExecutorTrace {
  const { spec } = run.object;
  return {
    rule,
    from: run.workload.replicas,
    to: run.replicas,
    min: run.min,
    ...(forcesActivation(run.object) && !run.verdict.isActive ? { forced: true } : {}),
    ...(run.refused === undefined ? {} : { refused: run.refused }),
    ...(spec.idleReplicaCount === undefined ? {} : { idle: spec.idleReplicaCount }),
    ...(rule === 'cooldown' || rule === 'deactivate' ? cooldownTrace(run) : {}),
  };
}

/** What the cooldown was judged by; the other rules do not look at times. */
function cooldownTrace({ object: { spec, metadata }, draft }: Run): Partial<ExecutorTrace> {
  const { lastActiveTime } = draft.status;
  const { creationTimestamp } = metadata;
  return {
    cooldownMs: spec.cooldownPeriod === undefined ? defaultCooldownMs : spec.cooldownPeriod * 1000,
    ...(lastActiveTime === undefined ? {} : { lastActiveMs: parseInstant(lastActiveTime) }),
    ...(creationTimestamp === undefined ? {} : { createdMs: parseInstant(creationTimestamp) }),
    ...(spec.initialCooldownPeriod === undefined
      ? {}
      : { initialCooldownMs: spec.initialCooldownPeriod * 1000 }),
  };
}

function decide(run: Run): ExecutorRule {
  const { object, draft, verdict } = run;
  if (!isTargetReadable(object, draft.status.scaleTargetGVKR, run.workload)) return 'targetUnreadable';
  const ready = conditionOf(draft.status.conditions, 'Ready').status;
  if (!verdict.isError && ready !== 'True') draft.setCondition('Ready', 'True', readyReason, readyMessage);
  const paused = pausedReplicas(object);
  if (typeof paused === 'object') {
    draft.setCondition('Ready', 'False', readyReason, readyMessage);
    return 'pausedReplicasInvalid';
  }
  if (paused !== undefined) {
    holdAt(run, paused);
    return 'pausedReplicas';
  }
  const forced = forcesActivation(object);
  const rule = verdict.isActive || forced ? whenActive(run, ready) : whenInactive(run, ready);
  updateActive(run, forced);
  updateTriggersActivity(draft, verdict.activeTriggers);
  return rule;
}

function holdAt(run: Run, count: number): void {
  const { draft, workload } = run;
  const differs = count !== workload.replicas;
  if (differs && !scaleTo(run, count).ok) {
    draft.setCondition('Ready', 'Unknown', readyReason, readyMessage);
    return;
  }
  if (differs || draft.status.pausedReplicaCount === undefined) draft.set({ pausedReplicaCount: count });
}

/** Writes the count. `from` is what the scale showed, -1 when it could not be read. */
function scaleTo(run: Run, replicas: number): { readonly ok: boolean; readonly from: number } {
  const { scaleError } = run.workload;
  if (scaleError) {
    run.refused = replicas;
    return { ok: false, from: scaleError === 'get' ? -1 : run.replicas };
  }
  const from = run.replicas;
  run.draft.effects.push({ kind: 'setScale', replicas });
  run.replicas = replicas;
  return { ok: true, from };
}

const targetOf = ({ object, draft }: Run): string =>
  `${draft.status.scaleTargetKind ?? ''} ${object.metadata.namespace ?? 'default'}/${object.spec.scaleTargetRef.name}`;

function whenActive(run: Run, ready: string): ExecutorRule {
  const { spec } = run.object;
  const belowIdleMin = spec.idleReplicaCount !== undefined && run.replicas < run.min;
  if (belowIdleMin || run.replicas === 0) return activate(run, belowIdleMin && run.replicas > 0);
  if (run.verdict.isError) {
    if (ready !== 'Unknown') {
      const message = 'Some triggers defined in ScaledObject are not working correctly';
      run.draft.setCondition('Ready', 'Unknown', 'PartialTriggerError', message);
    }
    return 'partialError';
  }
  run.draft.set({ lastActiveTime: formatInstant(run.nowMs) });
  return 'active';
}

function activate(run: Run, fromIdle: boolean): ExecutorRule {
  const { object, draft, verdict } = run;
  if (pausesScaleOut(object)) return 'activationPausedScaleOut';
  const replicas = run.min > 0 ? run.min : 1;
  const { ok, from } = scaleTo(run, replicas);
  const change = `scaled ${targetOf(run)} from ${from} to ${replicas}`;
  if (ok) {
    const cause = forcesActivation(object)
      ? 'caused by forced activation annotation'
      : `triggered by ${verdict.activeTriggers.join(';')}`;
    draft.event('Normal', 'KEDAScaleTargetActivated', `S${change.slice(1)}, ${cause}`);
    draft.set({ lastActiveTime: formatInstant(run.nowMs) });
  } else draft.event('Warning', 'KEDAScaleTargetActivationFailed', `Failed to ${change}`);
  return fromIdle ? 'activateIdle' : 'activate';
}

function whenInactive(run: Run, ready: string): ExecutorRule {
  const { object, verdict, draft, min } = run;
  const { fallback, idleReplicaCount: idle } = object.spec;
  // Zero replicas would switch the HPA off, and with it the fallback that is about to start.
  if (verdict.isError && fallback && (fallback.replicas ?? 0) !== 0) return 'errorAwaitsFallback';
  if (verdict.isError && !fallback) {
    if (ready !== 'False') {
      const message = 'Triggers defined in ScaledObject are not working correctly';
      draft.setCondition('Ready', 'False', 'TriggerError', message);
    }
    return 'errorWithoutFallback';
  }
  if ((idle !== undefined && run.replicas > idle) || (run.replicas > 0 && min === 0)) return deactivate(run);
  if (run.replicas < min && idle === undefined) {
    scaleTo(run, min);
    return 'restoreMin';
  }
  return 'nothing';
}

function deactivate(run: Run): ExecutorRule {
  const { object, draft } = run;
  if (pausesScaleIn(object)) return 'deactivationPausedScaleIn';
  if (!cooledDown(run)) {
    const active = conditionOf(draft.status.conditions, 'Active');
    if (active.status !== 'False' || active.reason !== 'ScalerCooldown') {
      draft.setCondition(
        'Active',
        'False',
        'ScalerCooldown',
        'Scaler cooling down because triggers are not active',
      );
    }
    return 'cooldown';
  }
  const replicas = object.spec.idleReplicaCount ?? run.min;
  const { ok, from } = scaleTo(run, replicas);
  const change = `${targetOf(run)} from ${from} to ${replicas}`;
  if (ok) {
    draft.event('Normal', 'KEDAScaleTargetDeactivated', `Deactivated ${change}`);
    draft.setCondition('Active', 'False', 'ScalerNotActive', notActive);
  } else draft.event('Warning', 'KEDAScaleTargetDeactivationFailed', `Failed to deactivate ${change}`);
  return 'deactivate';
}

/** Times of the API have whole seconds, now has not, and the comparison is strict: 300.000 s holds, 300.001 s scales. */
function cooledDown({ object, draft, nowMs }: Run): boolean {
  const { lastActiveTime } = draft.status;
  if (lastActiveTime === undefined) {
    const { creationTimestamp } = object.metadata;
    const createdMs = creationTimestamp === undefined ? nowMs : parseInstant(creationTimestamp);
    return createdMs + (object.spec.initialCooldownPeriod ?? 0) * 1000 < nowMs;
  }
  const { cooldownPeriod } = object.spec;
  return (
    parseInstant(lastActiveTime) +
      (cooldownPeriod === undefined ? defaultCooldownMs : cooldownPeriod * 1000) <
    nowMs
  );
}

function updateActive({ draft, verdict }: Run, forced: boolean): void {
  const { status } = conditionOf(draft.status.conditions, 'Active');
  if (status !== 'Unknown' && (status === 'True') === (verdict.isActive || forced)) return;
  if (verdict.isActive || forced) {
    const why = verdict.isActive ? 'triggers are active' : 'activation is being forced by annotation';
    draft.setCondition('Active', 'True', 'ScalerActive', `Scaling is performed because ${why}`);
  } else draft.setCondition('Active', 'False', 'ScalerNotActive', notActive);
}

import { decimalText } from '../hpa/number-text';
import { activityText, failureText, inactivityText, secondsText, triggerText } from './explain-words';
import { kedaRuleAnchor, kedaRuleId, type KedaRuleName } from './rules';
import { type KedaTrace, type TriggerTrace } from './trace';

/** One rule that took part in a decision. */
export interface KedaExplanationStep {
  readonly rule: string;
  /** What the rule was applied to. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  readonly result: string | number;
  /** Anchor of the rule in the documentation. */
  readonly docs: string;
}

export interface KedaExplanation {
  readonly steps: readonly KedaExplanationStep[];
  readonly sentence: string;
}

type Inputs = KedaExplanationStep['inputs'];
type ExecutorTrace = NonNullable<KedaTrace['executor']>;

/** Only reconciles, checks that could not be made and loops that do not run have a note. */
const noteRules = {
  reconcile: 'reconcile',
  poll: 'poll',
  request: 'poll',
  push: 'poll',
  none: 'none',
} as const;

export function kedaStep(rule: KedaRuleName, inputs: Inputs, result: string | number): KedaExplanationStep {
  return { rule: kedaRuleId(rule), inputs, result, docs: kedaRuleAnchor(rule) };
}

/** The path of one of KEDA's decisions as steps, and one sentence. */
export function explainKeda(trace: KedaTrace): KedaExplanation {
  return { steps: stepsOf(trace), sentence: sentenceOf(trace) };
}

function stepsOf(trace: KedaTrace): readonly KedaExplanationStep[] {
  const { triggers = [], formula, executor, note } = trace;
  return [
    ...triggers.flatMap(triggerSteps),
    ...(formula
      ? [
          kedaStep(
            'formula',
            { formula: formula.text, activationTarget: formula.activationTarget },
            formula.resultMilli === undefined ? 'no value' : decimalText(formula.resultMilli),
          ),
        ]
      : []),
    ...(trace.cpuMemoryOnly ? [kedaStep('cpuMemoryAlwaysActive', {}, 'active')] : []),
    ...(executor ? [kedaStep(executor.rule, executorInputs(trace, executor), executor.to)] : []),
    ...(note === undefined ? [] : [kedaStep(noteRules[trace.kind], {}, note)]),
  ];
}

function triggerSteps(trigger: TriggerTrace): readonly KedaExplanationStep[] {
  const { metric, type, valueMilli, activationMilli, error, fallback, isActive, how } = trigger;
  const inputs: Inputs = {
    metric,
    type,
    ...(how === undefined ? {} : { how }),
    ...(valueMilli === undefined ? {} : { value: decimalText(valueMilli) }),
    ...(activationMilli === undefined ? {} : { activation: decimalText(activationMilli) }),
  };
  const steps: KedaExplanationStep[] = [];
  if (error === undefined) steps.push(kedaStep('activation', inputs, isActive ? 'active' : 'inactive'));
  else steps.push(kedaStep('triggerError', { metric, type }, error));
  if (fallback) {
    const { failures, threshold, served } = fallback;
    steps.push(
      kedaStep('fallback', { metric, failures, threshold }, served ? triggerText(trigger) : 'waits'),
    );
  }
  return steps;
}

function executorInputs(trace: KedaTrace, executor: ExecutorTrace): Inputs {
  const { from, min, idle, lastActiveMs, cooldownMs, forced, refused } = executor;
  return {
    replicas: from,
    minReplicaCount: min,
    ...(idle === undefined ? {} : { idleReplicaCount: idle }),
    ...(cooldownMs === undefined ? {} : { cooldownPeriod: secondsText(cooldownMs) }),
    ...(lastActiveMs === undefined ? {} : { inactiveFor: secondsText(trace.atMs - lastActiveMs) }),
    ...(forced ? { forced } : {}),
    ...(refused === undefined ? {} : { refused }),
  };
}

function sentenceOf(trace: KedaTrace): string {
  const { executor, note, triggers = [] } = trace;
  if (executor) return `${changeText(executor)}: ${reasonText(trace, executor)}`;
  if (note !== undefined) return note;
  return (
    triggers.map((trigger) => `${trigger.metric}: ${requestText(trigger)}`).join('; ') ||
    'no trigger serves this metric'
  );
}

/** Live value for the HPA: its own arithmetic follows, so activation plays no part. */
function requestText(trigger: TriggerTrace): string {
  if (trigger.error !== undefined || trigger.valueMilli === undefined) {
    const { fallback } = trigger;
    const wait =
      fallback && !fallback.served
        ? `, failure ${fallback.failures}, fallback after more than ${fallback.threshold}`
        : '';
    return `${triggerText(trigger)}${wait}`;
  }
  const value = decimalText(trigger.valueMilli);
  return trigger.how === undefined ? value : `${value} (${trigger.how})`;
}

function changeText({ from, to, refused }: ExecutorTrace): string {
  if (refused !== undefined) return `${from} -> ${refused} refused by the scale target`;
  return from === to ? `stays ${from}` : `${from} -> ${to}`;
}

function reasonText(trace: KedaTrace, executor: ExecutorTrace): string {
  switch (executor.rule) {
    case 'targetUnreadable':
      return 'the replicas of the scale target cannot be read';
    case 'pausedReplicasInvalid':
      return 'the annotation paused-replicas is no number';
    case 'pausedReplicas':
      return 'held by the annotation paused-replicas';
    case 'activate':
    case 'activateIdle':
      return activityText(trace);
    case 'activationPausedScaleOut':
      return `${activityText(trace)}, but paused-scale-out is set`;
    case 'partialError':
      return `${activityText(trace)}; ${failureText(trace)}, so lastActiveTime is not refreshed`;
    case 'active':
      return `${activityText(trace)}; counts above 0 are the HPA's`;
    case 'errorAwaitsFallback':
      return failureText(trace);
    case 'errorWithoutFallback':
      return `${failureText(trace)} and there is no fallback`;
    case 'deactivate':
      return inactiveText(trace, executor);
    case 'cooldown':
      return coolingText(trace, executor);
    case 'deactivationPausedScaleIn':
      return `${inactivityText(trace)}, but paused-scale-in is set`;
    case 'restoreMin':
      return `below minReplicaCount ${executor.min}`;
    case 'nothing':
      return inactivityText(trace);
  }
}

function inactiveText({ atMs }: KedaTrace, executor: ExecutorTrace): string {
  const { lastActiveMs, cooldownMs = 0, createdMs, initialCooldownMs = 0 } = executor;
  if (lastActiveMs !== undefined) {
    return `inactive for ${secondsText(atMs - lastActiveMs)} > cooldownPeriod ${secondsText(cooldownMs)}`;
  }
  const age = createdMs === undefined ? '' : `, created ${secondsText(atMs - createdMs)} ago`;
  return `never active${age} > initialCooldownPeriod ${secondsText(initialCooldownMs)}`;
}

function coolingText({ atMs }: KedaTrace, executor: ExecutorTrace): string {
  const { lastActiveMs, cooldownMs = 0, createdMs = atMs, initialCooldownMs = 0 } = executor;
  if (lastActiveMs !== undefined) {
    const left = secondsText(lastActiveMs + cooldownMs - atMs);
    return `inactive for ${secondsText(atMs - lastActiveMs)}, cooldown ${secondsText(cooldownMs)} ends in ${left}`;
  }
  const left = secondsText(createdMs + initialCooldownMs - atMs);
  return `never active, initial cooldown ${secondsText(initialCooldownMs)} ends in ${left}`;
}

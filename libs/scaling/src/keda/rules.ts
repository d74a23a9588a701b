import { type JobDecision } from './job-strategy';
import { type ExecutorRule } from './trace';

const executor = {
  targetUnreadable: 'The replicas of the scale target cannot be read: nothing is decided.',
  pausedReplicasInvalid:
    'The annotation paused-replicas is no number: nothing is scaled, and the object is not Ready.',
  pausedReplicas: 'The annotation paused-replicas holds the count; the loop and the HPA stop.',
  activate: 'A trigger is active and there are 0 replicas: to minReplicaCount, at least 1.',
  activateIdle:
    'A trigger is active and the count is below minReplicaCount (idleReplicaCount): to minReplicaCount.',
  activationPausedScaleOut: 'A trigger is active, but paused-scale-out forbids the way up.',
  partialError: 'Some trigger is active and another fails: lastActiveTime is not refreshed.',
  active: 'A trigger is active and there are replicas: lastActiveTime is now; the count is left to the HPA.',
  errorAwaitsFallback: 'A trigger fails and none is active: nothing happens until the fallback takes over.',
  errorWithoutFallback: 'A trigger fails, none is active and there is no fallback: nothing is scaled.',
  deactivate:
    'No trigger is active and the cooldown is over: to 0 (or idleReplicaCount) at once, from any count.',
  deactivationPausedScaleIn: 'No trigger is active, but paused-scale-in forbids the way down.',
  cooldown:
    'No trigger is active, but lastActiveTime is not older than cooldownPeriod (never active: initialCooldownPeriod).',
  restoreMin: 'No trigger is active and the count is below minReplicaCount: to minReplicaCount.',
  nothing: 'No trigger is active, and there is nothing to do.',
} satisfies Record<ExecutorRule, string>;

const jobStrategies = {
  'jobStrategy-minimum': 'Fewer unfinished Jobs than minReplicaCount: the missing ones come first.',
  'jobStrategy-default': 'The demand less the unfinished Jobs.',
  'jobStrategy-custom': 'The demand less a fixed deduction and a share of the unfinished Jobs.',
  'jobStrategy-accurate':
    'The demand less the pending Jobs; where that and the running ones pass maxReplicaCount, what is left of it.',
  'jobStrategy-eager': 'What unfinished and pending Jobs leave of maxReplicaCount, at most the demand.',
} satisfies Record<`jobStrategy-${JobDecision['strategy']}`, string>;

const others = {
  activation: 'A trigger is active when its value is above the activation threshold, not at it.',
  triggerError: 'A trigger could not be asked, or its answer is no value.',
  fallback:
    'Failures of a metric are counted; above failureThreshold the fallback is served, and counts as active.',
  formula:
    'All external metrics become one by scalingModifiers.formula; it is active above activationTarget.',
  cpuMemoryAlwaysActive: 'With cpu and memory triggers alone the target is always active.',
  reconcile: 'The controller looked at the object: HPA, loop, annotations, status.',
  poll: 'A check that could not be made.',
  none: 'No scale loop runs.',
  jobDemand:
    'The largest queue of an active trigger over its target (or as multipleScalersCalculation says), rounded up, at most maxReplicaCount.',
  createJobs: 'So many Jobs are created now; Jobs are never taken away.',
} satisfies Record<string, string>;

const byName = { ...executor, ...jobStrategies, ...others };

/** Names of rules as traces have them. */
export type KedaRuleName = keyof typeof byName;

/** The id of a rule, as explanations have it. */
export const kedaRuleId = (name: KedaRuleName): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The rules that explanations of KEDA's decisions name, each in one line. Documentation anchors are `keda-<id>`. */
export const kedaRules: Readonly<Record<string, string>> = Object.freeze(
  Object.fromEntries(
    (Object.entries(byName) as [KedaRuleName, string][]).map(([name, text]) => [kedaRuleId(name), text]),
  ),
);

/** The documentation anchor of a rule. */
export const kedaRuleAnchor = (name: KedaRuleName): string => `keda-${kedaRuleId(name)}`;

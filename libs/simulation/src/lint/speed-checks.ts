import { numberOf, type Autoscaler, type Check } from './subject';

const behaviorPath = ({ isKeda }: Autoscaler): readonly string[] =>
  isKeda ? ['spec', 'advanced', 'horizontalPodAutoscalerConfig'] : ['spec'];

/** Syncs that the older rule takes from `from` to `to`: at most double, or 4. */
function syncsTo(from: number, to: number): number {
  let syncs = 0;
  for (let count = Math.max(1, from); count < to; count = Math.max(2 * count, 4)) syncs++;
  return syncs;
}

export const slowFirstSteps: Check = {
  code: 'nil-behavior-slow-start',
  level: 'warning',
  title: 'a short pollingInterval, but no behavior: scaling out is still slow',
  why: 'pollingInterval only governs 0 <-> 1. Above, the HPA syncs every 15 s and without behavior at most doubles (or goes to 4) a sync',
  *find(autoscaler) {
    const { spec, min, max, kind, behavior } = autoscaler;
    const interval = numberOf(spec.pollingInterval) ?? 30;
    const syncs = syncsTo(min, max);
    if (kind === 'ScaledObject' && behavior === undefined && interval <= 10 && syncs >= 3)
      yield {
        path: ['spec', 'pollingInterval'],
        message: `polls every ${interval} s, yet from ${Math.max(1, min)} to ${max} replicas takes ${syncs} syncs, about ${syncs * 15} s`,
        fix: 'set advanced.horizontalPodAutoscalerConfig.behavior.scaleUp with policies that allow the step you expect, such as Percent 900 in 15 s',
      };
  },
};

export const cooldownWithoutZero: Check = {
  code: 'cooldown-without-zero',
  level: 'warning',
  title: 'a cooldownPeriod that governs nothing',
  why: 'cooldownPeriod is only read on the way to 0 (or to idleReplicaCount); from N to the minimum the HPA decides, by its stabilization window of 300 s',
  *find({ spec, min, kind }) {
    if (
      kind === 'ScaledObject' &&
      spec.cooldownPeriod !== undefined &&
      min > 0 &&
      spec.idleReplicaCount === undefined
    )
      yield {
        path: ['spec', 'cooldownPeriod'],
        message: `with minReplicaCount ${min} the cooldown of ${String(spec.cooldownPeriod)} s is never used`,
        fix: 'remove it, and set behavior.scaleDown.stabilizationWindowSeconds for what you expect of it',
      };
  },
};

export const spikeKeepsScaling: Check = {
  code: 'spike-keeps-scaling',
  level: 'warning',
  title: 'without behavior a short spike goes on scaling up after it has ended',
  why: 'without behavior the highest proposal of the last 300 s is the goal, not only a brake on the way down: one sync at 20 and then 2 again gives 2 -> 4 -> 8 -> 16 -> 20',
  *find(autoscaler) {
    const { behavior, max, min, kind } = autoscaler;
    if (kind !== 'ScaledJob' && behavior === undefined && syncsTo(min, max) >= 2)
      yield {
        path: behaviorPath(autoscaler),
        message: `a spike of one sync takes the count on towards ${max} for up to 300 s`,
        fix: 'set any behavior, for example behavior.scaleDown.stabilizationWindowSeconds: 300: then the window only holds the current count',
      };
  },
};

export const reactivationOvershoots: Check = {
  code: 'reactivation-overshoots',
  level: 'warning',
  title: 'coming back from zero climbs to the count of before',
  why: 'without behavior the HPA remembers proposals of the last 300 s across zero: after 12 -> 0 -> 1 it climbs 1 -> 4 -> 8 -> 12 while it proposes 1',
  *find(autoscaler) {
    const { behavior, min, max, spec, kind } = autoscaler;
    const cooldown = numberOf(spec.cooldownPeriod) ?? 300;
    if (kind === 'ScaledObject' && behavior === undefined && min === 0 && cooldown < 300 && max > 4)
      yield {
        path: ['spec', 'cooldownPeriod'],
        message: `a cooldown of ${cooldown} s ends before the HPA has forgotten (300 s)`,
        fix: 'set behavior.scaleDown.stabilizationWindowSeconds, for example to the cooldown',
      };
  },
};

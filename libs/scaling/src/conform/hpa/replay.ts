import { defaultBehavior } from '../../hpa/defaults';
import { explainHpa, type HpaStep } from '../../hpa/explain';
import type { HpaDecision } from '../../hpa/decision';
import type { HpaChange } from '../../hpa/input';
import { hpaSync } from '../../hpa/sync';
import type { HpaCase, HpaTick } from './case';
import { differenceOf } from './difference';

export interface HpaDifference {
  /** Index of the tick in the case; -1: the spec's defaulting differs, before any tick. */
  readonly tick: number;
  /** Seconds since the HPA's creation. */
  readonly t: number;
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
  /** How the count came about here. */
  readonly steps: readonly HpaStep[];
}

export interface HpaReplay {
  readonly name: string;
  readonly passed: boolean;
  /** Ticks that agreed. */
  readonly ticks: number;
  readonly firstDifference?: HpaDifference;
}

/** Replays a recorded run against `hpaSync` up to the first difference: what follows one depends on it. */
export function replayHpaCase(recorded: HpaCase): HpaReplay {
  const { name, hpa, controller, workload } = recorded;
  let state = hpaSync.init({
    spec: hpa,
    createdAtMs: 0,
    flags: controller,
    kubernetes: recorded.k8s,
    ...(workload.podRequests === undefined ? {} : { podRequests: workload.podRequests }),
  });
  const defaulted = differenceInDefaults(recorded);
  if (defaulted !== undefined)
    return { name, passed: false, ticks: 0, firstDifference: { ...defaulted, tick: -1, t: 0, steps: [] } };
  let conditions: HpaTick['conditions'] = [];
  for (const [tick, expected] of recorded.ticks.entries()) {
    const change = changeOf(expected, recorded.ticks[tick - 1]?.t ?? 0);
    const step = hpaSync.step(state, Math.round(expected.t * 1000), {
      ...expected.input,
      ...(change === undefined ? {} : { change }),
    });
    state = step.state;
    conditions = expected.conditions ?? conditions;
    const difference = compareTick({ ...expected, conditions: conditions ?? [] }, step.decision);
    if (difference !== undefined) {
      const { steps } = explainHpa(step.decision.trace);
      return {
        name,
        passed: false,
        ticks: tick,
        firstDifference: { tick, t: expected.t, ...difference, steps },
      };
    }
  }
  return { name, passed: true, ticks: recorded.ticks.length };
}

type Difference = Pick<HpaDifference, 'field' | 'expected' | 'got'>;

/** Fields in the order of their weight: counts, proposal, conditions, metrics, then words. */
function compareTick(expected: HpaTick, decision: HpaDecision): Difference | undefined {
  const got: Record<string, unknown> = {
    ...decision,
    conditions: decision.conditions.map(({ lastTransitionMs: _, ...condition }) => condition),
    events: decision.events.map(eventText),
  };
  const wanted: Record<string, unknown> = {
    scaled: expected.scaled,
    specReplicasAfter: expected.specReplicasAfter,
    desiredReplicas: expected.desiredReplicas,
    currentReplicas: expected.currentReplicas,
    proposedReplicas: expected.proposedReplicas,
    conditions: expected.conditions,
    currentMetrics: expected.currentMetrics ?? [],
    events: expected.events ?? [],
    error: expected.error,
  };
  for (const field of Object.keys(wanted)) {
    const difference = differenceOf(field, wanted[field], got[field]);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function eventText({ type, reason, message }: HpaDecision['events'][number]): string {
  return `${type} ${reason} ${message}`;
}

function differenceInDefaults(recorded: HpaCase): Difference | undefined {
  const specs = [
    recorded,
    ...recorded.ticks.flatMap((tick) => (tick.change === undefined ? [] : [tick.change])),
  ];
  for (const { hpa, effectiveBehavior } of specs) {
    if (hpa === undefined || effectiveBehavior === undefined) continue;
    const difference = differenceOf('effectiveBehavior', effectiveBehavior, defaultBehavior(hpa.behavior));
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function changeOf({ change }: HpaTick, lastT: number): HpaChange | undefined {
  if (change === undefined) return undefined;
  return {
    ...(change.hpa === undefined ? {} : { hpa: change.hpa }),
    ...(change.controllerRestarted === true
      ? { controllerRestartedAtMs: milliseconds(change.at ?? lastT) }
      : {}),
    ...(change.hpaDeletedAt === undefined ? {} : { hpaDeletedAtMs: milliseconds(change.hpaDeletedAt) }),
    ...(change.hpaRecreatedAt === undefined ? {} : { hpaRecreatedAtMs: milliseconds(change.hpaRecreatedAt) }),
  };
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

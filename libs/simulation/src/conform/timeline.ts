import type { ScaledObjectSpec } from '@scalelab/scaling';
import type { LoadPoint } from '../load/load-trace';
import { simulate } from '../run/simulate';
import { disagreement, type Disagreement } from './agreement';

/** A recorded timeline of a real cluster; fields as in the conformance folder's README. */
export interface TimelineCase {
  readonly name: string;
  readonly hpaSyncSeconds: number;
  readonly seconds: number;
  readonly scaledObject: ScaledObjectSpec;
  readonly initialReplicas: number;
  readonly annotations: readonly (readonly [number, Readonly<Record<string, string | null>>])[];
  readonly load: readonly (readonly LoadPoint[])[];
  readonly queries: readonly (readonly [t: number, trigger: number, value: number | null])[];
  readonly replicas: readonly (readonly [t: number, count: number])[];
}

export interface TimelineReplay {
  readonly passed: boolean;
  readonly firstDifference?: Disagreement;
  /** Replicas of the simulation, each change. */
  readonly replicas: readonly (readonly [t: number, count: number])[];
}

const firstSecond = 30;
const lastSecond = 690;

/** Simulates a recorded timeline and compares as the folder's README defines. */
export function replayTimeline(recorded: TimelineCase, phaseSeconds = hpaPhaseOf(recorded)): TimelineReplay {
  const { scaledObject, load, seconds, initialReplicas, annotations, queries } = recorded;
  const { replicas } = simulate({
    target: {
      kind: 'ScaledObject',
      name: recorded.name,
      replicas: initialReplicas,
      object: { metadata: { name: recorded.name, namespace: 'default' }, spec: scaledObject },
      contexts: [],
    },
    loads: load.map((points) => ({ points, seconds })),
    seconds,
    initialReplicas,
    annotations,
    flags: { syncPeriodSeconds: recorded.hpaSyncSeconds },
    podTimes,
    stepSeconds: 0,
    createdSeconds: Math.min(queries[0]?.[0] ?? 0, recorded.hpaSyncSeconds),
    ...(phaseSeconds === undefined ? {} : { hpaPhaseSeconds: phaseSeconds }),
  });
  const width = recorded.hpaSyncSeconds + (scaledObject.pollingInterval ?? 30) + 2;
  const difference = disagreement(replicas, recorded.replicas, { width, from: firstSecond, to: lastSecond });
  return {
    passed: difference === undefined,
    ...(difference ? { firstDifference: difference } : {}),
    replicas,
  };
}

/**
 * When in its period the HPA controller of the recording synced: the reads of the metric source that do not fall on KEDA's
 * polling grid are the HPA's. Undefined where every read is a poll's.
 */
export function hpaPhaseOf({ queries, scaledObject, hpaSyncSeconds }: TimelineCase): number | undefined {
  const own = queries.filter(([, index]) => index === (queries[0]?.[1] ?? 0));
  // A failed read is tried a second time at once, whoever asked.
  const first = own
    .filter(([t], i) => own[i - 1]?.[2] !== null || t - (own[i - 1]?.[0] ?? 0) > retrySeconds)
    .map(([t]) => t);
  const interval = scaledObject.pollingInterval ?? 30;
  let expected = first[0] ?? 0;
  const phases: number[] = [];
  for (const t of first) {
    // The timer drifts by a millisecond a round; each poll found is the new beginning of the grid.
    while (t > expected + tolerance) expected += interval;
    if (Math.abs(t - expected) <= tolerance) expected = t + interval;
    else phases.push(t % hpaSyncSeconds);
  }
  return phases.sort((a, b) => a - b)[Math.floor(phases.length / 2)];
}

const tolerance = 0.03;
const retrySeconds = 0.25;

/** The recordings' simulated nodes: pods are ready about a second after they are made. */
const podTimes = { startUpSeconds: 1, readinessSeconds: 0 } as const;

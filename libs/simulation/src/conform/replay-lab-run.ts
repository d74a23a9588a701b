import { simulate } from '../run/simulate';
import { readModel, ModelError } from '../workload/read-model';
import type { WorkloadModel } from '../workload/workload-model';
import { disagreement, type Changes, type Disagreement } from './agreement';
import { labLoad } from './lab-load';
import type { LabRun } from './lab-run';

/** How a workload of the lab works, for a simulation of it. */
export interface LabModel {
  readonly model: WorkloadModel;
  /** Seconds that an item takes beside what its load asks for. */
  readonly overheadSeconds: number;
  /** Other workloads whose loads end in this one's queue as well. */
  readonly alsoLoadsOf: readonly string[];
}

/** Models by workload: a map of model fields, with `overheadSeconds` and `alsoLoadsOf`. @throws ModelError */
export function readLabModels(value: unknown): ReadonlyMap<string, LabModel> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ModelError('models', 'must be a map of models by workload');
  return new Map(
    Object.entries(value).map(([name, given]: [string, unknown]) => {
      if (typeof given !== 'object' || given === null) throw new ModelError(name, 'must be a map');
      const { overheadSeconds = 0, alsoLoadsOf = [], ...model } = given as Readonly<Record<string, unknown>>;
      if (typeof overheadSeconds !== 'number' || !(overheadSeconds >= 0))
        throw new ModelError('overheadSeconds', 'must be a number of at least 0');
      if (!Array.isArray(alsoLoadsOf)) throw new ModelError('alsoLoadsOf', 'must be a list of names');
      return [name, { model: readModel(model), overheadSeconds, alsoLoadsOf: alsoLoadsOf.map(String) }];
    }),
  );
}

export interface LabReplay {
  readonly firstDifference?: Disagreement;
  readonly replicas: Changes;
}

/** Syncs are not to the millisecond one period apart. */
const jitterSeconds = 0.25;

/** Puts the loads of a recorded run on a simulation of it, and compares the replicas. */
export function replayLabRun(
  run: LabRun,
  all: readonly LabRun[],
  models: ReadonlyMap<string, LabModel>,
): LabReplay {
  const { workload, target, seconds, flags, replicas: recorded } = run;
  const own = models.get(workload.name);
  if (!own) throw new ModelError(workload.name, 'has no model');
  const others = all.filter((other) => own.alsoLoadsOf.includes(other.workload.name));
  const loads = [run, ...others].flatMap((one) => one.loads).sort((a, b) => a.t - b.t);
  const { replicas } = simulate({
    target,
    loads: [labLoad(loads, workload.name, seconds, own.overheadSeconds)],
    model: own.model,
    seconds,
    startedAtMs: run.startedAtMs,
    createdSeconds: run.createdSeconds,
    initialReplicas: recorded[0]?.[1] ?? 0,
    kills: run.kills,
    flags,
    stepSeconds: 0,
  });
  const polling = target.kind === 'ScaledObject' ? (target.object.spec.pollingInterval ?? 30) : 0;
  const firstDifference = disagreement(replicas, recorded, {
    width: flags.syncPeriodSeconds + polling,
    from: 0,
    to: Math.floor(seconds),
    heldSeconds: flags.syncPeriodSeconds - jitterSeconds,
  });
  return { replicas, ...(firstDifference ? { firstDifference } : {}) };
}

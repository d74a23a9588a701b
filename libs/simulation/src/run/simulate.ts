import { formatInstant, type ControllerFlags, type ScaledJob, type ScaledObject } from '@scalelab/scaling';
import type { LoadTrace } from '../load/load-trace';
import { Pods } from '../workload/pods';
import { queueSignal, type QueueSignal } from '../workload/queue-signal';
import { GivenSignals, WorkedQueue, type SignalSource } from '../workload/source';
import { defaultModel, type WorkloadModel } from '../workload/workload-model';
import type { SimulatedDecision } from './decided';
import { DueTimes } from './due-times';
import { HpaDriver } from './hpa-driver';
import { JobDriver } from './job-driver';
import { KedaDriver } from './keda-driver';
import type { SimulationObserver, TimelineRow } from './observer';
import { ScaleHistory } from './scale-history';
import type { ScalingTarget } from './scaling-target';
import { totalsOf, type Totals } from './totals';
import { World } from './world';

export interface SimulationOptions {
  readonly target: ScalingTarget;
  /** By trigger; one alone is for all triggers. With a model: arrivals a second, one trace. */
  readonly loads: readonly LoadTrace[];
  /** Absent: the load is what the triggers read, and there is no queue. */
  readonly model?: WorkloadModel;
  /** How long new pods take. Default: the model's, or its defaults. */
  readonly podTimes?: Pick<WorkloadModel, 'startUpSeconds' | 'readinessSeconds'>;
  /** Default: as long as the longest load. */
  readonly seconds?: number;
  /** Seconds between rows of the timeline. Default 15. 0: no timeline. */
  readonly stepSeconds?: number;
  /** Epoch milliseconds of second 0. Default: the load's own, else Monday 2026-01-05 00:00 UTC. */
  readonly startedAtMs?: number;
  /** Default: minReplicaCount, or the target's own `replicas` where its manifest has them. */
  readonly initialReplicas?: number;
  /** Annotations set (or, with null, removed) on the ScaledObject at these seconds. */
  readonly annotations?: readonly (readonly [seconds: number, Readonly<Record<string, string | null>>])[];
  /** That many ready pods die at these seconds and are replaced; their items come back after the model's redeliverySeconds. */
  readonly kills?: readonly (readonly [seconds: number, pods: number])[];
  readonly flags?: Partial<ControllerFlags>;
  /** Version of the HPA controller. Default 1.34. */
  readonly kubernetes?: string;
  /** HPA syncs fall on multiples of the sync period plus this. Default: one period after the HPA's creation. */
  readonly hpaPhaseSeconds?: number;
  /** Seconds from the start until the ScaledObject is looked at. Default 0. */
  readonly createdSeconds?: number;
  /** Keep the decisions in words. Default true. */
  readonly decisions?: boolean;
  readonly observer?: SimulationObserver;
}

export interface Simulation {
  readonly seconds: number;
  readonly startedAtMs: number;
  readonly timeline: readonly TimelineRow[];
  /** Every change of spec.replicas; the first is the count at the start. */
  readonly replicas: readonly (readonly [seconds: number, replicas: number])[];
  readonly decisions: readonly SimulatedDecision[];
  readonly totals: Totals;
}

const monday = 1_767_571_200_000;

/** Runs an autoscaler through a load in virtual time: the real reducers, woken when they are due. */
export function simulate(options: SimulationOptions): Simulation {
  const { target, loads, model, observer = {} } = options;
  const seconds = options.seconds ?? Math.max(0, ...loads.map((load) => load.seconds));
  const startMs = options.startedAtMs ?? loads[0]?.startedAtMs ?? monday;
  const { min, max } = boundsOf(target);
  const initial = options.initialReplicas ?? target.replicas ?? (target.kind === 'ScaledJob' ? 0 : min);
  const pods = new Pods(options.podTimes ?? model ?? defaultModel);
  pods.begin(initial, startMs);
  const load = loads[0] ?? { points: [], seconds: 0 };
  const source: SignalSource = model
    ? new WorkedQueue(load, model, pods, startMs, signalsOf(target, model), {
        tellsUsage: readsUsage(target),
        podsTakeItems: target.kind !== 'ScaledJob',
      })
    : new GivenSignals(loads, startMs);
  const due = new DueTimes<(nowMs: number) => void>();
  const history = new ScaleHistory(startMs, max, initial, options.decisions !== false);
  const world = new World(startMs, source, pods, history, due, observer, options.decisions !== false);
  begin(world, options, max);
  for (const [at, count] of options.kills ?? [])
    due.add(startMs + at * 1_000, (nowMs) => world.killPods(count, nowMs, model?.redeliverySeconds ?? 0));
  const timeline: TimelineRow[] = [];
  const step = options.stepSeconds ?? 15;
  if (step > 0) addSamples(world, step, timeline);
  const endMs = startMs + seconds * 1_000;
  while (due.nextAtMs <= endMs) {
    const nowMs = due.nextAtMs;
    source.advance(nowMs);
    due.take()?.(nowMs);
  }
  source.advance(endMs);
  history.close(endMs);
  source.queue?.close(endMs);
  return {
    seconds,
    startedAtMs: startMs,
    timeline,
    replicas: history.changes,
    decisions: world.decisions,
    totals: totalsOf(world, seconds),
  };
}

export function boundsOf(target: ScalingTarget): { readonly min: number; readonly max: number } {
  if (target.kind === 'HorizontalPodAutoscaler')
    return { min: target.object.spec.minReplicas ?? 1, max: target.object.spec.maxReplicas };
  const { minReplicaCount = 0, maxReplicaCount = 100 } = target.object.spec;
  return { min: minReplicaCount, max: maxReplicaCount };
}

/** Whether the HPA asks for the pods' own usage. */
const readsUsage = (target: ScalingTarget): boolean =>
  target.kind === 'HorizontalPodAutoscaler' ||
  target.object.spec.triggers.some(({ type }) => type === 'cpu' || type === 'memory');

/** What the triggers, or an HPA's own metrics, read of the workload's queue. */
function signalsOf(target: ScalingTarget, model: WorkloadModel): readonly QueueSignal[] {
  if (target.kind === 'HorizontalPodAutoscaler') return [queueSignal(undefined, undefined, model)];
  return target.object.spec.triggers.map((trigger, i) => queueSignal(trigger, target.contexts[i], model));
}

/** As the API server and the controller would have it at the start. */
function created<T extends ScaledObject | ScaledJob>(object: T, startMs: number): T {
  const { metadata } = object;
  return {
    ...object,
    status: undefined,
    metadata: {
      ...metadata,
      namespace: metadata.namespace ?? 'default',
      generation: 1,
      uid: metadata.uid ?? `simulated-${metadata.name}`,
      creationTimestamp: formatInstant(startMs),
    },
  };
}

function begin(world: World, options: SimulationOptions, max: number): void {
  const { target, model, flags, kubernetes, hpaPhaseSeconds, annotations = [], createdSeconds = 0 } = options;
  const { startMs, due } = world;
  const { contexts, requests } = target;
  const shape = {
    ...(requests ? { requests } : {}),
    cpuMilliPerItem: model?.cpuMilliPerItem ?? null,
    concurrency: model?.concurrency ?? 1,
  };
  const partitions = model?.partitions ?? Math.max(1, max);
  const common = {
    shape,
    ...(flags ? { flags } : {}),
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(hpaPhaseSeconds === undefined ? {} : { phaseSeconds: hpaPhaseSeconds }),
  };
  const beginMs = startMs + createdSeconds * 1_000;
  if (target.kind === 'HorizontalPodAutoscaler') {
    const ask = (nowMs: number, metric: string) => {
      const external = target.object.spec.metrics?.filter(({ type }) => type === 'External') ?? [];
      const index = external.findIndex((spec) => spec.external?.metric.name === metric);
      const { value } = world.source.read(nowMs, Math.max(0, index));
      return value === null
        ? { error: `metric ${metric}: the source does not answer` }
        : { values: [`${Math.trunc(value * 1_000)}m`] };
    };
    const hpa = new HpaDriver(world, { ...common, ask });
    due.add(beginMs, (nowMs) => hpa.write(nowMs, target.object));
    return;
  }
  if (target.kind === 'ScaledJob') {
    const jobs = new JobDriver(world, created(target.object, beginMs), {
      contexts,
      model: model ?? defaultModel,
      partitions,
    });
    due.add(beginMs, (nowMs) => jobs.begin(nowMs));
    return;
  }
  const object = created(target.object, beginMs);
  const keda = new KedaDriver(world, object, { ...common, contexts, partitions });
  due.add(beginMs, (nowMs) => keda.write(nowMs, object, true));
  for (const [at, change] of annotations)
    due.add(startMs + at * 1_000, (nowMs) => keda.annotate(nowMs, change));
}

function addSamples(world: World, stepSeconds: number, timeline: TimelineRow[]): void {
  const { source, startMs, due, pods } = world;
  const sample = (nowMs: number): void => {
    const row: TimelineRow = {
      t: (nowMs - startMs) / 1_000,
      signal: source.read(nowMs, 0).value,
      desired: pods.count,
      ready: pods.ready,
      backlog: source.queue?.backlog ?? 0,
      oldestSeconds: source.queue?.oldestSeconds(nowMs) ?? 0,
    };
    timeline.push(row);
    world.observer.sample?.(row);
    due.add(nowMs + stepSeconds * 1_000, sample);
  };
  due.add(startMs, sample);
}

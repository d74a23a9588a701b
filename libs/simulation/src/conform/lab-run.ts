import type { HeaderLine, LoadLine, Recording, TimedLine, WorkloadRef } from '@scalelab/recording';
import { parseInstant, type ControllerFlags, type HpaManifest, type ScaledObject } from '@scalelab/scaling';
import type { ScalingTarget } from '../run/scaling-target';
import type { Changes } from './agreement';

/** One autoscaled workload of a lab's recording: all that a simulation of it needs, and what came of it. */
export interface LabRun {
  readonly workload: WorkloadRef;
  readonly target: ScalingTarget;
  /** When the autoscaler was made. */
  readonly createdSeconds: number;
  readonly startedAtMs: number;
  readonly flags: ControllerFlags;
  /** What was put on this workload. */
  readonly loads: readonly LoadLine[];
  /** Pods that died without being asked to. */
  readonly kills: readonly (readonly [seconds: number, pods: number])[];
  readonly replicas: Changes;
  readonly seconds: number;
}

/** The workloads of a recording that something scaled and that load was put on, in the order of their loads. */
export function labRuns({ header, lines }: Recording): readonly LabRun[] {
  const loads = lines.filter((line) => line.kind === 'load');
  const workloads = new Map(loads.map(({ workload }) => [keyOf(workload), workload]));
  return [...workloads.values()].flatMap((workload) => {
    const run = runOf(header, lines, workload);
    return run ? [run] : [];
  });
}

export const keyOf = ({ namespace, name }: WorkloadRef): string => `${namespace}/${name}`;

function runOf(header: HeaderLine, lines: readonly TimedLine[], workload: WorkloadRef): LabRun | undefined {
  const own = lines.filter(
    (line) => 'workload' in line && line.workload !== undefined && keyOf(line.workload) === keyOf(workload),
  );
  const found = targetOf(lines, own, workload);
  if (!found) return undefined;
  const samples = own.filter((line) => line.kind === 'sample');
  const replicas = samples.flatMap(({ t, desired }, i) =>
    i > 0 && samples[i - 1]?.desired === desired ? [] : [[i === 0 ? 0 : t, desired] as const],
  );
  return {
    workload,
    ...found,
    startedAtMs: Math.round(parseInstant(header.startedAt)),
    flags: header.controller,
    loads: own.filter((line) => line.kind === 'load'),
    kills: killsOf(own),
    replicas,
    seconds: samples.at(-1)?.t ?? 0,
  };
}

function targetOf(
  lines: readonly TimedLine[],
  own: readonly TimedLine[],
  { namespace, name }: WorkloadRef,
): Pick<LabRun, 'target' | 'createdSeconds'> | undefined {
  const manifests = lines.filter(
    (line) =>
      line.kind === 'manifest' &&
      line.action === 'added' &&
      line.object.metadata.namespace === namespace &&
      scaledName(line.object.spec) === name,
  );
  const made = (kind: string) =>
    manifests.find((line) => line.kind === 'manifest' && line.object.kind === kind);
  const line = made('ScaledObject') ?? made('HorizontalPodAutoscaler');
  if (line?.kind !== 'manifest') return undefined;
  const pods = own.find((one) => one.kind === 'hpaSync' && one.input.pods !== undefined);
  const requests =
    pods?.kind === 'hpaSync' ? pods.input.pods?.find((pod) => pod.requests)?.requests : undefined;
  const common = { name: line.object.metadata.name, replicas: undefined, ...(requests ? { requests } : {}) };
  const createdSeconds = line.t;
  if (line.object.kind === 'HorizontalPodAutoscaler') {
    const object = line.object as unknown as HpaManifest;
    return { createdSeconds, target: { ...common, kind: 'HorizontalPodAutoscaler', object, contexts: [] } };
  }
  const poll = own.find((one) => one.kind === 'kedaPoll');
  const contexts = poll?.kind === 'kedaPoll' ? (poll.input.contexts ?? []) : [];
  const object = line.object as unknown as ScaledObject;
  return { createdSeconds, target: { ...common, kind: 'ScaledObject', object, contexts } };
}

function scaledName(spec: unknown): unknown {
  const { scaleTargetRef } = (spec ?? {}) as { readonly scaleTargetRef?: { readonly name?: unknown } };
  return scaleTargetRef?.name;
}

/** A pod that is deleted without having been told to end was killed. */
function killsOf(lines: readonly TimedLine[]): LabRun['kills'] {
  const told = new Set<string>();
  const kills: [number, number][] = [];
  for (const line of lines) {
    if (line.kind !== 'pod') continue;
    if (line.event !== 'deleted') {
      if (line.event === 'terminating') told.add(line.name);
    } else if (!told.has(line.name)) kills.push([line.t, 1]);
  }
  return kills;
}

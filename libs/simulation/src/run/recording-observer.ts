import type { HeaderLine, Recording, TimedLine, WorkloadRef } from '@scalelab/recording';
import { recordingVersion } from '@scalelab/recording';
import type { ManifestObject } from '@scalelab/manifests';
import {
  defaultControllerFlags,
  defaultKubernetes,
  explainHpa,
  explainKeda,
  explainScaledJob,
  formatInstant,
  type ControllerFlags,
  type HpaDecision,
  type HpaInput,
  type HpaManifest,
  type KedaInput,
  type KedaStep,
  type ScaledJobDecision,
  type ScaledJobInput,
  type ScaledObject,
} from '@scalelab/scaling';
import type { Undecided } from './decided';
import { kedaReason } from './keda-driver';
import type { SimulationObserver, TimelineRow } from './observer';

export interface RecordingOptions {
  readonly workload: WorkloadRef;
  readonly startedAtMs: number;
  /** ScaledObject, ScaledJob or HorizontalPodAutoscaler of that name decides. */
  readonly autoscaler: string;
  readonly flags?: Partial<ControllerFlags>;
  /** Whether the workload's model tells ages. Default false. */
  readonly ages?: boolean;
}

/** Makes a full recording out of a simulation: every poll, request and sync with its whole input. */
export class RecordingObserver implements SimulationObserver {
  private readonly lines: TimedLine[] = [];

  constructor(private readonly options: RecordingOptions) {}

  recording(): Recording {
    const { startedAtMs, flags } = this.options;
    const header: HeaderLine = {
      kind: 'header',
      version: recordingVersion,
      startedAt: formatInstantMs(startedAtMs),
      speed: 'simulated',
      fidelity: 'full',
      machine: { os: 'simulated', arch: 'virtual time', cpus: 0, memoryMiB: 0, node: '' },
      versions: {},
      profile: { kubernetes: defaultKubernetes, keda: '2.19' },
      controller: { ...defaultControllerFlags, ...flags },
    };
    return { header, lines: this.lines };
  }

  private at(atMs: number): number {
    return Math.round(atMs - this.options.startedAtMs) / 1_000;
  }

  /** The object under the names of this recording, so that two runs can stand side by side. */
  private manifest(atMs: number, action: 'added' | 'modified' | 'deleted', object: object): void {
    const { namespace, name } = this.options.workload;
    const given = object as ManifestObject & { readonly spec: { readonly scaleTargetRef?: object } };
    const { status: _status, ...rest } = given;
    const renamed: ManifestObject = {
      ...rest,
      metadata: { ...given.metadata, namespace },
      spec: {
        ...given.spec,
        ...(given.spec.scaleTargetRef ? { scaleTargetRef: { ...given.spec.scaleTargetRef, name } } : {}),
      },
    };
    this.lines.push({ kind: 'manifest', t: this.at(atMs), action, object: renamed });
  }

  scaledObject(atMs: number, action: 'added' | 'modified', object: ScaledObject): void {
    this.manifest(atMs, action, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', ...object });
  }

  hpa(atMs: number, action: 'added' | 'modified' | 'deleted', hpa: HpaManifest): void {
    this.manifest(atMs, action, { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', ...hpa });
  }

  hpaSync(atMs: number, hpa: string, input: HpaInput, decision: HpaDecision, words: Undecided): void {
    const { workload } = this.options;
    const { loop: _loop, ...rest } = words;
    this.lines.push({
      kind: 'hpaSync',
      t: this.at(atMs),
      workload,
      hpa,
      ...rest,
      ...explainHpa(decision.trace),
      input,
      decision,
    });
  }

  keda(atMs: number, input: KedaInput, { decision, effects, state }: KedaStep): void {
    const { workload, autoscaler: scaledObject } = this.options;
    const t = this.at(atMs);
    if (decision.kind === 'request') {
      const [first] = decision.items ?? [];
      this.lines.push({
        kind: 'metricRequest',
        t,
        workload,
        scaledObject,
        metric: decision.metric,
        valueMilli: first === undefined ? null : String(first.valueMilli),
        ...(decision.error === undefined ? {} : { error: decision.error }),
        input,
        decision,
      });
      return;
    }
    const from = input.workload.replicas;
    const scaled = effects.find((effect) => effect.kind === 'setScale');
    this.lines.push({
      kind: 'kedaPoll',
      t,
      workload,
      scaledObject,
      from,
      to: scaled?.kind === 'setScale' ? scaled.replicas : from,
      wanted: null,
      reason: kedaReason(effects, state),
      ...explainKeda(decision.trace),
      input,
      decision,
    });
  }

  scaledJob(atMs: number, input: ScaledJobInput, decision: ScaledJobDecision): void {
    const { workload, autoscaler: scaledJob } = this.options;
    if (input.kind === 'reconcile')
      this.manifest(atMs, 'added', { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledJob', ...input.object });
    const from = input.jobs.filter(({ finished }) => finished === null).length;
    const polled = decision.kind === 'poll';
    this.lines.push({
      kind: 'scaledJobPoll',
      t: this.at(atMs),
      workload,
      scaledJob,
      from,
      to: from + (polled ? decision.created : 0),
      wanted: null,
      reason: polled && decision.created > 0 ? 'KEDAJobsCreated' : '',
      ...(polled
        ? explainScaledJob(decision.trace)
        : { sentence: decision.kind === 'none' ? decision.why : decision.message }),
      input,
      decision,
    });
  }

  sample({ t, signal, desired, ready, oldestSeconds }: TimelineRow): void {
    const { workload, ages } = this.options;
    this.lines.push({
      kind: 'sample',
      t,
      workload,
      value: signal,
      desired,
      current: desired,
      ready,
      ...(ages ? { backlogAgeSeconds: oldestSeconds } : {}),
    });
  }
}

/** RFC 3339 with milliseconds. */
function formatInstantMs(ms: number): string {
  return formatInstant(ms).replace(/Z$/, `.${String(Math.floor(ms) % 1_000).padStart(3, '0')}Z`);
}

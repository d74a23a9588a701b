import type { ManifestObject } from '@scalelab/manifests';
import type {
  ControllerFlags,
  HpaDecision,
  HpaInput,
  KedaDecision,
  KedaInput,
  ScaledJobDecision,
  ScaledJobInput,
} from '@scalelab/scaling';

/** The version of the format that this library writes, and the newest it reads. */
export const recordingVersion = 1;

/** Seconds since the header's `startedAt`, as every line but the header carries them; fractions to 1 ms. */
export type Seconds = number;

/** The workload that a line is about: the target of a ScaledObject or HorizontalPodAutoscaler. */
export interface WorkloadRef {
  readonly namespace: string;
  readonly name: string;
  /** Default `Deployment`. */
  readonly kind?: string;
}

/**
 * The shapes that the decision core brings: inputs as a conformance tick has them and the compact trace of each decision. This
 * library stores and projects them without needing them to be of one version, so that a recording made by another core can be
 * read as `Recording<AnyShapes>`.
 */
export interface CoreShapes {
  readonly hpaInput: unknown;
  readonly hpaDecision: unknown;
  readonly kedaInput: unknown;
  readonly kedaDecision: unknown;
  readonly scaledJobInput: unknown;
  readonly scaledJobDecision: unknown;
}

/** What `@scalelab/scaling` takes and gives. */
export interface ScalingShapes extends CoreShapes {
  readonly hpaInput: HpaInput;
  readonly hpaDecision: HpaDecision;
  readonly kedaInput: KedaInput;
  readonly kedaDecision: KedaDecision;
  readonly scaledJobInput: ScaledJobInput;
  readonly scaledJobDecision: ScaledJobDecision;
}

export interface Machine {
  /** `linux`, `darwin`, ... */
  readonly os: string;
  readonly arch: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly node: string;
  readonly [fact: string]: string | number | boolean;
}

export interface HeaderLine {
  readonly kind: 'header';
  readonly version: number;
  /** RFC 3339 with milliseconds; the zero of every `t`. */
  readonly startedAt: string;
  /** `demo`, `production`, or what a user calls a set of values. */
  readonly speed: string;
  /** `full`: all that the controllers saw. `observed`: a real cluster watched from outside, where the HPA's memory is inferred. */
  readonly fidelity: 'full' | 'observed';
  readonly machine: Machine;
  /** Of the programs that ran: `{ scalelab: '0.1.0', node: '24.21.0' }`, on a cluster its Kubernetes and KEDA. */
  readonly versions: Readonly<Record<string, string>>;
  /** Versions of the controllers whose behaviour the decisions follow. */
  readonly profile: { readonly kubernetes: string; readonly keda: string };
  readonly controller: ControllerFlags;
}

/** An object that matters to scaling came, changed or went. The object is whole, without managedFields. */
export interface ManifestLine {
  readonly kind: 'manifest';
  readonly t: Seconds;
  readonly action: 'added' | 'modified' | 'deleted';
  readonly object: ManifestObject;
}

/** One row of an explanation: a rule, what went in, what came out. The shape in which the decision core explains. */
export interface DecisionStep {
  readonly rule: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly result: unknown;
  /** Where the rule is documented. */
  readonly docs?: string;
}

interface Decided {
  readonly t: Seconds;
  readonly workload: WorkloadRef;
  /** spec.replicas before and after. Equal: nothing changed. */
  readonly from: number;
  readonly to: number;
  /** Replicas that the signal alone asks for; null when nothing could be computed. Different from `to`: the decision held something back. */
  readonly wanted: number | null;
  /** A word of the controller's conditions or events: ScaleUpLimit, ScaleDownStabilized, KEDAScaleTargetActivated, ... */
  readonly reason: string;
  /** One sentence for people. */
  readonly sentence: string;
  readonly steps?: readonly DecisionStep[];
}

export interface HpaSyncLine<C extends CoreShapes = ScalingShapes> extends Decided {
  readonly kind: 'hpaSync';
  /** Name of the HorizontalPodAutoscaler. */
  readonly hpa: string;
  readonly input: C['hpaInput'];
  readonly decision: C['hpaDecision'];
}

export interface KedaPollLine<C extends CoreShapes = ScalingShapes> extends Decided {
  readonly kind: 'kedaPoll';
  readonly scaledObject: string;
  readonly input: C['kedaInput'];
  readonly decision: C['kedaDecision'];
}

/** The HPA asked KEDA for an external metric. */
export interface MetricRequestLine<C extends CoreShapes = ScalingShapes> {
  readonly kind: 'metricRequest';
  readonly t: Seconds;
  readonly workload: WorkloadRef;
  readonly scaledObject: string;
  /** `s0-aws-sqs-...`, or `composite-metric`. */
  readonly metric: string;
  /** In thousandths, as a decimal string since it may pass 2^53; null when the request failed. */
  readonly valueMilli: string | null;
  readonly error?: string;
  readonly input: C['kedaInput'];
  readonly decision: C['kedaDecision'];
}

export interface ScaledJobPollLine<C extends CoreShapes = ScalingShapes> extends Decided {
  readonly kind: 'scaledJobPoll';
  readonly scaledJob: string;
  readonly input: C['scaledJobInput'];
  readonly decision: C['scaledJobDecision'];
}

export interface PodLine {
  readonly kind: 'pod';
  readonly t: Seconds;
  readonly namespace: string;
  readonly name: string;
  /** Absent for a pod of no scaled workload. */
  readonly workload?: WorkloadRef;
  readonly event:
    | 'created'
    | 'started'
    | 'ready'
    | 'unready'
    | 'restarted'
    | 'terminating'
    | 'succeeded'
    | 'failed'
    | 'deleted';
  /** CrashLoopBackOff, OOMKilled, ... where there is one. */
  readonly reason?: string;
  readonly message?: string;
}

/** What was seen of a workload at one moment. */
export interface SampleLine {
  readonly kind: 'sample';
  readonly t: Seconds;
  readonly workload: WorkloadRef;
  /** The signal in its own unit; null while it could not be read. */
  readonly value: number | null;
  /** spec.replicas as wanted by the autoscaler. */
  readonly desired: number;
  /** status.replicas: pods that exist. */
  readonly current: number;
  readonly ready: number;
  /** Oldest message waiting, in seconds, where the workload is a queue worker. */
  readonly backlogAgeSeconds?: number;
}

/** The load changed: what is put on a workload from now on. */
export interface LoadLine {
  readonly kind: 'load';
  readonly t: Seconds;
  readonly workload: WorkloadRef;
  /** For example `120 messages` or `40 requests/s`. */
  readonly description: string;
  /** Messages or requests, when a fixed number. */
  readonly count?: number;
  /** Per second, when a rate. */
  readonly rate?: number;
}

export interface ExpectationLine {
  readonly kind: 'expectation';
  readonly t: Seconds;
  readonly workload: WorkloadRef;
  readonly phase: 'activation' | 'out' | 'in';
  readonly expected: string;
  readonly observed: string;
  readonly held: boolean;
}

/** Sent ids against the store's content. */
export interface MessagesLine {
  readonly kind: 'messages';
  readonly t: Seconds;
  readonly workload: WorkloadRef;
  readonly sent: number;
  readonly stored: number;
  readonly lost: number;
  readonly duplicates: number;
}

export interface NoteLine {
  readonly kind: 'note';
  readonly t: Seconds;
  /** `error`: the run went wrong, its report is not ok. */
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  readonly workload?: WorkloadRef;
}

export type TimedLine<C extends CoreShapes = ScalingShapes> =
  | ManifestLine
  | HpaSyncLine<C>
  | KedaPollLine<C>
  | MetricRequestLine<C>
  | ScaledJobPollLine<C>
  | PodLine
  | SampleLine
  | LoadLine
  | ExpectationLine
  | MessagesLine
  | NoteLine;

export type RecordingLine<C extends CoreShapes = ScalingShapes> = HeaderLine | TimedLine<C>;

export type LineKind = RecordingLine['kind'];

/** Lines that decide replicas. */
export type DecisionLine<C extends CoreShapes = ScalingShapes> =
  HpaSyncLine<C> | KedaPollLine<C> | ScaledJobPollLine<C>;

/** A whole recording in memory; `lines` are in order of time. */
export interface Recording<C extends CoreShapes = ScalingShapes> {
  readonly header: HeaderLine;
  readonly lines: readonly TimedLine<C>[];
}

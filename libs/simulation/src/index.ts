export { replayRecording } from './replay/replay-recording';
export type { ReplayedDecision } from './replay/replayed-decision';

export { simulate, boundsOf, type Simulation, type SimulationOptions } from './run/simulate';
export type { SimulatedDecision } from './run/decided';
export type { SimulationObserver, TimelineRow } from './run/observer';
export type { Totals, WorkTotals } from './run/totals';
export { findTarget, TargetError, type ScalingTarget } from './run/scaling-target';

export type { LoadPoint, LoadTrace } from './load/load-trace';
export { LoadError, type LoadErrorCode } from './load/load-error';
export { generateLoad, generatorForms, namesGenerator } from './load/generator';
export { readLoad } from './load/read-load';
export { durationSeconds } from './load/duration';

export { defaultModel, type ModelSignal, type WorkloadModel } from './workload/workload-model';
export { ModelError, readModel } from './workload/read-model';

export { hpaPhaseOf, replayTimeline, type TimelineCase, type TimelineReplay } from './conform/timeline';

export { labRuns, type LabRun } from './conform/lab-run';
export { readLabModels, replayLabRun, type LabModel, type LabReplay } from './conform/replay-lab-run';
export { trimRecording } from './conform/trim-recording';
export type { Changes, Disagreement } from './conform/agreement';

export { RecordingObserver, type RecordingOptions } from './run/recording-observer';
export {
  applyChoice,
  choicesOf,
  readDimension,
  SweepError,
  type Choice,
  type Dimension,
} from './sweep/variant';
export { ceilingGroups, comesOutAlike, type CeilingGroup } from './sweep/ceiling';
export { candidatesFor } from './sweep/candidates';
export { paretoFront } from './sweep/pareto';
export { readSlo, SloError, type Slo } from './sweep/slo';

export { formatFinding, type Finding, type Level, type LintRule } from './lint/finding';
export { ignoreAnnotation, lint, lintRules, type LintedFile } from './lint/lint';
export { type LintFacts } from './lint/subject';
export { sarifOf } from './lint/sarif';
export { recordedRun, type RecordedRun } from './replay/recorded-run';
export { badQuantity, type BadQuantity } from './lint/quantity-fields';

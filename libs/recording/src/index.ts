export { recordingVersion } from './line';
export type {
  CoreShapes,
  DecisionLine,
  DecisionStep,
  ExpectationLine,
  HeaderLine,
  HpaSyncLine,
  KedaPollLine,
  LineKind,
  LoadLine,
  Machine,
  ManifestLine,
  MessagesLine,
  MetricRequestLine,
  NoteLine,
  PodLine,
  Recording,
  RecordingLine,
  SampleLine,
  ScaledJobPollLine,
  ScalingShapes,
  Seconds,
  TimedLine,
  WorkloadRef,
} from './line';
export type {
  Report,
  ReportDecision,
  ReportExpectation,
  ReportMessages,
  ReportSample,
  WorkloadReport,
} from './report';
export { encodeLine, encodeRecording } from './encode';
export { decodeLine, decodeRecording, RecordingError } from './decode';
export type { DecodedRecording, LineError } from './decode';
export { workloadsOf } from './autoscaled-workload';
export type { AutoscaledWorkload } from './autoscaled-workload';
export { decisionsOf, isDecision } from './decisions';
export { projectReport } from './project-report';

export type { Reducer, Step } from './step';

export type { Int64 } from './quantity/int64';
export { QuantityError } from './quantity/quantity-error';
export { milliQuantity, parseQuantity, signOf, toNumber, type Quantity } from './quantity/quantity';
export { parseMilli, toMilli as quantityToMilli } from './quantity/milli';
export { formatMilli, formatQuantity } from './quantity/format';
export type { QuantityFormat } from './quantity/suffix';

export { hpaSync, type HpaInit } from './hpa/sync';
export type * from './hpa/spec';
export type * from './hpa/input';
export type * from './hpa/decision';
export type * from './hpa/trace';
export type { HpaMemory, HpaState, Recommendation, ScaleEvent } from './hpa/state';
export type { HpaPlan, MetricPlan, ScaleTarget } from './hpa/plan';
export { defaultControllerFlags, type ControllerFlags } from './hpa/controller-flags';
export { defaultKubernetes, hpaProfile, type HpaProfile } from './hpa/profile';
export { defaultBehavior, defaultHpaSpec } from './hpa/defaults';
export { explainHpa, type ExplainOptions, type HpaExplanation, type HpaStep } from './hpa/explain';
export type { Unit } from './hpa/metric-words';
export { hpaRuleAnchor, hpaRules, type HpaRule } from './hpa/rules';
export { validateHpaSpec, type HpaProblem, type HpaValidation } from './hpa/validation';

export type { HpaCase, HpaTick } from './conform/hpa/case';
export { replayHpaCase, type HpaDifference, type HpaReplay } from './conform/hpa/replay';

export * from './keda/hpa-manifest';
export * from './keda/loop-types';
export * from './keda/scaled-object';
export * from './keda/trace';
export { admissionErrors, type ExistingObject } from './keda/admission';
export { type CompiledFormula, compileFormula } from './keda/formula/compile';
export { FormulaError } from './keda/formula/formula-error';
export { explainKeda, type KedaExplanation, type KedaExplanationStep } from './keda/explain';
export { explainScaledJob } from './keda/explain-job';
export { kedaLoop } from './keda/keda-loop';
export { type JobFacts } from './keda/job-facts';
export { type JobDecision } from './keda/job-strategy';
export { formatInstant, parseInstant } from './keda/rfc3339';
export * from './keda/scaled-job';
export { scaledJobLoop } from './keda/scaled-job-loop';
export * from './keda/scaled-job-types';
export { hpaNameOf } from './keda/hpa-name';
export { replayKedaCase } from './conform/keda/replay';
export { type KedaCase, kedaFamilies, type KedaFamily, type KedaReplay } from './conform/keda/case';
export { type KedaDifference } from './conform/keda/compare';
export * from './trigger';
export * from './cron';

import { type KedaCase, type KedaFamily, type KedaReplay } from './case';
import { type KedaDifference } from './compare';
import { replayCronCase } from './cron-replay';
import { replayExecutorCase } from './executor-replay';
import { replayFallbackCase } from './fallback-replay';
import { replayFormulaCase } from './formula-replay';
import { replayKafkaCase } from './kafka-replay';
import { replayLoopCase } from './loop-replay';
import { replayParseCase } from './parse-replay';
import { replayReconcileCase } from './reconcile-replay';
import { replayScaledJobCase } from './scaled-job-replay';
import { replayTriggerCase } from './trigger-replay';
import { replayValidationCase } from './validation-replay';

const replays: Readonly<Record<KedaFamily, (recorded: KedaCase) => KedaDifference | undefined>> = {
  prometheus: (recorded) => replayTriggerCase('prometheus', recorded),
  'metrics-api': (recorded) => replayTriggerCase('metrics-api', recorded),
  sqs: (recorded) => replayTriggerCase('sqs', recorded),
  workload: (recorded) => replayTriggerCase('workload', recorded),
  cron: replayCronCase,
  kafka: replayKafkaCase,
  parse: replayParseCase,
  formula: replayFormulaCase,
  validation: replayValidationCase,
  scaledjob: replayScaledJobCase,
  hpa: replayReconcileCase,
  lifecycle: replayReconcileCase,
  loop: replayLoopCase,
  executor: replayExecutorCase,
  fallback: replayFallbackCase,
};

/** Replays one recorded case and says where, if anywhere, this implementation departs from KEDA. */
export function replayKedaCase(family: KedaFamily, recorded: KedaCase): KedaReplay {
  const firstDifference = replays[family](recorded);
  return firstDifference ? { passed: false, firstDifference } : { passed: true };
}

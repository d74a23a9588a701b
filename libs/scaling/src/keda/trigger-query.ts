import { evaluateTrigger } from '../trigger/registry';
import { type TriggerMetricSpec } from '../trigger/metric-spec';
import { type Milli } from '../trigger/milli';
import { type MetricAnswer } from './fallback';
import { type BuiltScaler, type TriggerAnswer } from './loop-types';

export interface QueriedTrigger {
  readonly scaler: BuiltScaler;
  readonly answer: MetricAnswer;
  readonly isActive: boolean;
  readonly activationMilli?: Milli;
  readonly how?: string;
}

const unanswered: TriggerAnswer = { kind: 'error', message: 'the source was not asked' };

/**
 * One query of a trigger, with KEDA's second attempt: a failing scaler is rebuilt (its memory is lost) and asked again at
 * once.
 */
export function queryTrigger(
  scaler: BuiltScaler,
  given: TriggerAnswer | undefined,
  nowMs: number,
): QueriedTrigger {
  const told = given ?? unanswered;
  if (told.kind === 'error') {
    return {
      scaler: { ...scaler, state: scaler.parsed.initialState },
      answer: { error: told.message },
      isActive: false,
    };
  }
  if (told.kind === 'value') {
    const { metrics, isActive, how } = told;
    return { scaler, answer: { metrics }, isActive, ...(how === undefined ? {} : { how }) };
  }
  const first = evaluateTrigger(scaler.parsed, scaler.state, told.observation, nowMs);
  const result = first.ok
    ? first
    : evaluateTrigger(scaler.parsed, scaler.parsed.initialState, told.retry ?? told.observation, nowMs);
  const { state } = result;
  const next = state === scaler.state ? scaler : { ...scaler, state };
  if (!result.ok) return { scaler: next, answer: { error: result.message }, isActive: false };
  const { metrics, isActive, how, activationMilli } = result;
  const answer: MetricAnswer = { metrics };
  return activationMilli === undefined
    ? { scaler: next, answer, isActive, how }
    : { scaler: next, answer, isActive, how, activationMilli };
}

/** The part of an answer that belongs to one metric of the trigger. */
export function answerFor(
  answer: MetricAnswer,
  spec: TriggerMetricSpec,
  specs: readonly TriggerMetricSpec[],
): MetricAnswer {
  if ('error' in answer) return answer;
  const name = spec.external?.metric.name ?? '';
  if (answer.metrics.length === 1 && answer.metrics[0]?.name === name) return answer;
  const named = answer.metrics.filter((metric) => metric.name === name);
  if (named.length > 0 || specs.length > 1) return { metrics: named };
  return { metrics: answer.metrics.map((metric) => ({ ...metric, name })) };
}

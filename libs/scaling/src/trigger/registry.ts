import { GoTextError } from '../go/text';
import { awsSqsQueue } from './aws-sqs-queue';
import { cron } from './cron';
import { externalPush } from './external-push';
import { kafka } from './kafka';
import { kubernetesWorkload } from './kubernetes-workload';
import { metricsApi } from './metrics-api';
import { type TriggerObservation } from './observation';
import { prometheus } from './prometheus';
import { resource } from './resource';
import {
  type ParsedTrigger,
  type TriggerContext,
  type TriggerFailure,
  type TriggerManifest,
  type TriggerMaths,
  type TriggerReading,
  type TriggerResult,
  type TriggerState,
  type TriggerType,
} from './trigger';
import { TriggerError } from './trigger-error';

// Each file pairs its own parse and evaluate, so the settings in between need no common type.
interface AnyMaths {
  parse(...args: Parameters<TriggerMaths<unknown>['parse']>): TriggerReading<unknown>;
  evaluate: TriggerMaths<never>['evaluate'];
}

const byType: Readonly<Record<TriggerType, AnyMaths>> = {
  'aws-sqs-queue': awsSqsQueue,
  kafka,
  prometheus,
  cron,
  cpu: resource('cpu'),
  memory: resource('memory'),
  'external-push': externalPush,
  'metrics-api': metricsApi,
  'kubernetes-workload': kubernetesWorkload,
};

export const triggerTypes = Object.keys(byType) as readonly TriggerType[];
const isKnown = (type: string): type is TriggerType => (triggerTypes as readonly string[]).includes(type);

function failure(error: unknown): TriggerFailure {
  if (error instanceof TriggerError) return { ok: false, code: error.code, message: error.message };
  if (error instanceof GoTextError) return { ok: false, code: 'BadAnswer', message: error.message };
  throw error;
}

/** Takes a trigger's metadata, or says in KEDA's words why not. */
export function parseTrigger(
  manifest: TriggerManifest,
  context: TriggerContext = {},
): ParsedTrigger | TriggerFailure {
  const { type } = manifest;
  if (!isKnown(type))
    return { ok: false, code: 'UnknownTrigger', message: `no scaler found for type: ${type}` };
  try {
    const reading = byType[type].parse(manifest.metadata ?? {}, {
      ...context,
      ...(manifest.metricType ? { metricType: manifest.metricType } : {}),
    });
    return { ok: true, type, initialState: null, ...reading };
  } catch (error) {
    return failure(error);
  }
}

/** Triggers whose result depends on settings and answer alone: neither on the time nor on a memory. */
const stateless: ReadonlySet<TriggerType> = new Set(['aws-sqs-queue', 'prometheus', 'metrics-api']);

/** What an answer came to when it was last evaluated: a poll and the HPA's request at the same moment get the same answer. */
const evaluated = new WeakMap<
  TriggerObservation,
  { readonly parsed: ParsedTrigger; readonly result: TriggerResult }
>();

/**
 * Value and activity from one answer of the source. `state` is what the evaluation before gave back (first:
 * `initialState`); after a failure KEDA rebuilds the scaler, so begin again from `initialState`.
 */
export function evaluateTrigger(
  parsed: ParsedTrigger,
  state: TriggerState,
  observation: TriggerObservation,
  nowMs: number,
): TriggerResult {
  if (state !== null || !stateless.has(parsed.type)) return evaluate(parsed, state, observation, nowMs);
  const known = evaluated.get(observation);
  if (known?.parsed === parsed) return known.result;
  const result = evaluate(parsed, state, observation, nowMs);
  evaluated.set(observation, { parsed, result });
  return result;
}

function evaluate(
  parsed: ParsedTrigger,
  state: TriggerState,
  observation: TriggerObservation,
  nowMs: number,
): TriggerResult {
  try {
    const reckoning = byType[parsed.type].evaluate(parsed.settings as never, state, observation, nowMs);
    const names = parsed.metricSpecs.flatMap((spec) => (spec.external ? [spec.external.metric.name] : []));
    return {
      ok: true,
      metrics: reckoning.valueMilli.map((valueMilli, i) => ({ name: names[i] ?? '', valueMilli })),
      isActive: reckoning.isActive,
      state: reckoning.state,
      how: reckoning.how,
      ...(reckoning.activationMilli === undefined ? {} : { activationMilli: reckoning.activationMilli }),
    };
  } catch (error) {
    return { ...failure(error), state: parsed.initialState };
  }
}

/** The trigger maths in one place. */
export const trigger = { parse: parseTrigger, evaluate: evaluateTrigger, types: triggerTypes } as const;

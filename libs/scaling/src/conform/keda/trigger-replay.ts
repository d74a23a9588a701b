import { type TriggerMetricSpec } from '../../trigger/metric-spec';
import { type TriggerObservation } from '../../trigger/observation';
import { type PrometheusSettings, prometheusQueryUrl } from '../../trigger/prometheus';
import { evaluateTrigger, parseTrigger } from '../../trigger/registry';
import { type ParsedTrigger, type TriggerContext, type TriggerType } from '../../trigger/trigger';
import { type KedaCase } from './case';
import { errorDifference, firstDifference, type KedaDifference } from './compare';

export interface TriggerExpectation {
  readonly rejected?: string;
  readonly panics?: string;
  readonly metric?: TriggerMetricSpec;
  readonly request?: string;
  readonly valueMilli?: string;
  readonly isActive?: boolean;
  readonly error?: string;
}

interface TriggerInput {
  readonly metadata: Readonly<Record<string, string>>;
  readonly metricType?: string;
  readonly index?: number;
  readonly triggerIndex?: number;
  readonly authParams?: Readonly<Record<string, string>>;
  readonly response?: { readonly status: number; readonly body: string; readonly connectionClosed?: boolean };
  readonly attributes?: Readonly<Record<string, string>>;
  readonly pods?: readonly { readonly app?: string; readonly namespace: string; readonly phase: string }[];
}

const typeOfFamily: Readonly<Record<string, TriggerType>> = {
  prometheus: 'prometheus',
  'metrics-api': 'metrics-api',
  sqs: 'aws-sqs-queue',
  workload: 'kubernetes-workload',
};

/** A case of prometheus, metrics-api, sqs or workload: one trigger, one answer. */
export function replayTriggerCase(family: string, recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as TriggerInput;
  const expect = recorded.expect as TriggerExpectation;
  const type = typeOfFamily[family] as TriggerType;
  const parsed = parseTrigger(
    { type, metadata: input.metadata, ...(input.metricType ? { metricType: input.metricType } : {}) },
    contextOf(recorded, input, expect),
  );
  if (expect.panics !== undefined) return whenPanicking(parsed, input);
  if (!parsed.ok) return errorDifference('expect.rejected', expect.rejected, parsed.message);
  if (expect.rejected !== undefined) return errorDifference('expect.rejected', expect.rejected, undefined);
  return (
    firstDifference('expect.metric', expect.metric, parsed.metricSpecs[0]) ??
    requestDifference(type, parsed, input, expect) ??
    answerDifference('expect', expect, parsed, observationOf(input))
  );
}

/** Cases about missing credentials say so in their name; the index is the one in the recorded metric's name. */
function contextOf(recorded: KedaCase, input: TriggerInput, expect: TriggerExpectation): TriggerContext {
  const index = /^s(\d+)-/.exec(expect.metric?.external?.metric.name ?? '')?.[1];
  const keys = { awsAccessKeyID: 'key', awsSecretAccessKey: 'secret' };
  const missing: Record<string, Readonly<Record<string, string>>> = {
    'missing-keys': {},
    'missing-secret': { awsAccessKeyID: 'key' },
  };
  const authParams = input.authParams ?? missing[recorded.name.replace(/^.*\//, '')] ?? keys;
  return { index: Number(index ?? input.triggerIndex ?? input.index ?? 0), namespace: 'default', authParams };
}

/** KEDA crashes: any error will do, at parsing or at the query. */
function whenPanicking(
  parsed: ReturnType<typeof parseTrigger>,
  input: TriggerInput,
): KedaDifference | undefined {
  const result = parsed.ok ? evaluateTrigger(parsed, parsed.initialState, observationOf(input), 0) : parsed;
  return result.ok ? { at: 'expect.panics', expected: 'an error', got: result.metrics } : undefined;
}

function requestDifference(
  type: TriggerType,
  parsed: ParsedTrigger,
  input: TriggerInput,
  expect: TriggerExpectation,
): KedaDifference | undefined {
  if (type !== 'prometheus' || expect.request === undefined) return undefined;
  const url = prometheusQueryUrl(parsed.settings as PrometheusSettings, 'TIME');
  const [path = '', query = ''] = url.slice(input.metadata.serverAddress?.length ?? 0).split('?');
  const parameters = query.split('&').filter((parameter) => parameter !== 'time=TIME');
  return firstDifference('expect.request', expect.request, `GET ${path}?${parameters.sort().join('&')}`);
}

export function answerDifference(
  at: string,
  expect: TriggerExpectation,
  parsed: ParsedTrigger,
  observation: TriggerObservation,
): KedaDifference | undefined {
  const result = evaluateTrigger(parsed, parsed.initialState, observation, 0);
  if (!result.ok) return errorDifference(`${at}.error`, expect.error, result.message);
  return (
    errorDifference(`${at}.error`, expect.error, undefined) ??
    firstDifference(`${at}.valueMilli`, expect.valueMilli, String(result.metrics[0]?.valueMilli)) ??
    firstDifference(`${at}.isActive`, expect.isActive, result.isActive)
  );
}

function observationOf(input: TriggerInput): TriggerObservation {
  if (input.pods) {
    const pods = input.pods
      .filter((pod) => pod.namespace === 'default')
      .map((pod) => ({ labels: pod.app === undefined ? {} : { app: pod.app }, phase: pod.phase }));
    return { kind: 'pods', pods };
  }
  if (input.attributes) return { kind: 'sqs', attributes: input.attributes };
  const { status = 0, body = '', connectionClosed } = input.response ?? {};
  if (connectionClosed)
    return { kind: 'unreachable', message: `Get "${input.metadata.serverAddress ?? ''}": EOF` };
  return input.metadata.queueURL === undefined ? { kind: 'http', status, body } : sqsAnswer(status, body);
}

/** What the AWS client makes of an answer. */
function sqsAnswer(status: number, body: string): TriggerObservation {
  const refused = `operation error SQS: GetQueueAttributes, https response error StatusCode: ${status}`;
  try {
    const answer = JSON.parse(body) as { Attributes?: Record<string, string> };
    if (status === 200) return { kind: 'sqs', attributes: answer.Attributes ?? {} };
  } catch {
    return { kind: 'unreachable', message: refused };
  }
  return { kind: 'unreachable', message: refused };
}

import { badAnswer, observed } from './answer';
import { GoTextError, parseFloat64 } from '../go/text';
import { type HttpAuth, readHttpAuth } from './http-auth';
import { MetadataReader } from './metadata-reader';
import { toMilli } from './milli';
import { externalMetricType, externalSpec } from './target';
import { TriggerError } from './trigger-error';
import { type TriggerMaths } from './trigger';

export interface PrometheusSettings {
  readonly serverAddress: string;
  readonly query: string;
  readonly queryParameters: readonly (readonly [string, string])[];
  readonly threshold: number;
  readonly activationThreshold: number;
  readonly namespace: string;
  readonly customHeaders: readonly (readonly [string, string])[];
  readonly ignoreNullValues: boolean;
  readonly unsafeSsl: boolean;
  /** 0: the operator's own, 3000 ms. */
  readonly timeoutMs: number;
  readonly auth: HttpAuth;
}

/** prometheus: the one element of an instant query's vector. */
export const prometheus: TriggerMaths<PrometheusSettings> = {
  parse(metadata, context) {
    const type = externalMetricType(context);
    const reader = new MetadataReader(metadata, context);
    const auth = readHttpAuth(reader);
    const settings: PrometheusSettings = {
      serverAddress: reader.text('serverAddress'),
      query: reader.text('query'),
      queryParameters: [...reader.pairs('queryParameters', { optional: true })],
      threshold: reader.float64('threshold'),
      activationThreshold: reader.float64('activationThreshold', { optional: true }),
      namespace: reader.text('namespace', { optional: true }),
      customHeaders: [...reader.pairs('customHeaders', { optional: true })],
      ignoreNullValues: reader.bool('ignoreNullValues', { default: 'true' }),
      unsafeSsl: reader.bool('unsafeSsl', { optional: true }),
      timeoutMs: reader.durationMs('timeout', { optional: true }),
      auth,
    };
    const prefix = 'error parsing prometheus metadata: ';
    const complaint = reader.error();
    if (complaint) throw new TriggerError('BadMetadata', prefix + prefix + complaint);
    if (auth.modes.length > 0 && !['', 'none'].includes(context.podIdentity ?? '')) {
      throw new TriggerError('BadMetadata', `${prefix}pod identity cannot be enabled with other auth types`);
    }
    return {
      settings,
      metricSpecs: [externalSpec(context, 'prometheus', type, toMilli(settings.threshold))],
    };
  },

  evaluate(settings, state, observation) {
    const { status, body } = observed(observation, 'http');
    if (status < 200 || status > 299) {
      throw badAnswer(`prometheus query api returned error. status: ${status} response: ${body}`);
    }
    const value = readValue(settings, decode(body));
    return {
      valueMilli: [toMilli(value)],
      isActive: value > settings.activationThreshold,
      activationMilli: toMilli(settings.activationThreshold),
      state,
      how: `query result ${value}`,
    };
  },
};

function readValue(settings: PrometheusSettings, samples: readonly (readonly unknown[])[]): number {
  const lost = (what: string): number => {
    // The default hides an outage of the exporter: nothing counts as zero.
    if (settings.ignoreNullValues) return 0;
    throw badAnswer(`prometheus metrics 'prometheus' target may be lost, the ${what} is empty`);
  };
  const [sample, ...others] = samples;
  if (sample === undefined) return lost('result');
  if (others.length > 0) throw badAnswer(`prometheus query ${settings.query} returned multiple elements`);
  if (sample.length === 0) return lost('value list');
  if (sample.length < 2) throw badAnswer(`prometheus query ${settings.query} didn't return enough values`);
  const value = numberOf(sample[1]);
  if (value !== Infinity && value !== -Infinity) return value;
  if (settings.ignoreNullValues) return 0;
  throw badAnswer(`prometheus query returns ${value > 0 ? '+Inf' : '-Inf'}`);
}

function numberOf(value: unknown): number {
  if (value === null) return -1;
  if (typeof value === 'string') return parseFloat64(value);
  throw new TriggerError('WouldPanic', `prometheus answered a ${typeof value} where a value is a string`);
}

/** The samples (`data.result[].value`) of an answer, read as leniently as KEDA does: absent parts are empty. */
function decode(body: string): readonly (readonly unknown[])[] {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch (cause) {
    throw new GoTextError('unexpected end of JSON input', { cause });
  }
  const data = field(object(answer, 'answer'), 'data');
  field(object(answer, 'answer'), 'status', 'string');
  field(object(data, 'data'), 'resultType', 'string');
  const result = field(object(data, 'data'), 'result');
  return list(result, 'data.result').map((element) => {
    const sample = object(element, 'data.result[]');
    object(field(sample, 'metric'), 'data.result[].metric');
    return list(field(sample, 'value'), 'data.result[].value');
  });
}

type JsonObject = Readonly<Record<string, unknown>>;

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
const mismatch = (value: unknown, where: string, wanted: string): TriggerError =>
  badAnswer(`json: cannot unmarshal ${kindOf(value)} into ${where}, which is ${wanted}`);

function object(value: unknown, where: string): JsonObject {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw mismatch(value, where, 'an object');
  return value as JsonObject;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw mismatch(value, where, 'a list');
  return value;
}

/** Names match whatever their case, as everywhere in Go. */
function field(parent: JsonObject, name: string, wanted?: 'string'): unknown {
  const key = name in parent ? name : Object.keys(parent).find((k) => k.toLowerCase() === name.toLowerCase());
  const value = key === undefined ? undefined : parent[key];
  if (wanted && value !== undefined && value !== null && typeof value !== wanted) {
    throw mismatch(value, name, `a ${wanted}`);
  }
  return value;
}

const escape = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

/** URL of the instant query. `time` is RFC 3339. */
export function prometheusQueryUrl(settings: PrometheusSettings, time: string): string {
  const extra = [
    ...(settings.namespace ? [`namespace=${settings.namespace}`] : []),
    ...settings.queryParameters.map(([key, value]) => `${escape(key)}=${escape(value)}`),
  ];
  const query = [`query=${escape(settings.query)}`, `time=${time}`, ...extra].join('&');
  return `${settings.serverAddress}/api/v1/query?${query}`;
}

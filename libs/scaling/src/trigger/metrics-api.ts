import { parseQuantity, toNumber } from '../quantity/quantity';
import { QuantityError } from '../quantity/quantity-error';
import { badAnswer, observed } from './answer';
import { ExpositionError, readExposition } from './exposition-value';
import { type HttpAuth, readHttpAuth } from './http-auth';
import { JsonPathError, readJsonPath } from './json-path';
import { MetadataReader } from './metadata-reader';
import { toMilli } from './milli';
import { type HttpObservation, type TriggerObservation, type UnreachableObservation } from './observation';
import { requestUriPath } from './request-uri';
import { externalMetricType, externalSpec, normalizeName } from './target';
import { TriggerError } from './trigger-error';
import { type TriggerMaths } from './trigger';
import { readYamlPath, YamlPathError } from './yaml-path';

export interface MetricsApiSettings {
  readonly url: string;
  readonly format: 'prometheus' | 'json' | 'xml' | 'yaml';
  readonly valueLocation: string;
  readonly activationTargetValue: number;
  readonly unsafeSsl: boolean;
  /** Ask every ready endpoint of the Service behind the URL instead of the URL itself. */
  readonly aggregateFromKubeServiceEndpoints: boolean;
  readonly aggregationType: 'average' | 'sum' | 'max' | 'min';
  readonly auth: HttpAuth;
}

/** metrics-api: one number out of an HTTP answer, or out of many, aggregated. */
export const metricsApi: TriggerMaths<MetricsApiSettings> = {
  parse(metadata, context) {
    const type = externalMetricType(context);
    const reader = new MetadataReader(metadata, context);
    const targetValue = reader.float64('targetValue', { optional: true });
    const settings: MetricsApiSettings = {
      activationTargetValue: reader.float64('activationTargetValue', { default: '0' }),
      url: reader.text('url'),
      format: reader.text('format', {
        default: 'json',
        oneOf: ['prometheus', 'json', 'xml', 'yaml'],
      }) as MetricsApiSettings['format'],
      valueLocation: reader.text('valueLocation'),
      unsafeSsl: reader.bool('unsafeSsl', { default: 'false' }),
      aggregateFromKubeServiceEndpoints: reader.bool('aggregateFromKubeServiceEndpoints', {
        default: 'false',
      }),
      aggregationType: reader.text('aggregationType', {
        default: 'average',
        oneOf: ['average', 'sum', 'max', 'min'],
      }) as MetricsApiSettings['aggregationType'],
      auth: readHttpAuth(reader),
    };
    const complaint = reader.error();
    if (complaint) {
      throw new TriggerError(
        'BadMetadata',
        `error parsing metric API metadata: error parsing metrics API metadata: ${complaint}`,
      );
    }
    if (targetValue === 0 && !context.asMetricSource) {
      throw new TriggerError(
        'BadMetadata',
        'error parsing metric API metadata: no targetValue given in metadata',
      );
    }
    const name = normalizeName(`metric-api-${settings.valueLocation}`);
    return { settings, metricSpecs: [externalSpec(context, name, type, toMilli(targetValue))] };
  },

  evaluate(settings, state, observation) {
    const value = wrapErrors(() => readAnswer(settings, observation));
    return {
      valueMilli: [toMilli(value)],
      isActive: value > settings.activationTargetValue,
      activationMilli: toMilli(settings.activationTargetValue),
      state,
      how: `${settings.valueLocation} is ${value}`,
    };
  },
};

function wrapErrors(read: () => number): number {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof TriggerError) || cause.code === 'WrongObservation') throw cause;
    throw new TriggerError(cause.code, `error requesting metrics endpoint: ${cause.message}`, { cause });
  }
}

function readAnswer(settings: MetricsApiSettings, observation: TriggerObservation): number {
  if (!settings.aggregateFromKubeServiceEndpoints) return readOne(settings, observed(observation, 'http'));
  if (observation.kind === 'unreachable') {
    throw badAnswer('failed to get kubernetes endpoints urls from configured service URL');
  }
  return aggregate(settings, observed(observation, 'endpoints').answers);
}

function aggregate(
  settings: MetricsApiSettings,
  answers: readonly (HttpObservation | UnreachableObservation)[],
): number {
  if (answers.length === 0) throw badAnswer('no endpoints URLs were given for the service name');
  const values = answers.flatMap((answer) => {
    try {
      return [readOne(settings, observed(answer, 'http'))];
    } catch (error) {
      // An endpoint that fails is left out, as long as another one answers.
      if (error instanceof TriggerError) return [];
      throw error;
    }
  });
  if (values.length === 0) {
    throw badAnswer(`could not get any metric successfully from the ${answers.length} provided endpoints`);
  }
  const sum = values.reduce((total, value) => total + value, 0);
  const byType = { sum, average: sum / values.length, max: Math.max(...values), min: Math.min(...values) };
  return byType[settings.aggregationType];
}

function readOne(settings: MetricsApiSettings, { status, body }: HttpObservation): number {
  if (status !== 200) throw badAnswer(`${requestUriPath(settings.url) ?? ''}: api returned ${status}`);
  try {
    switch (settings.format) {
      case 'prometheus':
        return readExposition(body, settings.valueLocation);
      case 'json':
        return readJson(body, settings.valueLocation);
      case 'yaml':
        return readYaml(body, settings.valueLocation);
      case 'xml':
        // KEDA cannot decode any XML: it asks Go for a map, and Go knows none in XML.
        throw badAnswer(/<\s*[A-Za-z_]/.test(body) ? 'unknown type map[string]interface {}' : 'EOF');
    }
  } catch (cause) {
    if (
      cause instanceof ExpositionError ||
      cause instanceof JsonPathError ||
      cause instanceof YamlPathError
    ) {
      throw badAnswer(cause.message, cause);
    }
    throw cause;
  }
}

const wrongLocation = (got: string): TriggerError =>
  badAnswer(
    `valueLocation must point to value of type number or a string representing a Quantity got: '${got}'`,
  );

function readText(text: string): number {
  try {
    return toNumber(parseQuantity(text, 'value'));
  } catch (cause) {
    if (cause instanceof QuantityError) throw wrongLocation(text);
    throw cause;
  }
}

function readJson(body: string, path: string): number {
  const json = readJsonPath(body, path);
  if (json.type === 'Number') return json.value;
  if (json.type === 'String') return readText(json.value);
  throw wrongLocation(json.type === 'Object' || json.type === 'Array' ? 'JSON' : json.type);
}

function readYaml(body: string, path: string): number {
  const scalar = readYamlPath(body, path);
  if (scalar.kind === 'number') return scalar.value;
  if (scalar.kind === 'string') return readText(scalar.value);
  throw wrongLocation(scalar.shown);
}

import { queueNameFromUrl, requestUriPath } from './request-uri';
import { type TriggerObservation } from './observation';
import { evaluateTrigger, parseTrigger } from './registry';
import { type TriggerContext, type TriggerManifest } from './trigger';

const prometheus = { serverAddress: 'http://p', query: 'q', threshold: '5' };
const metricsApi = { url: 'http://h/a', valueLocation: 'v', targetValue: '5' };
const kafka = { bootstrapServers: 'b', consumerGroup: 'g', topic: 't' };
const sqs = { queueURL: 'orders', awsRegion: 'r', identityOwner: 'operator' };
const cron = { start: '0 8 * * *', end: '0 18 * * *', timezone: 'UTC', desiredReplicas: '3' };
const workload = { podSelector: 'app=web', value: '5' };

describe('the code of refused metadata', () => {
  it.each<[string, TriggerManifest, string]>([
    ['no queue', { type: 'aws-sqs-queue', metadata: {} }, 'BadMetadata'],
    ['a URL that is none', { type: 'aws-sqs-queue', metadata: { ...sqs, queueURL: '/a/' } }, 'BadMetadata'],
    ['no credentials', { type: 'aws-sqs-queue', metadata: { ...sqs, identityOwner: 'pod' } }, 'BadMetadata'],
    ['no schedule', { type: 'cron', metadata: {} }, 'BadMetadata'],
    ['a bad schedule', { type: 'cron', metadata: { ...cron, start: 'x' } }, 'BadMetadata'],
    ['equal schedules', { type: 'cron', metadata: { ...cron, end: cron.start } }, 'BadMetadata'],
    ['no servers', { type: 'kafka', metadata: {} }, 'BadMetadata'],
    ['no query', { type: 'prometheus', metadata: {} }, 'BadMetadata'],
    ['no url', { type: 'metrics-api', metadata: {} }, 'BadMetadata'],
    ['a target of 0', { type: 'metrics-api', metadata: { ...metricsApi, targetValue: '0' } }, 'BadMetadata'],
    ['no selector', { type: 'kubernetes-workload', metadata: {} }, 'BadMetadata'],
    [
      'a bad selector',
      { type: 'kubernetes-workload', metadata: { ...workload, podSelector: '=' } },
      'BadMetadata',
    ],
    ['no scaler', { type: 'external-push', metadata: {} }, 'BadMetadata'],
    ['no value', { type: 'cpu', metricType: 'Utilization', metadata: {} }, 'BadMetadata'],
    ['no percentage', { type: 'cpu', metricType: 'Utilization', metadata: { value: '5.5' } }, 'BadMetadata'],
    ['no quantity', { type: 'memory', metricType: 'AverageValue', metadata: { value: 'x' } }, 'WouldPanic'],
    ['a Value for cpu', { type: 'cpu', metricType: 'Value', metadata: { value: '5' } }, 'BadMetricType'],
    ['no metric type for cpu', { type: 'cpu', metadata: { value: '5' } }, 'BadMetricType'],
    [
      'Utilization of a queue',
      { type: 'aws-sqs-queue', metricType: 'Utilization', metadata: sqs },
      'BadMetricType',
    ],
    ['an unknown type', { type: 'rabbitmq', metadata: {} }, 'UnknownTrigger'],
  ])('%s', (_, manifest, code) => {
    expect(parseTrigger(manifest)).toMatchObject({ ok: false, code, message: expect.any(String) as string });
  });
});

describe('the code of an answer that is no value', () => {
  const http = (body: string, status = 200): TriggerObservation => ({ kind: 'http', status, body });
  const down: TriggerObservation = { kind: 'unreachable', message: 'refused' };

  it.each<[string, string, Record<string, string>, TriggerObservation, string, string]>([
    [
      'aws-sqs-queue',
      'an attribute is missing',
      sqs,
      { kind: 'sqs', attributes: { ApproximateNumberOfMessages: '1' } },
      'BadAnswer',
      'metric ApproximateNumberOfMessagesNotVisible not found in SQS queue attributes',
    ],
    [
      'aws-sqs-queue',
      'an attribute is no number',
      sqs,
      { kind: 'sqs', attributes: { ApproximateNumberOfMessages: 'x' } },
      'BadAnswer',
      'strconv.ParseInt: parsing "x": invalid syntax',
    ],
    ['aws-sqs-queue', 'the source is down', sqs, down, 'SourceFailed', 'refused'],
    [
      'cron',
      'the zone is unknown',
      { ...cron, timezone: 'Mars/X' },
      { kind: 'clock' },
      'BadAnswer',
      'unable to load timezone: unknown time zone Mars/X',
    ],
    [
      'cron',
      'it is another observation',
      cron,
      http(''),
      'WrongObservation',
      'this trigger needs an observation of kind "clock", got "http"',
    ],
    [
      'prometheus',
      'status 199',
      prometheus,
      http('b', 199),
      'BadAnswer',
      'prometheus query api returned error. status: 199 response: b',
    ],
    [
      'prometheus',
      'status 300',
      prometheus,
      http('b', 300),
      'BadAnswer',
      'prometheus query api returned error. status: 300 response: b',
    ],
    ['prometheus', 'it is no JSON', prometheus, http('{'), 'BadAnswer', 'unexpected end of JSON input'],
    [
      'prometheus',
      'the answer is a list',
      prometheus,
      http('[]'),
      'BadAnswer',
      'json: cannot unmarshal array into answer, which is an object',
    ],
    [
      'prometheus',
      'resultType is a number',
      prometheus,
      http('{"data":{"resultType":5}}'),
      'BadAnswer',
      'json: cannot unmarshal number into resultType, which is a string',
    ],
    [
      'prometheus',
      'the value is a number',
      prometheus,
      http('{"data":{"result":[{"value":[1,5]}]}}'),
      'WouldPanic',
      'prometheus answered a number where a value is a string',
    ],
    [
      'metrics-api',
      'the source is down',
      metricsApi,
      down,
      'SourceFailed',
      'error requesting metrics endpoint: refused',
    ],
    [
      'metrics-api',
      'it is another observation',
      metricsApi,
      { kind: 'clock' },
      'WrongObservation',
      'this trigger needs an observation of kind "http", got "clock"',
    ],
    [
      'metrics-api',
      'status 201',
      metricsApi,
      http('{"v":1}', 201),
      'BadAnswer',
      'error requesting metrics endpoint: /a: api returned 201',
    ],
    [
      'metrics-api',
      'XML',
      { ...metricsApi, format: 'xml' },
      http('<a>1</a>'),
      'BadAnswer',
      'error requesting metrics endpoint: unknown type map[string]interface {}',
    ],
    [
      'metrics-api',
      'XML with space',
      { ...metricsApi, format: 'xml' },
      http('< a>1</a>'),
      'BadAnswer',
      'error requesting metrics endpoint: unknown type map[string]interface {}',
    ],
    [
      'metrics-api',
      'no XML',
      { ...metricsApi, format: 'xml' },
      http('1 < 2'),
      'BadAnswer',
      'error requesting metrics endpoint: EOF',
    ],
    [
      'metrics-api',
      'an object',
      metricsApi,
      http('{"v":{}}'),
      'BadAnswer',
      "error requesting metrics endpoint: valueLocation must point to value of type number or a string representing a Quantity got: 'JSON'",
    ],
    [
      'metrics-api',
      'a truth',
      metricsApi,
      http('{"v":true}'),
      'BadAnswer',
      "error requesting metrics endpoint: valueLocation must point to value of type number or a string representing a Quantity got: 'True'",
    ],
    [
      'metrics-api',
      'words',
      metricsApi,
      http('{"v":"many"}'),
      'BadAnswer',
      "error requesting metrics endpoint: valueLocation must point to value of type number or a string representing a Quantity got: 'many'",
    ],
    [
      'metrics-api',
      'no list of endpoints',
      { ...metricsApi, aggregateFromKubeServiceEndpoints: 'true' },
      down,
      'BadAnswer',
      'error requesting metrics endpoint: failed to get kubernetes endpoints urls from configured service URL',
    ],
    [
      'kubernetes-workload',
      'the source is down',
      workload,
      down,
      'SourceFailed',
      'error inspecting kubernetes workload: refused',
    ],
    [
      'kubernetes-workload',
      'it is another observation',
      workload,
      { kind: 'clock' },
      'WrongObservation',
      'this trigger needs an observation of kind "pods", got "clock"',
    ],
    [
      'kafka',
      'it is another observation',
      kafka,
      { kind: 'clock' },
      'WrongObservation',
      'this trigger needs an observation of kind "kafka", got "clock"',
    ],
  ])('%s: %s', (type, _, metadata, observation, code, message) => {
    const parsed = parseTrigger({ type, metadata });
    if (!parsed.ok) throw new Error(parsed.message);
    expect(evaluateTrigger(parsed, parsed.initialState, observation, 0)).toMatchObject({
      ok: false,
      code,
      message,
    });
  });
});

describe('how a value came about', () => {
  const pods = (count: number): TriggerObservation => ({
    kind: 'pods',
    pods: Array.from({ length: count }, () => ({ labels: { app: 'web' }, phase: 'Running' })),
  });
  const messages = (count: number): TriggerObservation => ({
    kind: 'sqs',
    attributes: { ApproximateNumberOfMessages: String(count), ApproximateNumberOfMessagesNotVisible: '0' },
  });
  const at = (hour: number) => Date.UTC(2026, 0, 5, hour);
  const lag = (latest: number[], committed: number[]): TriggerObservation => ({
    kind: 'kafka',
    latest: { t: latest },
    committed: { t: committed },
  });

  it.each<[string, Record<string, string>, TriggerObservation, number, string]>([
    ['aws-sqs-queue', sqs, messages(0), 0, '0 messages'],
    ['aws-sqs-queue', sqs, messages(1), 0, '1 message'],
    ['aws-sqs-queue', sqs, messages(2), 0, '2 messages'],
    ['kubernetes-workload', workload, pods(1), 0, '1 pod of app=web'],
    ['kubernetes-workload', workload, pods(2), 0, '2 pods of app=web'],
    ['cron', cron, { kind: 'clock' }, at(12), 'inside the window, 3 wanted'],
    ['cron', cron, { kind: 'clock' }, at(7), 'outside the window'],
    ['cron', cron, { kind: 'clock' }, at(18), 'outside the window'],
    ['cron', cron, { kind: 'clock' }, at(8), 'inside the window, 3 wanted'],
    ['cpu', { value: '5' }, { kind: 'clock' }, 0, 'cpu is read by the HPA'],
    ['metrics-api', metricsApi, { kind: 'http', status: 200, body: '{"v":"7k"}' }, 0, 'v is 7000'],
    [
      'prometheus',
      prometheus,
      { kind: 'http', status: 200, body: '{"data":{"result":[{"value":[1,null]}]}}' },
      0,
      'query result -1',
    ],
    ['prometheus', prometheus, { kind: 'http', status: 299, body: '{}' }, 0, 'query result 0'],
    ['kafka', kafka, lag([15], [10]), 0, 'lag 5'],
  ])('%s, %j: %#', (type, metadata, observation, nowMs, how) => {
    const parsed = parseTrigger({ type, metadata, ...(type === 'cpu' ? { metricType: 'Utilization' } : {}) });
    if (!parsed.ok) throw new Error(parsed.message);
    const result = evaluateTrigger(parsed, parsed.initialState, observation, nowMs);
    expect(result.ok ? result.how : result.message).toContain(how);
    if (type === 'kubernetes-workload' || type === 'aws-sqs-queue') expect(result).toMatchObject({ how });
  });
});

describe('parameters that only work together', () => {
  const refusal = (manifest: TriggerManifest, context: TriggerContext) => {
    const parsed = parseTrigger(manifest, context);
    return parsed.ok ? undefined : parsed.message.split(': ').at(-1);
  };
  const httpWays: [string, Record<string, string>, string][] = [
    ['basic', { username: 'u' }, 'username is required when basic auth is enabled'],
    ['bearer', { bearerToken: 't' }, 'bearer token is required when bearer auth is enabled'],
    ['tls', { cert: 'c', key: 'k' }, 'cert and key are required when tls auth is enabled'],
    [
      'oauth',
      { oauthTokenURI: 'u', clientID: 'i', clientSecret: 's' },
      'oauthTokenURI, clientID and clientSecret are required when oauth is enabled',
    ],
    [
      'custom',
      { customAuthHeader: 'h', customAuthValue: 'v' },
      'customAuthHeader and customAuthValue are required when custom auth is enabled',
    ],
    ['apiKey', { apiKey: 'k' }, 'apiKey is required when apiKey auth is enabled'],
  ];

  it.each(httpWays)('HTTP by %s: all of %j', (mode, authParams, message) => {
    const manifest = { type: 'prometheus', metadata: { ...prometheus, authModes: ` ${mode} ` } };
    expect(refusal(manifest, { authParams })).toBeUndefined();
    for (const left of Object.keys(authParams)) {
      const rest = Object.fromEntries(Object.entries(authParams).filter(([name]) => name !== left));
      expect([left, refusal(manifest, { authParams: rest })]).toEqual([left, message]);
    }
  });

  const kafkaWays: [Record<string, string>, Record<string, string>, Record<string, string>][] = [
    [
      { sasl: 'plaintext' },
      { username: 'u', password: 'p' },
      { username: 'no username given', password: 'no password given' },
    ],
    [
      { sasl: 'oauthbearer' },
      { username: 'u', password: 'p', oauthTokenEndpointUri: 'e' },
      {
        username: 'no username given',
        password: 'no password given',
        oauthTokenEndpointUri: 'no oauth token endpoint uri given',
      },
    ],
    [
      { sasl: 'gssapi' },
      { username: 'u', password: 'p', realm: 'r', kerberosConfig: 'c', kerberosDisableFAST: 'true' },
      {
        username: 'no username given',
        password: "exactly one of 'password' or 'keytab' must be provided for GSSAPI authentication",
        realm: 'no realm given',
        kerberosConfig: 'no Kerberos configuration file (kerberosConfig) given',
      },
    ],
  ];
  it.each(kafkaWays)('Kafka by %j: all of %j', (metadata, authParams, complaints) => {
    const manifest = { type: 'kafka', metadata: { ...kafka, ...metadata } };
    expect(refusal(manifest, { authParams })).toBeUndefined();
    for (const [left, message] of Object.entries(complaints)) {
      const rest = Object.fromEntries(Object.entries(authParams).filter(([name]) => name !== left));
      expect([left, refusal(manifest, { authParams: rest })]).toEqual([left, message]);
    }
  });

  it.each([
    ['a=b', undefined],
    ['a=b,c=d', undefined],
    ['a', 'invalid OAuthBearer extension, must be of format key=value'],
    ['a=b=c', 'invalid OAuthBearer extension, must be of format key=value'],
    ['a=b,c', 'invalid OAuthBearer extension, must be of format key=value'],
  ])('OAuth extensions %s: %p', (oauthExtensions, message) => {
    const authParams = { username: 'u', password: 'p', oauthTokenEndpointUri: 'e', oauthExtensions };
    expect(refusal({ type: 'kafka', metadata: { ...kafka, sasl: 'oauthbearer' } }, { authParams })).toBe(
      message,
    );
  });

  it.each([
    ['none', undefined],
    ['', undefined],
    ['aws', 'pod identity cannot be enabled with other auth types'],
  ])('Prometheus with authModes and the pod identity %j: %p', (podIdentity, message) => {
    const manifest = { type: 'prometheus', metadata: { ...prometheus, authModes: 'bearer' } };
    expect(refusal(manifest, { podIdentity, authParams: { token: 't' } })).toBe(message);
    expect(refusal({ type: 'prometheus', metadata: prometheus }, { podIdentity })).toBeUndefined();
  });

  it.each([
    ['1.0.0', true],
    ['10.22.33', true],
    ['0.10.2.0', true],
    ['0.1.2', false],
    ['01.2.3', false],
    ['1.x.3', false],
    ['1.2.x', false],
    ['x1.2.3', false],
    ['1.2.3x', false],
    ['1.2.3.4', false],
    ['0.x.2.0', false],
    ['x0.1.2.0', false],
    ['0.1.2.0x', false],
  ])('Kafka version %s: taken %p', (version, taken) => {
    expect(parseTrigger({ type: 'kafka', metadata: { ...kafka, version } }).ok).toBe(taken);
  });

  it.each([
    ['1', [1]],
    ['1,2', [1, 2]],
    ['3-6', [3, 4, 5, 6]],
    ['6-3', []],
    ['4-4', [4]],
    [' ', null],
    ['1,3-4', [1, 3, 4]],
  ])('Kafka partitions %j: %j', (partitionLimitation, partitions) => {
    const parsed = parseTrigger({ type: 'kafka', metadata: { ...kafka, partitionLimitation } });
    expect(parsed).toMatchObject({ settings: { partitions } });
  });
});

describe('pairs in metadata', () => {
  const headers = (customHeaders: string) => {
    const parsed = parseTrigger({ type: 'prometheus', metadata: { ...prometheus, customHeaders } });
    return parsed.ok
      ? (parsed.settings as { customHeaders: unknown }).customHeaders
      : parsed.message.replace(/^.*?value /, '');
  };

  it.each([
    ['a=b', [['a', 'b']]],
    [
      ' a = b , c=d ',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a=', [['a', '']]],
    ['a=b,a=c', [['a', 'c']]],
    ['a', '"a": expected format key=value, got "a"'],
    ['a=b=c', '"a=b=c": expected format key=value, got "a=b=c"'],
    ['a=b, c ', '"a=b, c": expected format key=value, got "c"'],
  ])('%j: %j', (text, expected) => {
    expect(headers(text)).toEqual(expected);
  });

  it.each([
    ['true', true],
    ['0', false],
    ['maybe', 'unable to parse boolean value "maybe": strconv.ParseBool: parsing "maybe": invalid syntax'],
  ])('unsafeSsl %s: %p', (unsafeSsl, expected) => {
    const parsed = parseTrigger({ type: 'prometheus', metadata: { ...prometheus, unsafeSsl } });
    if (parsed.ok) expect(parsed).toMatchObject({ settings: { unsafeSsl: expected } });
    else
      expect(parsed.message).toContain(`unable to set param "unsafeSsl" value "maybe": ${String(expected)}`);
  });

  it.each([
    ['0', 0],
    ['0s', 0],
    ['+5', 5],
    ['1500ms', 1500],
  ])('the timeout %s is %d ms', (timeout, timeoutMs) => {
    expect(parseTrigger({ type: 'prometheus', metadata: { ...prometheus, timeout } })).toMatchObject({
      settings: { timeoutMs },
    });
  });
});

describe('paths of request URIs', () => {
  it.each([
    ['http://h/a/b', '/a/b'],
    ['http://h', ''],
    ['http://h?x=/y', ''],
    ['/a/b?c=/d', '/a/b'],
    ['//h/a', '//h/a'],
    ['http:/a', '/a'],
    ['mailto:x', ''],
    ['*', '*'],
    ['', undefined],
    ['a/b', undefined],
    ['1a:b', undefined],
    [':b', undefined],
    ['http://h/%41%e4%bd%a0', '/A你'],
    ['http://h/%ff', '/%ff'],
    ['http://h/%4', undefined],
    ['http://h/%4g', undefined],
    ['http://h/a\u007f', undefined],
    ['http://h/a\u001f', undefined],
    ['http://h/a b', '/a b'],
    ['http://a b/c', undefined],
    ['http://h:8/c', '/c'],
    ['http://h:/c', '/c'],
    ['http://h:8x/c', undefined],
    ['http://u:p@h:8/c', '/c'],
    ['http://u:p@[::1]/c', '/c'],
    ['http://[::1]x/c', undefined],
    ['http://[::1/c', undefined],
    ['http://[::1]:8/c', '/c'],
    ['http://h<>/c', undefined],
  ])('%j: %j', (text, path) => {
    expect(requestUriPath(text)).toBe(path);
  });

  it.each([
    ['https://sqs/1/orders/', undefined],
    ['https://sqs/1/2/orders', undefined],
    ['https://sqs/1/orders', 'orders'],
  ])('%s is the queue %p', (url, name) => {
    expect(queueNameFromUrl(url)).toBe(name);
  });
});

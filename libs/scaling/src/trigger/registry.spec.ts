import { queueNameFromUrl } from './request-uri';
import { trigger } from './registry';
import { type TriggerContext, type TriggerManifest } from './trigger';

const refusal = (manifest: TriggerManifest, context: TriggerContext = {}): string => {
  const parsed = trigger.parse(manifest, context);
  return parsed.ok ? 'accepted' : parsed.message;
};
const parsedOf = (manifest: TriggerManifest, context: TriggerContext = {}) => {
  const parsed = trigger.parse(manifest, context);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed;
};

describe('kafka authentication', () => {
  const base = { bootstrapServers: 'b', consumerGroup: 'g', topic: 't' };
  const auth = (
    metadata: Record<string, string>,
    authParams: Record<string, string> = {},
    podIdentity?: string,
  ) =>
    refusal(
      { type: 'kafka', metadata: { ...base, ...metadata } },
      { authParams, ...(podIdentity ? { podIdentity } : {}) },
    ).replace('error parsing kafka metadata: ', '');
  const user = { username: 'u', password: 'p' };

  it.each<[Record<string, string>, Record<string, string>, string]>([
    [{}, {}, 'accepted'],
    [{ tls: 'enable' }, {}, 'accepted'],
    [{ tls: 'disable' }, { tls: ' enable ' }, 'accepted'],
    [{ tls: 'on' }, {}, 'error incorrect TLS value given, got on'],
    [{}, { tls: 'on' }, 'error incorrect TLS value given, got on'],
    [
      { tls: 'enable' },
      { tls: 'disable' },
      'unable to set `tls` in both ScaledObject and TriggerAuthentication together',
    ],
    [{ tls: 'enable' }, { cert: 'c' }, 'key must be provided with cert'],
    [{ tls: 'enable' }, { key: 'k' }, 'cert must be provided with key'],
    [
      { tls: 'enable', unsafeSsl: 'x' },
      {},
      'error parsing unsafeSsl: strconv.ParseBool: parsing "x": invalid syntax',
    ],
    [{ unsafeSsl: 'x' }, {}, 'accepted'],
    [{ sasl: 'plaintext' }, user, 'accepted'],
    [{ sasl: ' scram_sha256 ' }, user, 'accepted'],
    [{ sasl: 'scram_sha512' }, { username: 'u' }, 'no password given'],
    [{}, { sasl: 'plaintext' }, 'no username given'],
    [{ sasl: 'none' }, {}, 'accepted'],
    [{ sasl: 'magic' }, {}, 'err SASL mode magic given'],
    [
      { sasl: 'oauthbearer' },
      user,
      'error parsing OAuth token provider configuration: no oauth token endpoint uri given',
    ],
    [{ sasl: 'oauthbearer' }, { ...user, oauthTokenEndpointUri: 'u' }, 'accepted'],
    [
      { sasl: 'oauthbearer' },
      { ...user, oauthTokenEndpointUri: 'u', oauthExtensions: 'a=b,c' },
      'error parsing OAuth token provider configuration: invalid OAuthBearer extension, must be of format key=value',
    ],
    [{ sasl: 'oauthbearer', saslTokenProvider: 'x' }, {}, 'err SASL OAuth token provider x given'],
    [
      { sasl: 'oauthbearer', saslTokenProvider: 'bearer' },
      { saslTokenProvider: 'bearer' },
      'unable to set `saslTokenProvider` in both ScaledObject and TriggerAuthentication together',
    ],
    [
      { sasl: 'oauthbearer', saslTokenProvider: 'aws_msk_iam' },
      {},
      'error parsing OAuth token provider configuration: TLS is required for AWS MSK authentication',
    ],
    [
      { sasl: 'oauthbearer', saslTokenProvider: 'aws_msk_iam', tls: 'enable' },
      {},
      'error parsing OAuth token provider configuration: no awsRegion given',
    ],
    [
      { sasl: 'oauthbearer', saslTokenProvider: 'aws_msk_iam', tls: 'enable', awsRegion: 'r' },
      {},
      'error parsing OAuth token provider configuration: error getting AWS authorization: awsAccessKeyID not found',
    ],
    [
      { sasl: 'oauthbearer', saslTokenProvider: 'aws_msk_iam', tls: 'enable', awsRegion: 'r' },
      { awsRoleArn: 'a' },
      'accepted',
    ],
    [{ sasl: 'gssapi' }, {}, 'no username given'],
    [
      { sasl: 'gssapi' },
      { ...user, keytab: 'k' },
      "exactly one of 'password' or 'keytab' must be provided for GSSAPI authentication",
    ],
    [{ sasl: 'gssapi' }, user, 'no realm given'],
    [{ sasl: 'gssapi' }, { ...user, realm: 'r' }, 'no Kerberos configuration file (kerberosConfig) given'],
    [{ sasl: 'gssapi' }, { username: 'u', keytab: 'k', realm: 'r', kerberosConfig: 'c' }, 'accepted'],
    [
      { sasl: 'gssapi' },
      { ...user, realm: 'r', kerberosConfig: 'c', kerberosDisableFAST: 'x' },
      'error parsing kerberosDisableFAST: strconv.ParseBool: parsing "x": invalid syntax',
    ],
  ])('%j with %j: %s', (metadata, authParams, expected) => {
    expect(auth(metadata, authParams)).toBe(expected);
  });
});

describe('kafka metadata', () => {
  const base = { bootstrapServers: 'b', consumerGroup: 'g', topic: 't' };
  it.each<[Record<string, string>, string]>([
    [{ partitionLimitation: '1,2,5-7' }, 'accepted'],
    [
      { partitionLimitation: '1-2-3' },
      "error parsing in partitionLimitation '1-2-3': error in range syntax, got '1-2-3'",
    ],
    [
      { partitionLimitation: '1-x' },
      `error parsing in partitionLimitation '1-x': error in range: parse error for 'x': strconv.ParseInt: parsing "x": invalid syntax`,
    ],
    [
      { partitionLimitation: 'x-1' },
      `error parsing in partitionLimitation 'x-1': error in range: parse error for 'x': strconv.ParseInt: parsing "x": invalid syntax`,
    ],
    [
      { allowIdleConsumers: 'true', limitToPartitionsWithLag: 'true' },
      'allowIdleConsumers and limitToPartitionsWithLag cannot be set simultaneously',
    ],
    [
      { ensureEvenDistributionOfPartitions: 'true', limitToPartitionsWithLag: 'true' },
      'limitToPartitionsWithLag and ensureEvenDistributionOfPartitions cannot be set simultaneously',
    ],
    [
      { topic: '', limitToPartitionsWithLag: 'true' },
      'topic must be specified when using limitToPartitionsWithLag',
    ],
    [{ activationLagThreshold: '-1' }, '"activationLagThreshold" must be positive number'],
    [{ version: '0.10.2.0' }, 'accepted'],
    [{ version: '2.5' }, 'error parsing kafka version: invalid version `2.5`'],
    [{ version: '0.10.2' }, 'error parsing kafka version: invalid version `0.10.2`'],
  ])('%j: %s', (metadata, expected) => {
    expect(
      refusal({ type: 'kafka', metadata: { ...base, ...metadata } }).replace(
        'error parsing kafka metadata: ',
        '',
      ),
    ).toBe(expected);
  });

  it('takes servers, group and topic from the environment', () => {
    const metadata = { bootstrapServersFromEnv: 'B', consumerGroupFromEnv: 'G', topicFromEnv: 'T' };
    const parsed = parsedOf({ type: 'kafka', metadata }, { env: { B: 'x,y', G: 'g', T: 't.1' } });
    expect(parsed.settings).toMatchObject({ bootstrapServers: ['x', 'y'], group: 'g', topic: 't.1' });
    expect(parsed.metricSpecs[0]?.external?.metric.name).toBe('s0-kafka-t-1');
  });
});

describe('kafka answers that are no lag', () => {
  const parsed = parsedOf({
    type: 'kafka',
    metadata: { bootstrapServers: 'b', consumerGroup: 'g', topic: 't' },
  });
  const all = parsedOf({ type: 'kafka', metadata: { bootstrapServers: 'b', consumerGroup: 'g' } });
  const said = (of: typeof parsed, observation: object): string => {
    const answer = { kind: 'kafka' as const, latest: {}, committed: {}, ...observation };
    const result = trigger.evaluate(of, of.initialState, answer, 0);
    return result.ok ? String(result.metrics[0]?.valueMilli) : result.message;
  };
  it.each<[string, object, string]>([
    ['a topic error', { topicError: 'unknown topic' }, 'error describing topics: unknown topic'],
    [
      'a group error',
      { latest: { t: [1] }, committedError: 'no' },
      'error listing consumer group offsets: no',
    ],
    ['a topic without partitions', {}, "expected at least one active partition within the topic 't'"],
    ['a failed latest offset', { latest: { t: [{ error: 'leader' }] }, committed: { t: [1] } }, 'leader'],
    [
      'a failed committed offset',
      { latest: { t: [1] }, committed: { t: [{ error: 'why' }] } },
      'error finding offset block for topic t and partition 0: why',
    ],
    [
      'a missing committed offset',
      { latest: { t: [1] }, committed: { t: [null] } },
      'error finding offset block for topic t and partition 0 from offset block: map[t:[-]]',
    ],
    ['a missing latest offset', { latest: { t: [null, 5] }, committed: { t: [1, 2] } }, '3000'],
  ])('%s', (_name, observation, expected) => {
    expect(said(parsed, observation)).toBe(expected);
  });
  it('names the group when no topic is given', () => {
    expect(said(all, { committedError: 'no' })).toBe('error listing cg offset: no');
  });
});

describe('names of queues', () => {
  it.each([
    ['https://sqs.eu-west-1.amazonaws.com/123/orders', 'orders'],
    ['http://u:p@h:80/123/orders?x=1', 'orders'],
    ['http://[::1]:80/123/orders', 'orders'],
    ['/123/orders', 'orders'],
    ['http://h/1/a%20b', 'a b'],
    ['orders', 'orders'],
    ['http://h/orders', undefined],
    ['http://h/1/', undefined],
    ['arn:aws:sqs:r:1:orders', undefined],
    ['*', undefined],
    ['http://h:x/1/q', 'http://h:x/1/q'],
    ['http://h/1/%zz', 'http://h/1/%zz'],
    ['1http://h/1/q', '1http://h/1/q'],
    ['a\u0000b', 'a\u0000b'],
  ])('%j is %j', (url, expected) => {
    expect(queueNameFromUrl(url)).toBe(expected);
  });
});

describe('credentials of aws-sqs-queue', () => {
  const metadata = { queueURL: 'q', awsRegion: 'r' };
  it.each<[string, TriggerContext, Record<string, string>, string]>([
    ['pod identity', { podIdentity: 'aws' }, {}, 'accepted'],
    ['the operator', {}, { identityOwner: 'operator' }, 'accepted'],
    ['another owner', {}, { identityOwner: 'x' }, 'accepted'],
    [
      'keys of the old spelling',
      { authParams: { awsAccessKeyId: 'k', awsSecretAccessKey: 's' } },
      {},
      'accepted',
    ],
    [
      'keys from the environment',
      { env: { K: 'k', S: 's' } },
      { awsAccessKeyIDFromEnv: 'K', awsSecretAccessKeyFromEnv: 'S' },
      'accepted',
    ],
    [
      'a key in the metadata, no secret',
      {},
      { awsAccessKeyID: 'k' },
      'error parsing SQS queue metadata: awsSecretAccessKey not found',
    ],
    ['nothing', {}, {}, 'error parsing SQS queue metadata: awsAccessKeyID not found'],
  ])('%s', (_name, context, more, expected) => {
    expect(refusal({ type: 'aws-sqs-queue', metadata: { ...metadata, ...more } }, context)).toBe(expected);
  });
});

describe('HTTP authentication', () => {
  const metadata = { serverAddress: 'http://p', query: 'q', threshold: '5' };
  const both = 'error parsing prometheus metadata: error parsing prometheus metadata: ';
  it.each<[Record<string, string>, Record<string, string>, string]>([
    [{ authModes: 'bearer' }, { token: 't' }, 'accepted'],
    [{ authModes: 'basic' }, {}, `${both}username is required when basic auth is enabled`],
    [
      { authModes: 'basic,tls' },
      { username: 'u' },
      `${both}cert and key are required when tls auth is enabled`,
    ],
    [
      { authModes: 'oauth' },
      {},
      `${both}oauthTokenURI, clientID and clientSecret are required when oauth is enabled`,
    ],
    [
      { authModes: 'custom' },
      {},
      `${both}customAuthHeader and customAuthValue are required when custom auth is enabled`,
    ],
    [{ authModes: 'apiKey', apiKey: 'k' }, {}, 'accepted'],
    [
      { authModes: 'bearer,basic' },
      { token: 't', username: 'u' },
      `${both}parameter "authModes,authMode" value "bearer,basic" must contain only one of [bearer basic oauth]`,
    ],
    [{ method: 'body' }, {}, `${both}parameter "method" value "body" must be one of [header query]`],
  ])('%j with %j: %s', (more, authParams, expected) => {
    expect(refusal({ type: 'prometheus', metadata: { ...metadata, ...more } }, { authParams })).toBe(
      expected,
    );
  });

  it('does not go with a pod identity', () => {
    const context = { podIdentity: 'aws', authParams: { token: 't' } };
    expect(refusal({ type: 'prometheus', metadata: { ...metadata, authModes: 'bearer' } }, context)).toBe(
      'error parsing prometheus metadata: pod identity cannot be enabled with other auth types',
    );
  });

  it.each([
    ['30s', 30_000],
    ['500', 500],
    ['', 0],
  ])('reads the timeout %j as %d ms', (timeout, timeoutMs) => {
    expect(parsedOf({ type: 'prometheus', metadata: { ...metadata, timeout } }).settings).toMatchObject({
      timeoutMs,
    });
  });

  it.each([
    ['-5s', 'duration cannot be negative: "-5s"'],
    ['-5', 'duration cannot be negative: -5 milliseconds'],
    [
      'soon',
      `unable to parse duration value "soon": must be either a duration string (e.g. '30s', '5m') or a number of milliseconds`,
    ],
  ])('refuses the timeout %j', (timeout, message) => {
    expect(refusal({ type: 'prometheus', metadata: { ...metadata, timeout } })).toBe(
      `${both}unable to set param "timeout" value "${timeout}": ${message}`,
    );
  });
});

describe('prometheus answers of another shape', () => {
  const parsed = parsedOf({
    type: 'prometheus',
    metadata: { serverAddress: 'http://p', query: 'q', threshold: '5' },
  });
  it.each([
    ['[]', 'json: cannot unmarshal array into answer, which is an object'],
    ['{"status":5}', 'json: cannot unmarshal number into status, which is a string'],
    ['{"data":5}', 'json: cannot unmarshal number into data, which is an object'],
    ['{"data":{"result":[1,"2"]}}', 'json: cannot unmarshal number into data.result[], which is an object'],
    ['{"data":{"result":{}}}', 'json: cannot unmarshal object into data.result, which is a list'],
    [
      '{"data":{"result":[{"metric":5}]}}',
      'json: cannot unmarshal number into data.result[].metric, which is an object',
    ],
    ['{"data":{"result":[{"value":[1,5]}]}}', 'prometheus answered a number where a value is a string'],
  ])('%s: %s', (body, message) => {
    const result = trigger.evaluate(parsed, null, { kind: 'http', status: 200, body }, 0);
    expect(result).toMatchObject({ ok: false, message });
  });

  it('finds fields whatever their case', () => {
    const body = '{"Data":{"RESULT":[{"Value":[1,"7"]}]}}';
    expect(trigger.evaluate(parsed, null, { kind: 'http', status: 200, body }, 0)).toMatchObject({
      metrics: [{ valueMilli: 7000 }],
      isActive: true,
      how: 'query result 7',
    });
  });
});

describe('all triggers', () => {
  it('refuses a type it does not know', () => {
    expect(trigger.parse({ type: 'rabbitmq' })).toEqual({
      ok: false,
      code: 'UnknownTrigger',
      message: 'no scaler found for type: rabbitmq',
    });
  });

  it('tells a wrong observation from a failing source', () => {
    const parsed = parsedOf({
      type: 'prometheus',
      metadata: { serverAddress: 'http://p', query: 'q', threshold: '5' },
    });
    expect(trigger.evaluate(parsed, null, { kind: 'clock' }, 0)).toMatchObject({
      ok: false,
      code: 'WrongObservation',
    });
    expect(trigger.evaluate(parsed, null, { kind: 'unreachable', message: 'refused' }, 0)).toMatchObject({
      ok: false,
      code: 'SourceFailed',
      message: 'refused',
    });
  });

  it('leaves cpu and memory to the HPA', () => {
    const parsed = parsedOf({ type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } });
    expect(trigger.evaluate(parsed, null, { kind: 'clock' }, 0)).toMatchObject({
      ok: true,
      metrics: [],
      isActive: true,
    });
  });
});

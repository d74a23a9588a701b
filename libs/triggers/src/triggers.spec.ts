import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeKubeClient } from '@scalelab/kube/testing';
import type { KubeObject } from '@scalelab/kube';
import { trigger, type ParsedTrigger, type TriggerContext, type TriggerManifest } from '@scalelab/scaling';
import { TriggerSources, type TriggerSourcesOptions } from '.';

const nobody = { load: () => undefined };

function parse(manifest: TriggerManifest, context: TriggerContext = {}): ParsedTrigger {
  const parsed = trigger.parse(manifest, context);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed;
}

const opened: TriggerSources[] = [];
function sources(options: Partial<TriggerSourcesOptions> = {}): TriggerSources {
  const made = new TriggerSources({ kube: new FakeKubeClient(), interceptors: nobody, ...options });
  opened.push(made);
  return made;
}

async function observe(
  manifest: TriggerManifest,
  options: Partial<TriggerSourcesOptions> = {},
  context: TriggerContext = {},
) {
  const parsed = parse(manifest, context);
  return sources(options).observe({ parsed, context, namespace: 'shop', metadata: manifest.metadata ?? {} });
}

let server: Server;
let requests: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  requests = [];
  answer = (_, response) => response.end('ok');
});
afterEach(() => Promise.all(opened.splice(0).map((s) => s.close())));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

describe('prometheus', () => {
  const metadata = {
    serverAddress: 'http://prom.monitoring:9090',
    query: 'sum(rate(a[1m]))',
    threshold: '5',
  };
  const here = { resolveAddress: () => ({ host: '127.0.0.1', port: Number(new URL(base).port) }) };

  it('asks an instant query where the address is really reached, under the name of the manifest', async () => {
    answer = (_, response) => response.end('{"status":"success"}');
    const asked: unknown[] = [];
    const observation = await observe(
      {
        type: 'prometheus',
        metadata: { ...metadata, customHeaders: 'X-Tenant=a', queryParameters: 'dedup=true' },
      },
      {
        now: () => new Date(1_700_000_000_000),
        resolveAddress: (address, namespace) => {
          asked.push([address, namespace]);
          return here.resolveAddress();
        },
      },
    );
    expect(observation).toEqual({ kind: 'http', status: 200, body: '{"status":"success"}' });
    expect(asked).toEqual([[{ host: 'prom.monitoring', port: 9090 }, 'shop']]);
    const url = new URL(requests[0]?.url ?? '', 'http://x');
    expect(url.pathname).toBe('/api/v1/query');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      query: 'sum(rate(a[1m]))',
      time: '2023-11-14T22:13:20.000Z',
      dedup: 'true',
    });
    expect(requests[0]?.headers).toMatchObject({ host: 'prom.monitoring:9090', 'x-tenant': 'a' });
  });

  it('passes on a refusal with its status', async () => {
    answer = (_, response) => response.writeHead(422).end('bad query');
    expect(await observe({ type: 'prometheus', metadata }, here)).toEqual({
      kind: 'http',
      status: 422,
      body: 'bad query',
    });
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['bearer', { bearerToken: 'abc' }, { authorization: 'Bearer abc' }],
    [
      'basic',
      { username: 'u', password: 'p' },
      { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` },
    ],
    ['custom', { customAuthHeader: 'X-Scope', customAuthValue: 'v' }, { 'x-scope': 'v' }],
  ])('sends credentials of mode %s', async (authModes, authParams, headers) => {
    await observe({ type: 'prometheus', metadata: { ...metadata, authModes } }, here, { authParams });
    expect(requests[0]?.headers).toMatchObject(headers);
  });

  it('is out of reach when nobody listens, and when the answer takes longer than the timeout', async () => {
    const closed = await observe(
      { type: 'prometheus', metadata },
      { resolveAddress: () => ({ host: '127.0.0.1', port: 1 }) },
    );
    expect(closed).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });
    answer = () => undefined;
    const slow = await observe({ type: 'prometheus', metadata: { ...metadata, timeout: '50ms' } }, here);
    expect(slow).toEqual({
      kind: 'unreachable',
      message: 'GET http://prom.monitoring:9090/api/v1/query: no answer within 50 ms',
    });
  });

  it('is out of reach when the answer breaks off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    };
    expect(await observe({ type: 'prometheus', metadata }, here)).toMatchObject({ kind: 'unreachable' });
  });
});

describe('metrics-api', () => {
  const metadata = { url: 'http://127.0.0.1/', valueLocation: 'a', targetValue: '1' };

  it('asks one URL, with an API key in the header or the query', async () => {
    const url = `${base}/stats?x=1`;
    expect(await observe({ type: 'metrics-api', metadata: { ...metadata, url } })).toEqual({
      kind: 'http',
      status: 200,
      body: 'ok',
    });
    expect(requests[0]?.url).toBe('/stats?x=1');
    const authParams = { apiKey: 'k' };
    await observe(
      { type: 'metrics-api', metadata: { ...metadata, url, authMode: 'apiKey' } },
      {},
      { authParams },
    );
    expect(requests[1]?.headers['x-api-key']).toBe('k');
    await observe(
      { type: 'metrics-api', metadata: { ...metadata, url, authMode: 'apiKey', method: 'query' } },
      {},
      { authParams },
    );
    expect(requests[2]?.url).toBe('/stats?x=1&api_key=k');
  });

  it('asks every ready endpoint of the Service and tells which did not answer', async () => {
    const slice = (name: string, port: number, endpoints: object[]): KubeObject => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, namespace: 'other', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ port }],
      endpoints,
    });
    const kube = new FakeKubeClient([
      slice('a', Number(new URL(base).port), [
        { addresses: ['127.0.0.1'] },
        { addresses: ['127.0.0.9'], conditions: { ready: false } },
      ]),
      slice('b', 1, [{ addresses: ['127.0.0.1'], conditions: { ready: true } }]),
    ]);
    const observation = await observe(
      {
        type: 'metrics-api',
        metadata: {
          ...metadata,
          url: 'http://web.other.svc/stats',
          aggregateFromKubeServiceEndpoints: 'true',
        },
      },
      { kube },
    );
    expect(observation).toEqual({
      kind: 'endpoints',
      answers: [
        { kind: 'http', status: 200, body: 'ok' },
        { kind: 'unreachable', message: expect.stringContaining('ECONNREFUSED') },
      ],
    });
  });
});

describe('aws-sqs-queue', () => {
  const metadata = {
    queueURL: 'http://emulators.emulators:4566/000000000000/q',
    awsRegion: 'eu-west-1',
    awsEndpoint: 'http://emulators.emulators:4566',
  };

  it('reads the attributes with the keys of the authentication, one client an endpoint and key', async () => {
    const settings: unknown[] = [];
    const urls: string[] = [];
    const made = sources({
      resolveAddress: ({ port }) => ({ host: '127.0.7.7', port }),
      openQueueReader: (given) => {
        settings.push(given);
        return {
          attributes: (url) => {
            urls.push(url);
            return Promise.resolve({ ApproximateNumberOfMessages: '7' });
          },
        };
      },
    });
    const context = { authParams: { awsAccessKeyID: 'id', awsSecretAccessKey: 'secret' } };
    const question = {
      parsed: parse({ type: 'aws-sqs-queue', metadata }, context),
      context,
      namespace: 'shop',
      metadata,
    };
    expect(await made.observe(question)).toEqual({
      kind: 'sqs',
      attributes: { ApproximateNumberOfMessages: '7' },
    });
    await made.observe(question);
    expect(settings).toEqual([
      {
        region: 'eu-west-1',
        endpoint: 'http://127.0.7.7:4566',
        credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      },
    ]);
    expect(urls).toEqual([metadata.queueURL, metadata.queueURL]);
  });

  it('takes the keys from the container that the metadata name', async () => {
    const settings: unknown[] = [];
    const env = { KEY: 'id', SECRET: 'secret' };
    await observe(
      {
        type: 'aws-sqs-queue',
        metadata: { ...metadata, awsAccessKeyIDFromEnv: 'KEY', awsSecretAccessKeyFromEnv: 'SECRET' },
      },
      { openQueueReader: (given) => (settings.push(given), { attributes: () => Promise.resolve({}) }) },
      { env },
    );
    expect(settings).toMatchObject([{ credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } }]);
  });

  it('is out of reach when the call fails, or never ends', async () => {
    const context = { podIdentity: 'aws' };
    const failing = {
      openQueueReader: () => ({ attributes: () => Promise.reject(new Error('no such queue')) }),
    };
    expect(await observe({ type: 'aws-sqs-queue', metadata }, failing, context)).toEqual({
      kind: 'unreachable',
      message: 'no such queue',
    });
    const hanging = {
      timeoutMs: 20,
      openQueueReader: () => ({ attributes: () => new Promise<never>(() => undefined) }),
    };
    expect(await observe({ type: 'aws-sqs-queue', metadata }, hanging, context)).toEqual({
      kind: 'unreachable',
      message: 'aws-sqs-queue: no answer within 20 ms',
    });
  });
});

describe('kafka', () => {
  const metadata = { bootstrapServers: 'a:9092,b:9093', consumerGroup: 'g', topic: 't' };

  it('reads offsets at the resolved brokers; nothing committed is -1 for every partition', async () => {
    const calls: unknown[] = [];
    const observation = await observe(
      { type: 'kafka', metadata },
      {
        resolveAddress: ({ host, port }) => ({ host: `${host}.local`, port }),
        openOffsetsReader: (brokers) => ({
          groupOffsets: (group, topics) => {
            calls.push([brokers, group, topics]);
            return Promise.resolve({ latest: { t: [5, 7, 9] }, committed: { t: [3] } });
          },
          close: () => Promise.resolve(),
        }),
      },
    );
    expect(calls).toEqual([[['a.local:9092', 'b.local:9093'], 'g', ['t']]]);
    expect(observation).toEqual({ kind: 'kafka', latest: { t: [5, 7, 9] }, committed: { t: [3, -1, -1] } });
  });

  it('asks for the topics of the group when the metadata name none, and closes its clients', async () => {
    let closed = 0;
    const topics: unknown[] = [];
    const made = sources({
      openOffsetsReader: () => ({
        groupOffsets: (_, given) => (topics.push(given), Promise.resolve({ latest: {}, committed: {} })),
        close: () => (closed++, Promise.resolve()),
      }),
    });
    const given = { bootstrapServers: 'a:9092', consumerGroup: 'g' };
    await made.observe({
      parsed: parse({ type: 'kafka', metadata: given }),
      context: {},
      namespace: 'shop',
      metadata: given,
    });
    await made.close();
    expect(topics).toEqual([undefined]);
    expect(closed).toBe(1);
  });

  it('is out of reach with SASL or TLS, rather than asked in the clear', async () => {
    const tls = await observe({ type: 'kafka', metadata: { ...metadata, tls: 'enable' } });
    expect(tls).toEqual({ kind: 'unreachable', message: 'kafka: TLS is not supported here' });
    const authParams = { username: 'u', password: 'p' };
    const sasl = await observe(
      { type: 'kafka', metadata: { ...metadata, sasl: 'plaintext' } },
      {},
      { authParams },
    );
    expect(sasl).toEqual({ kind: 'unreachable', message: 'kafka: SASL (plaintext) is not supported here' });
  });

  it('is out of reach for a broker address that is none', async () => {
    expect(await observe({ type: 'kafka', metadata: { ...metadata, bootstrapServers: 'nowhere' } })).toEqual({
      kind: 'unreachable',
      message: 'expected host:port, got "nowhere"',
    });
  });
});

describe('the triggers inside the cluster', () => {
  it('lists the pods of the namespace for kubernetes-workload', async () => {
    const pod = (name: string, namespace: string, phase?: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: name } },
      ...(phase ? { status: { phase } } : {}),
    });
    const kube = new FakeKubeClient([
      pod('a', 'shop', 'Running'),
      pod('b', 'shop'),
      pod('c', 'other', 'Running'),
    ]);
    const observation = await observe(
      { type: 'kubernetes-workload', metadata: { podSelector: 'app=a', value: '1' } },
      { kube },
    );
    expect(observation).toEqual({
      kind: 'pods',
      pods: [
        { labels: { app: 'a' }, phase: 'Running' },
        { labels: { app: 'b' }, phase: 'Pending' },
      ],
    });
  });

  it('asks the scaler of the interceptors for the route', async () => {
    const context = { interceptorRoute: { requestRate: { targetValue: 20 } } };
    const manifest = {
      type: 'external-push',
      metadata: { scalerAddress: 'scaler:9090', interceptorRoute: 'r' },
    };
    const interceptors = {
      load: (namespace: string, route: string) =>
        route === 'r' && namespace === 'shop' ? { concurrency: 2, requestRate: 8.5 } : undefined,
    };
    expect(await observe(manifest, { interceptors }, context)).toEqual({
      kind: 'interceptor',
      concurrency: 2,
      requestRate: 8.5,
    });
    expect(await observe(manifest, {}, context)).toEqual({
      kind: 'unreachable',
      message: 'no interceptor has answered for route shop/r yet',
    });
  });

  it.each<TriggerManifest>([
    {
      type: 'cron',
      metadata: { timezone: 'Etc/UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: '3' },
    },
    { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } },
    { type: 'memory', metricType: 'Utilization', metadata: { value: '60' } },
  ])('has nothing to ask for $type', async (manifest) => {
    expect(await observe(manifest)).toEqual({ kind: 'clock' });
  });
});

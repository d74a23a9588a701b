import { createQueuePort, ensureQueue, type QueuePort } from '@scalelab/aws';
import { startAwsEmulator, type AwsEmulator } from '@scalelab/aws-emulator';
import { startFaultProxy, type FaultProxy } from '@scalelab/aws-emulator/testing';
import { loadConfig } from '@scalelab/config';
import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createHealth, startService, type Running } from '@scalelab/service';
import { buildApp } from './app';
import { schema } from './config';
import { createIntake } from './intake';

let emulator: AwsEmulator;
let proxy: FaultProxy;
let queues: QueuePort & { close(): Promise<void> };
let queueUrl: string;
let running: Running;
let made = 0;

beforeAll(async () => {
  emulator = await startAwsEmulator({ port: 0 });
  proxy = await startFaultProxy({ target: emulator.url });
  queues = createQueuePort({
    endpoint: proxy.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});

afterAll(async () => {
  await queues.close();
  await proxy.close();
  await emulator.close();
});

beforeEach(async () => {
  proxy.heal();
  queueUrl = (await ensureQueue(queues, { name: `api-${(made += 1)}` })).url;
  running = await start({}, queueUrl);
});

afterEach(async () => void (await running.stop('test is over')));

async function start(env: Record<string, string>, url: string | undefined): Promise<Running> {
  const config = loadConfig(schema, env);
  const logger = createLogger({ name: 'sqs-worker-api', level: 'silent' });
  const metrics = createMetrics({ service: 'sqs-worker-api', defaults: false });
  const intake = createIntake({ config, queues, metrics });
  if (url) intake.open(url);
  const app = buildApp({
    logger,
    metrics,
    health: createHealth(),
    intake,
    bodyLimit: config.BODY_LIMIT_BYTES,
  });
  const phases = ['http', { name: 'intake', run: () => intake.close() }] as const;
  return startService({ app, port: 0, lingerMs: 0, phases });
}

function post(path: string, body: unknown, headers: Record<string, string> = {}, to = running) {
  return fetch(to.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function received() {
  const messages = [];
  for (;;) {
    const some = await queues.receive({ queueUrl, max: 10, waitSeconds: 0, visibilitySeconds: 60 });
    if (some.length === 0) return messages;
    messages.push(...some);
  }
}

describe('POST /process_message', () => {
  it('puts the object on the queue unchanged and answers the id that its effect will have', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await post('/process_message', { order: 7, nested: { a: [1] } }, { traceparent });
    expect(answer.status).toBe(202);
    const { messageId } = (await answer.json()) as { messageId: string };
    const [message, ...more] = await received();
    expect(more).toEqual([]);
    expect(JSON.parse(message!.body)).toEqual({ order: 7, nested: { a: [1] } });
    expect(message!.attributes.id).toBe(messageId);
    expect(message!.attributes.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  });

  it('takes the id of a caller who repeats himself', async () => {
    const first = await post('/process_message', {}, { 'idempotency-key': 'order-7' });
    const second = await post('/process_message', {}, { 'idempotency-key': 'order-7' });
    expect([await first.json(), await second.json()]).toEqual([
      { messageId: 'order-7' },
      { messageId: 'order-7' },
    ]);
    const bad = await post('/process_message', {}, { 'idempotency-key': 'a b' });
    expect(bad.status).toBe(400);
  });

  it('shares calls to the queue among callers', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => post('/process_message', { n })));
    const ids = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { messageId: string }).messageId),
    );
    expect(new Set(ids).size).toBe(100);
    expect((await received()).map(({ attributes }) => attributes.id).sort()).toEqual(ids.sort());
    const calls = proxy.of('SendMessageBatch').filter(({ body }) => body.QueueUrl === queueUrl);
    expect(calls.length).toBeLessThan(60);
  });

  it.each([
    ['[1]', 'body is an array, allowed: a JSON object'],
    ['[]', 'body is an array, allowed: a JSON object'],
  ])('refuses %s', async (body, detail) => {
    const answer = await post('/process_message', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'BadRequest', detail });
  });

  it.each([
    ['{"a":', 400, 'BadJson'],
    ['"text"', 400, 'BadJson'],
  ])('refuses %s as no JSON object or array', async (body, status, code) => {
    const answer = await post('/process_message', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code });
  });

  it('refuses a missing body and another content type', async () => {
    const none = await fetch(`${running.url}/process_message`, { method: 'POST' });
    expect([none.status, ((await none.json()) as { detail: string }).detail]).toEqual([
      400,
      'body is missing, allowed: a JSON object',
    ]);
    const text = await post('/process_message', '{}', { 'content-type': 'text/plain' });
    expect(text.status).toBe(415);
  });

  it('refuses a message that the queue cannot hold', async () => {
    const answer = await post('/process_message', { text: 'x'.repeat(262_144) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'MessageTooLarge' });
  });

  it('says 503 when the queue does not take the message, and works again afterwards', async () => {
    proxy.inject({ operation: 'SendMessageBatch', fault: { kind: 'failedEntries' } });
    const answer = await post('/process_message', { n: 1 });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: 'Unavailable',
      detail: 'the queue did not take the message; try again',
    });
    proxy.heal();
    expect((await post('/process_message', { n: 2 })).status).toBe(202);
  });

  it('says 503 before the queue is found and when too many messages wait', async () => {
    const early = await start({}, undefined);
    expect((await post('/process_message', {}, {}, early)).status).toBe(503);
    await early.stop('done');
    const narrow = await start({ MAX_PENDING: '1', SEND_LINGER_MS: '200' }, queueUrl);
    const answers = await Promise.all([
      post('/process_message', {}, {}, narrow),
      post('/process_message', {}, {}, narrow),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 503]);
    await narrow.stop('done');
  });

  it('answers who is waiting before it stops', async () => {
    proxy.inject({ operation: 'SendMessageBatch', fault: { kind: 'latency', ms: 100 } });
    const waiting = post('/process_message', { last: true });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await running.stop('SIGTERM')).toBe(0);
    expect((await waiting).status).toBe(202);
    expect(await received()).toHaveLength(1);
  });
});

describe('POST /process_messages', () => {
  it('takes a thousand messages and answers their ids in order', async () => {
    const answer = await post(
      '/process_messages',
      Array.from({ length: 1_000 }, (_, n) => ({ n })),
    );
    expect(answer.status).toBe(202);
    const { messageIds } = (await answer.json()) as { messageIds: string[] };
    const byId = new Map(
      (await received()).map(({ attributes, body }) => [
        attributes.id,
        (JSON.parse(body) as { n: number }).n,
      ]),
    );
    expect(messageIds.map((id) => byId.get(id))).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });

  it.each([
    [[], 'body has 0 messages, allowed: 1 to 1000'],
    [Array.from({ length: 1_001 }, () => ({})), 'body has 1001 messages, allowed: 1 to 1000'],
    [{}, 'body is an object, allowed: an array of up to 1000 JSON objects'],
    [[{}, 5], 'body[1] is a number, allowed: a JSON object'],
    [[null], 'body[0] is null, allowed: a JSON object'],
  ])('refuses a wrong list and sends none of it', async (body, detail) => {
    const answer = await post('/process_messages', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail });
    expect(await received()).toEqual([]);
  });

  it('says what became of each when the queue takes only some', async () => {
    const answer = await post('/process_messages', [{ n: 0 }, { n: 1, text: 'x'.repeat(262_144) }, { n: 2 }]);
    expect(answer.status).toBe(207);
    expect(await answer.json()).toEqual({
      messageIds: [expect.any(String), null, expect.any(String)],
      errors: [expect.objectContaining({ index: 1, status: 413, code: 'MessageTooLarge' })],
    });
    expect(await received()).toHaveLength(2);
  });

  it('says 503 when the queue takes none', async () => {
    proxy.inject({ operation: 'SendMessageBatch', fault: { kind: 'serverError' } });
    expect((await post('/process_messages', [{}, {}])).status).toBe(503);
  });
});

describe('the other endpoints', () => {
  it('refuse another body size, method and path', async () => {
    const small = await start({ BODY_LIMIT_BYTES: '1024' }, queueUrl);
    expect((await post('/process_message', { text: 'x'.repeat(2_000) }, {}, small)).status).toBe(413);
    await small.stop('done');
    expect((await fetch(`${running.url}/process_message`)).status).toBe(404);
    expect((await fetch(`${running.url}/nothing`)).status).toBe(404);
  });

  it('count what was taken and refused', async () => {
    await post('/process_message', {});
    await post('/process_message', { text: 'x'.repeat(262_144) });
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    expect(metrics).toContain('sqs_worker_api_processed_total{outcome="accepted"} 1');
    expect(metrics).toContain('sqs_worker_api_processed_total{outcome="refused"} 1');
    expect(metrics).toContain('sqs_worker_api_in_flight 0');
    expect(metrics).toMatch(
      /http_request_duration_seconds_count\{route="\/process_message",method="POST",status="202"\} 1/,
    );
  });
});

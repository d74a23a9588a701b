import { loadConfig } from '@scalelab/config';
import { testDeps } from '@scalelab/service/testing';
import { waitFor } from '@scalelab/testing';
import request from 'supertest';
import { startService, type Running } from '@scalelab/service';
import { buildApp } from './app';
import { schema } from './config';

const services: Running[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop('test is over', 500)));
});

function build(greeting = 'Hello, Kubernetes with KEDA!') {
  const deps = testDeps('http-demo');
  return { ...deps, app: buildApp({ greeting, ...deps }) };
}

async function serve() {
  const built = build();
  const service = await startService({ app: built.app, port: 0, lingerMs: 0 });
  services.push(service);
  return { ...built, url: service.url };
}

describe('GET /', () => {
  it('answers the greeting and counts one operation', async () => {
    const { app, sample } = build();
    const answer = await request(app).get('/');
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('Hello, Kubernetes with KEDA!');
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(await sample('http_demo_request_operations_total')).toBe(1);
    expect(await sample('http_demo_request_duration_seconds_count')).toBe(1);
    expect(await sample('http_demo_processed_total{outcome="ok"}')).toBe(1);
    expect(await sample('http_demo_in_flight')).toBe(0);
  });

  it('answers another greeting when told to, of any script', async () => {
    const { app } = build('Grüße, 世界!');
    const answer = await request(app).get('/');
    expect(answer.text).toBe('Grüße, 世界!');
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength('Grüße, 世界!')));
  });

  it('has the counter from the start, so that increase() sees its first step', async () => {
    expect(await build().sample('http_demo_request_operations_total')).toBe(0);
  });

  it('does not count probes, scrapes, unknown paths and refused requests', async () => {
    const { app, sample } = build();
    for (const path of ['/livez', '/readyz', '/health', '/metrics', '/nope', '/?delay=x'])
      await request(app).get(path);
    await request(app).post('/').send({});
    expect(await sample('http_demo_request_operations_total')).toBe(0);
  });

  it('has buckets at 1, 2, 5, 6 and 10 seconds', async () => {
    const { app } = build();
    const { text } = await request(app).get('/metrics');
    for (const bound of ['1', '2', '5', '6', '10']) {
      expect(text).toContain(`http_demo_request_duration_seconds_bucket{le="${bound}"} 0`);
    }
  });
});

describe('?delay=', () => {
  it('answers that much later and counts it at its beginning', async () => {
    const { url, sample } = await serve();
    const begin = performance.now();
    const answer = fetch(`${url}/?delay=250`);
    await waitFor(async () => (await sample('http_demo_in_flight')) === 1);
    expect(await sample('http_demo_request_operations_total')).toBe(1);
    expect(await (await answer).text()).toBe('Hello, Kubernetes with KEDA!');
    expect(performance.now() - begin).toBeGreaterThanOrEqual(249);
    expect(await sample('http_demo_request_duration_seconds_bucket{le="0.1"}')).toBe(0);
    expect(await sample('http_demo_request_duration_seconds_bucket{le="5"}')).toBe(1);
  });

  it('ends early when the client leaves, as a failed operation', async () => {
    const { url, sample } = await serve();
    const leave = new AbortController();
    const answer = fetch(`${url}/?delay=60000`, { signal: leave.signal });
    await waitFor(async () => (await sample('http_demo_in_flight')) === 1);
    leave.abort();
    await expect(answer).rejects.toThrow();
    await waitFor(async () => (await sample('http_demo_in_flight')) === 0);
    expect(await sample('http_demo_processed_total{outcome="failed"}')).toBe(1);
  });
});

describe('?cpu=', () => {
  it('burns that much CPU time of this process', async () => {
    const { url } = await serve();
    const before = process.cpuUsage();
    await (await fetch(`${url}/?cpu=200`)).text();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeGreaterThanOrEqual(195);
  });

  it('lets probes through meanwhile', async () => {
    const { url } = await serve();
    let done = false;
    const burning = fetch(`${url}/?cpu=400`).then(() => (done = true));
    let probes = 0;
    while (!done && probes < 3) {
      expect((await fetch(`${url}/livez`)).status).toBe(200);
      if (!done) probes++;
    }
    expect(probes).toBe(3);
    await burning;
  });

  it('adds to a delay', async () => {
    const { url } = await serve();
    const begin = performance.now();
    await (await fetch(`${url}/?delay=60&cpu=60`)).text();
    expect(performance.now() - begin).toBeGreaterThanOrEqual(115);
  });
});

describe('?status=', () => {
  it.each([
    [201, 'ok', 'Hello, Kubernetes with KEDA!'],
    [404, 'ok', '404 Not Found, as asked\n'],
    [503, 'failed', '503 Service Unavailable, as asked\n'],
  ])('answers %d and counts it as %s', async (status, outcome, text) => {
    const { app, sample } = build();
    const answer = await request(app).get(`/?status=${status}`);
    expect(answer.status).toBe(status);
    expect(answer.text).toBe(text);
    expect(await sample(`http_demo_processed_total{outcome="${outcome}"}`)).toBe(1);
    expect(await sample('http_demo_request_operations_total')).toBe(1);
  });

  it('answers 204 and 304 without a body', async () => {
    const { app } = build();
    expect((await request(app).get('/?status=204')).text).toBe('');
    expect((await request(app).get('/?status=304')).status).toBe(304);
  });
});

describe('a query that is not allowed', () => {
  it.each([
    ['delay=x', 'delay', 'given text, allowed: an integer of milliseconds from 0 to 60000'],
    ['delay=', 'delay', 'given nothing, allowed: an integer of milliseconds from 0 to 60000'],
    ['delay=-5', 'delay', 'given a negative integer, allowed: an integer of milliseconds from 0 to 60000'],
    ['cpu=1.5', 'cpu', 'given a fraction, allowed: an integer of milliseconds from 0 to 60000'],
    [
      'cpu=60001',
      'cpu',
      'given an integer out of range, allowed: an integer of milliseconds from 0 to 60000',
    ],
    ['status=199', 'status', 'given an integer out of range, allowed: an HTTP status from 200 to 599'],
    ['status=1e2', 'status', 'given text, allowed: an HTTP status from 200 to 599'],
    ['sleep=5', 'sleep', 'no such parameter, allowed: delay, cpu, status'],
    ['__proto__=5', '__proto__', 'no such parameter, allowed: delay, cpu, status'],
    ['cpu=1&cpu=2', 'cpu', 'given more than once, allowed: once'],
  ])('is refused: ?%s', async (query, field, detail) => {
    const { app } = build();
    const answer = await request(app).get(`/?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      code: 'BadRequest',
      detail: `${field}: ${detail}`,
      errors: [{ field, detail }],
    });
  });

  it('has all its faults named at once', async () => {
    const answer = await request(build().app).get('/?delay=x&status=0&foo=1');
    expect((answer.body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual([
      'delay',
      'status',
      'foo',
    ]);
  });
});

describe('settings', () => {
  it('have defaults', () => {
    expect(loadConfig(schema, {})).toEqual({
      PORT: 8080,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      START_DELAY_MS: 0,
      SHUTDOWN_GRACE_MS: 25_000,
      GREETING: 'Hello, Kubernetes with KEDA!',
    });
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['HOST', 'no host'],
    ['LOG_LEVEL', 'verbose'],
    ['START_DELAY_MS', '-1'],
    ['START_DELAY_MS', '600001'],
    ['SHUTDOWN_GRACE_MS', '99'],
  ])('refuse %s=%s', (key, value) => {
    expect(() => loadConfig(schema, { [key]: value })).toThrow(`${key}: given`);
  });
});

import { connect } from 'node:net';
import { AppError } from '@scalelab/errors';
import { waitFor } from '@scalelab/testing';
import request from 'supertest';
import { createApp, type App, type AppOptions } from './app';
import { textReply } from './reply';
import { contextOf } from './request-context';
import { startService, type Running } from './start-service';
import { testDeps } from './testing';

const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const services: Running[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop('test is over', 500)));
});

async function serve(app: App): Promise<Running> {
  const service = await startService({ app, port: 0, lingerMs: 0 });
  services.push(service);
  return service;
}

function build(options: Partial<AppOptions> = {}) {
  const deps = testDeps('some-service');
  const app = createApp({
    ...deps,
    bodyLimit: 1000,
    hot: {
      '/hot': () => textReply('hot'),
      '/hot/late': async ({ query }) => textReply(`late ${query}`),
      '/hot/refuse': () => {
        throw new AppError('BadRequest', 'no', {
          fields: [{ field: 'a', detail: 'given text, allowed: b' }],
        });
      },
      '/hot/broken': () => Promise.reject(new Error('secret detail')),
    },
    routes: (router) => {
      router.post('/echo', (req, res) => void res.json(req.body as unknown));
      router.get('/items/:id', (req, res) => void res.json({ id: req.params.id }));
      router.get('/forward', (req, res) => void res.json(contextOf(req).forwardHeaders()));
      router.get('/broken', async () => {
        await Promise.resolve();
        throw new Error('secret detail');
      });
      router.get('/half', (_req, res) => {
        res.write('begun');
        throw new Error('too late');
      });
    },
    ...options,
  });
  return { ...deps, app };
}

describe.each(['/hot', '/items/7'])('a request to %s', (path) => {
  it('returns the request id it was given', async () => {
    const { app } = build();
    const answer = await request(app).get(path).set('X-Request-Id', 'order:42/a.b');
    expect(answer.status).toBe(200);
    expect(answer.headers['x-request-id']).toBe('order:42/a.b');
  });

  it.each([['has spaces in it'], ['quote"'], ['x'.repeat(129)], [' ']])(
    'replaces the request id %j by one of its own',
    async (given) => {
      const { app } = build();
      const answer = await request(app).get(path).set('x-request-id', given);
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    },
  );

  it('gives every request an id of its own', async () => {
    const { app } = build();
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await request(app).get(path)).headers['x-request-id']),
    );
    expect(new Set(ids).size).toBe(20);
  });

  it('writes one access-log line with id, trace, route and status, and no query', async () => {
    const { app, logs } = build();
    await request(app).get(`${path}?key=hunter2`).set('traceparent', trace).set('x-request-id', 'r-1');
    await waitFor(() => logs.of('request').length === 1);
    expect(logs.of('request')[0]).toMatchObject({
      level: 'info',
      service: 'some-service',
      requestId: 'r-1',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      method: 'GET',
      path,
      route: path === '/hot' ? '/hot' : '/items/:id',
      status: 200,
      ms: expect.any(Number),
    });
    expect(JSON.stringify(logs.lines())).not.toContain('hunter2');
  });

  it('is counted under its route template', async () => {
    const { app, sample } = build();
    await request(app).get(path);
    const route = path === '/hot' ? '/hot' : '/items/:id';
    const name = `http_request_duration_seconds_count{route="${route}",method="GET",status="200"}`;
    expect(await waitFor(() => sample(name))).toBe(1);
  });

  it('has neither etag nor x-powered-by', async () => {
    const { headers } = await request(build().app).get(path);
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('hot routes', () => {
  it('answer late and with their query', async () => {
    expect((await request(build().app).get('/hot/late?a=1')).text).toBe('late a=1');
  });

  it('answer HEAD without a body', async () => {
    const answer = await request(build().app).head('/hot');
    expect(answer.headers['content-length']).toBe('3');
    expect(answer.text).toBeUndefined();
  });

  it('turn errors into problems', async () => {
    const answer = await request(build().app).get('/hot/refuse').set('x-request-id', 'r-2');
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'no',
      code: 'BadRequest',
      instance: '/hot/refuse',
      errors: [{ field: 'a', detail: 'given text, allowed: b' }],
      requestId: 'r-2',
    });
  });

  it('refuse other methods and say which are allowed', async () => {
    const answer = await request(build().app).delete('/hot');
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
    expect(answer.body).toMatchObject({ code: 'MethodNotAllowed' });
  });

  it('tell their handler when the client leaves, and log 499', async () => {
    let aborted = false;
    const { app, logs } = build({
      hot: {
        '/wait': ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              aborted = true;
              reject(new Error('gone'));
            });
          }),
      },
    });
    const service = await serve(app);
    const socket = connect(service.port, '127.0.0.1', () =>
      socket.write('GET /wait HTTP/1.1\r\nhost: a\r\n\r\n'),
    );
    await waitFor(async () => (await request(service.url).get('/readyz')).status === 200);
    socket.destroy();
    await waitFor(() => aborted);
    await waitFor(() => logs.of('request').some(({ status }) => status === 499));
  });
});

describe('bodies', () => {
  const post = (body: string, type?: string) => {
    const call = request(build().app).post('/echo');
    return (type === undefined ? call : call.set('content-type', type)).send(body);
  };

  it('are parsed as JSON', async () => {
    expect((await post('{"a":[1]}', 'application/json')).body).toEqual({ a: [1] });
    expect((await post('[]', 'application/cloudevents+json; charset=utf-8')).body).toEqual([]);
  });

  it.each([
    ['not JSON', '{"a":', 'application/json', 400, 'BadJson'],
    ['a bare value', '5', 'application/json', 400, 'BadJson'],
    ['too large', JSON.stringify('x'.repeat(2000)), 'application/json', 413, 'BodyTooLarge'],
    ['of another type', 'a=1', 'application/x-www-form-urlencoded', 415, 'UnsupportedMediaType'],
    ['of a type that only begins like JSON', '{}', 'application/jsonp', 415, 'UnsupportedMediaType'],
    ['in another charset', '{}', 'application/json; charset=latin9', 415, 'UnsupportedMediaType'],
  ])('that are %s are refused', async (_what, body, type, status, code) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, code, instance: '/echo' });
  });

  it('that are compressed in an unknown way are refused', async () => {
    const answer = await request(build().app)
      .post('/echo')
      .set('content-type', 'application/json')
      .set('content-encoding', 'rot13')
      .send('{}');
    expect(answer.status).toBe(415);
    expect(answer.body).toMatchObject({
      detail: 'content-encoding: gzip, deflate, br and identity are allowed',
    });
  });

  it('name the limit they broke', async () => {
    const answer = await post(JSON.stringify(['x'.repeat(2000)]), 'application/json');
    expect((answer.body as { detail: string }).detail).toBe('the body is larger than allowed (1000 bytes)');
  });
});

describe('errors', () => {
  it.each(['/nothing', '/hot/nothing', '/items'])('answer 404 for %s', async (path) => {
    const answer = await request(build().app).get(path);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      code: 'NotFound',
      detail: `there is no GET ${path} here`,
      instance: path,
    });
  });

  it('count unknown paths under one label', async () => {
    const { app, sample } = build();
    await request(app).get('/a1');
    await request(app).get('/a2');
    const name = 'http_request_duration_seconds_count{route="(unmatched)",method="GET",status="404"}';
    await waitFor(async () => (await sample(name)) === 2);
  });

  it('answer 400 for a path that cannot be decoded', async () => {
    const answer = await request(build().app).get('/items/%zz');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'BadRequest' });
  });

  it.each(['/broken', '/hot/broken'])(
    'hide what broke in %s and log it under the request id',
    async (path) => {
      const { app, logs } = build();
      const answer = await request(app).get(path).set('x-request-id', 'r-3');
      expect(answer.status).toBe(500);
      expect(answer.body).toMatchObject({ code: 'Internal', requestId: 'r-3' });
      expect(answer.text).not.toContain('secret detail');
      const [line] = logs.of('request failed');
      expect(line).toMatchObject({ level: 'error', requestId: 'r-3', err: { message: 'secret detail' } });
      expect((line as { err: { stack: string } }).err.stack).toContain('app.spec');
    },
  );

  it('cut the connection when the answer has already begun', async () => {
    const { app, logs } = build();
    await expect(request(app).get('/half')).rejects.toThrow(/aborted|hang up/);
    expect(logs.of('request failed after its answer had begun')).toHaveLength(1);
  });

  it('answer what is not HTTP with a problem and close', async () => {
    const service = await serve(build().app);
    let text = '';
    const socket = connect(service.port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    socket.on('data', (chunk) => (text += chunk.toString()));
    await waitFor(() => socket.destroyed || socket.readableEnded);
    expect(text).toMatch(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/problem\+json/);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ status: 400 });
  });
});

describe('traces', () => {
  it('are passed on with a span of their own', async () => {
    const answer = await request(build().app)
      .get('/forward')
      .set('traceparent', trace)
      .set('tracestate', 'vendor=1')
      .set('x-request-id', 'r-4');
    const sent = answer.body as Record<string, string>;
    expect(sent.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(sent.traceparent).not.toContain('b7ad6b7169203331');
    expect(sent).toMatchObject({ tracestate: 'vendor=1', 'x-request-id': 'r-4' });
  });

  it('begin here when the caller has none', async () => {
    const answer = await request(build().app).get('/forward');
    const sent = answer.body as Record<string, string>;
    expect(sent.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(sent.traceparent).toContain(answer.headers['x-request-id']);
  });
});

describe('probes', () => {
  it('are neither logged nor counted', async () => {
    const { app, logs, metrics } = build();
    for (const path of ['/livez', '/readyz', '/health', '/metrics']) await request(app).get(path);
    expect(logs.of('request')).toEqual([]);
    expect(await metrics.registry.metrics()).not.toContain('http_request_duration_seconds_count');
  });

  it('say why the service is not ready, and stay alive meanwhile', async () => {
    const { app, health } = build();
    const joined = health.startupCondition('consumer-group');
    expect((await request(app).get('/readyz')).body).toEqual({
      status: 'unavailable',
      failing: [
        { name: 'listening', reason: 'has not happened yet' },
        { name: 'consumer-group', reason: 'has not happened yet' },
      ],
    });
    health.markListening();
    joined();
    expect((await request(app).get('/readyz')).status).toBe(200);
    health.startDraining();
    expect((await request(app).get('/readyz')).status).toBe(503);
    expect((await request(app).get('/livez')).body).toEqual({ status: 'alive' });
  });

  it('fail liveness with the reason of its check', async () => {
    const { app, health } = build();
    let dead = false;
    health.liveCheck('consumer', () => (dead ? 'crashed without a restart' : true));
    expect((await request(app).get('/livez')).status).toBe(200);
    dead = true;
    const answer = await request(app).get('/livez');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({
      failing: [{ name: 'consumer', reason: 'crashed without a restart' }],
    });
  });

  it('count a check that throws as failed', async () => {
    const { app, health } = build();
    health.readyCheck('cache', () => {
      throw new Error('no cache');
    });
    expect((await request(app).get('/readyz')).text).toContain('no cache');
  });

  it('summarise health', async () => {
    const { app, health } = build();
    health.markListening();
    expect((await request(app).get('/health')).body).toMatchObject({
      status: 'ok',
      service: 'some-service',
      live: true,
      ready: true,
      draining: false,
    });
  });

  it('expose metrics in Prometheus text, draining among them', async () => {
    const { app, health } = build();
    const before = await request(app).get('/metrics');
    expect(before.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(before.text).toContain('some_service_draining 0');
    health.startDraining();
    expect((await request(app).get('/metrics')).text).toContain('some_service_draining 1');
  });

  it('refuse other methods', async () => {
    const answer = await request(build().app).post('/metrics');
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
  });
});

describe('logs', () => {
  it('keep a path with quotes as valid JSON', async () => {
    const { app, logs } = build();
    const service = await serve(app);
    const socket = connect(service.port, '127.0.0.1', () =>
      socket.write('GET /a"b\\c HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'),
    );
    await waitFor(() => logs.of('request').length > 0);
    expect(logs.of('request')[0]).toMatchObject({ path: '/a"b\\c', status: 404 });
    socket.destroy();
  });
});

import { createServer, Agent } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { waitFor } from '@scalelab/testing';
import { ProxyFixture, type Answer } from './testing/proxy-fixture';

let proxy: ProxyFixture;

beforeEach(async () => {
  proxy = new ProxyFixture();
  await proxy.start();
});

afterEach(() => proxy.stop());

const named = (name: string) => proxy.pod((_request, response) => response.end(name));
const viaRoute = { key: 'keda/proxy' };

describe('a Service', () => {
  test('spreads the requests of one keep-alive connection over its pods', async () => {
    await proxy.service([await named('a'), await named('b')]);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const bodies: string[] = [];
    for (let i = 0; i < 10; i++) bodies.push((await proxy.send('/', { agent })).body);
    agent.destroy();
    expect(bodies.filter((body) => body === 'a')).toHaveLength(5);
    expect(bodies.filter((body) => body === 'b')).toHaveLength(5);
  });

  test('gives new requests to the pod with fewer in flight', async () => {
    const held: (() => void)[] = [];
    const slow = await proxy.pod((_request, response) => held.push(() => response.end('slow')));
    await proxy.service([slow, await named('fast')]);
    const slowAnswers: Promise<Answer>[] = [];
    const answers: string[] = [];
    while (held.length === 0) {
      const answer = proxy.send('/');
      const first = await Promise.race([answer, waitFor(() => held.length > 0, { what: 'the slow pod' })]);
      if (first === true) slowAnswers.push(answer);
    }
    for (let i = 0; i < 6; i++) answers.push((await proxy.send('/')).body);
    expect(answers).toEqual(Array(6).fill('fast'));
    held[0]?.();
    expect((await slowAnswers[0])?.body).toBe('slow');
  });

  test('passes bodies of every framing both ways, byte for byte', async () => {
    const echo = await proxy.pod((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        if (request.url === '/close') response.shouldKeepAlive = false;
        if (request.url === '/length') response.setHeader('content-length', body.length);
        response.end(body);
      });
    });
    await proxy.service([echo]);
    const big = Buffer.alloc(3_000_000, 'abcdefghij').toString();
    for (const path of ['/length', '/chunked', '/close']) {
      for (const body of ['', 'x', big]) {
        const answer = await proxy.send(path, { method: 'POST', body });
        expect(answer.status).toBe(200);
        expect(answer.body === body).toBe(true);
      }
      const chunked = await proxy.send(path, {
        method: 'POST',
        body: big,
        headers: { 'transfer-encoding': 'chunked' },
      });
      expect(chunked.body === big).toBe(true);
    }
  });

  test('answers pipelined requests in order', async () => {
    const server = await proxy.pod((request, response) => {
      setTimeout(() => response.end(`<${request.url}>`), request.url === '/1' ? 30 : 0);
    });
    await proxy.service([server]);
    const socket = proxy.connect();
    const request = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
    socket.write(request('/1') + request('/2') + request('/3'));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    await waitFor(() => text.includes('</3>'), { what: 'three answers' });
    expect(text.match(/<.*?>/g)).toEqual(['</1>', '</2>', '</3>']);
    socket.destroy();
  });

  test('passes an upgraded connection on as it is', async () => {
    const server = await proxy.pod(() => undefined);
    server.server.on('upgrade', (_request, socket: Socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    await proxy.service([server]);
    const socket = proxy.connect();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    await waitFor(() => text.includes('101'), { what: 'the upgrade' });
    socket.write('hello');
    await waitFor(() => text.endsWith('hello'), { what: 'the echo' });
    socket.end();
    await once(socket, 'close');
  });

  test('goes to another pod when one refuses', async () => {
    await proxy.service([proxy.deadPod(), await named('alive')]);
    for (let i = 0; i < 6; i++)
      expect((await proxy.send('/', { method: 'POST', body: 'x' })).body).toBe('alive');
  });

  test('tells a client of a Service without pods so', async () => {
    await proxy.service([]);
    const answer = await proxy.send('/');
    expect(answer.status).toBe(503);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ status: 503, detail: 'no pod of this Service is ready' });
  });

  test.each([
    ['not HTTP', 'hello there\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
    ['a length that is none', 'POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n', 400],
    ['length and chunks', 'POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n', 400],
    ['a bad chunk size', 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 400],
    ['a head without end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(70_000)}`, 431],
  ])('refuses %s', async (_what, bytes, status) => {
    await proxy.service([await named('a')]);
    const socket = proxy.connect();
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.write(bytes);
    await waitFor(() => text.startsWith(`HTTP/1.1 ${status} `), { what: `status ${status}` });
    socket.destroy();
  });

  test('loses no request while pods come and go', async () => {
    const serve = (name: string) =>
      proxy.pod((request, response) => {
        request.resume();
        request.on('end', () => setTimeout(() => response.end(name), 2));
      });
    const pods = [await serve('1'), await serve('2'), await serve('3')];
    await proxy.service(pods);
    let running = true;
    const results: number[] = [];
    const client = async (method: string): Promise<void> => {
      while (running)
        results.push((await proxy.send('/', { method, body: method === 'POST' ? 'x' : '' })).status);
    };
    const clients = ['GET', 'POST', 'GET', 'POST', 'POST'].map(client);
    for (let round = 0; round < 20; round++) {
      const seen = results.length;
      const leaving = pods[round % 3];
      await proxy.service(pods.filter((pod) => pod !== leaving));
      // As a pod that drains: no new connections, idle ones closed, running requests finished.
      leaving?.server.closeIdleConnections();
      await waitFor(() => results.length > seen + 20, { what: 'requests during the change' });
      await proxy.service(pods);
    }
    running = false;
    await Promise.all(clients);
    expect(results.filter((status) => status !== 200)).toEqual([]);
  });

  test('repeats a POST on a connection that its pod closed unread, and never one that a pod has read', async () => {
    let seen = 0;
    const sockets: Socket[] = [];
    const pod = await proxy.pod((request, response) => {
      seen += 1;
      request.resume();
      if (request.url === '/die') request.socket.destroy();
      else response.end('ok');
    });
    pod.server.on('connection', (socket) => sockets.push(socket));
    await proxy.service([pod]);
    for (let i = 0; i < 50; i++) {
      expect((await proxy.send('/', { method: 'POST', body: 'x' })).status).toBe(200);
      // The server closes while the next request is on its way.
      setImmediate(() => sockets.at(-1)?.destroy());
    }
    expect(seen).toBe(50);
    expect((await proxy.send('/', { method: 'POST', body: 'x' })).status).toBe(200);
    expect((await proxy.send('/die', { method: 'POST', body: 'x' })).status).toBe(502);
    expect(seen).toBe(52);
  });

  test('balances what is not HTTP by connection', async () => {
    const servers = ['a', 'b'].map((name) => createTcpServer((socket) => socket.end(`${name} speaks first`)));
    const endpoints = [];
    for (const server of servers) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      endpoints.push({ address: '127.0.0.1', port: (server.address() as AddressInfo).port });
    }
    await proxy.service(endpoints, { http: false, name: 'raw' });
    const texts: string[] = [];
    for (let i = 0; i < 4; i++) {
      const socket = proxy.connect();
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      await once(socket, 'end');
      socket.end();
      texts.push(text);
    }
    expect(texts.sort()).toEqual(['a speaks first', 'a speaks first', 'b speaks first', 'b speaks first']);
    for (const server of servers) server.close();
  });

  test('answers on a port of the host too, and says so when that is taken', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    await proxy.service([await named('a')], { hostPorts: [port] });
    const problem = await waitFor(() => proxy.told.find(({ type }) => type === 'portProblem'), {
      what: 'the problem',
    });
    expect(problem).toMatchObject({
      key: 'default/web',
      message: `cannot listen on 127.0.0.1:${port}: the port is in use by another program`,
    });
    await new Promise((resolve) => blocker.close(resolve));
    const answer = await waitFor(() => proxy.fetch(port, '/'), {
      what: 'the host port',
    });
    expect(answer).toBe('a');
  });
});

describe('an InterceptorRoute', () => {
  test('holds requests while there is no pod, tells of them at once, and loses none', async () => {
    await proxy.service([]);
    await proxy.route();
    const answers = Array.from({ length: 30 }, (_, i) =>
      proxy.send(`/${i}`, { ...viaRoute, method: 'POST', body: 'x'.repeat(i) }),
    );
    await waitFor(() => proxy.interceptor.counts()['default/route']?.concurrency === 30, {
      what: 'thirty held requests',
    });
    expect(proxy.told.filter(({ type }) => type === 'active')).toContainEqual({
      type: 'active',
      key: 'default/route',
    });
    await proxy.service([await proxy.pod((request, response) => response.end(request.url))]);
    const got = await Promise.all(answers);
    expect(got.map(({ body, status }) => [status, body])).toEqual(got.map((_, i) => [200, `/${i}`]));
    expect(new Set(got.map(({ headers }) => headers['x-keda-http-cold-start']))).toEqual(new Set(['true']));
    expect((await proxy.send('/warm', viaRoute)).headers['x-keda-http-cold-start']).toBe('false');
    expect(proxy.interceptor.counts()['default/route']).toEqual({ concurrency: 0, requests: 31 });
  });

  test('gives up after the readiness timeout with a problem', async () => {
    await proxy.service([]);
    await proxy.route({ readinessTimeoutMs: 50 });
    const answer = await proxy.send('/', viaRoute);
    expect(answer.status).toBe(504);
    expect(JSON.parse(answer.body)).toMatchObject({ detail: 'no pod became ready within 50 ms' });
    expect(proxy.interceptor.counts()['default/route']?.concurrency).toBe(0);
  });

  test('forgets a held request whose client is gone', async () => {
    await proxy.service([]);
    await proxy.route();
    const abort = new AbortController();
    const answer = proxy
      .send('/', { ...viaRoute, agent: new Agent(), signal: abort.signal })
      .catch(() => 'aborted');
    await waitFor(() => proxy.interceptor.counts()['default/route']?.concurrency === 1, {
      what: 'the request',
    });
    abort.abort();
    expect(await answer).toBe('aborted');
    await waitFor(() => proxy.interceptor.counts()['default/route']?.concurrency === 0, {
      what: 'nobody waiting',
    });
  });

  test('is chosen by host, then by the longest path, then by headers', async () => {
    const service = async (name: string) => {
      const pod = await named(name);
      proxy.interceptor.apply({
        type: 'service',
        service: {
          key: `default/${name}`,
          proxy: false,
          ports: [{ name: 'http', port: 80, http: true, hostPorts: [], endpoints: [pod] }],
        },
      });
      return { service: `default/${name}`, port: 80 };
    };
    const hosts = ['shop.test'];
    await proxy.route({ key: 'default/any', rules: [{ hosts: ['*'] }], target: await service('any') });
    await proxy.route({ key: 'default/wild', rules: [{ hosts: ['*.test'] }], target: await service('wild') });
    await proxy.route({ key: 'default/shop', rules: [{ hosts }], target: await service('shop') });
    await proxy.route({
      key: 'default/cart',
      rules: [{ hosts, paths: ['/cart'] }],
      target: await service('cart'),
    });
    await proxy.route({
      key: 'default/beta',
      rules: [{ hosts, paths: ['/cart'], headers: [{ name: 'x-beta', value: 'yes' }] }],
      target: await service('beta'),
    });
    const ask = async (host: string, path: string, headers = {}) =>
      (await proxy.send(path, { ...viaRoute, headers: { host, ...headers } })).body;
    expect(await ask('elsewhere:8088', '/')).toBe('any');
    expect(await ask('blog.test', '/cart')).toBe('wild');
    expect(await ask('Shop.test:8088', '/')).toBe('shop');
    expect(await ask('shop.test', '/cart/1')).toBe('cart');
    expect(await ask('shop.test', '/cart', { 'X-Beta': 'yes' })).toBe('beta');
    expect(await ask('shop.test', '/cart', { 'X-Beta': 'no' })).toBe('cart');
  });

  test('answers 404 when nobody wants a request', async () => {
    await proxy.route({ rules: [{ hosts: ['known'] }] });
    expect((await proxy.send('/', { ...viaRoute, headers: { host: 'unknown' } })).status).toBe(404);
  });

  test('serves its placeholder, or falls back, when there is no pod', async () => {
    await proxy.service([]);
    await proxy.route({ placeholder: { status: 202, headers: { 'x-wait': 'soon' }, body: 'starting' } });
    const placeholder = await proxy.send('/', viaRoute);
    expect([placeholder.status, placeholder.headers['x-wait'], placeholder.body]).toEqual([
      202,
      'soon',
      'starting',
    ]);
    const pod = await named('spare');
    proxy.interceptor.apply({
      type: 'service',
      service: {
        key: 'default/spare',
        proxy: false,
        ports: [{ name: 'http', port: 80, http: true, hostPorts: [], endpoints: [pod] }],
      },
    });
    proxy.interceptor.apply({ type: 'routeGone', key: 'default/route' });
    await proxy.route({ readinessTimeoutMs: 20, fallback: { service: 'default/spare', port: 'http' } });
    expect((await proxy.send('/', viaRoute)).body).toBe('spare');
  });

  test('answers 504 when the pod takes longer than its limits', async () => {
    await proxy.service([await proxy.pod(() => undefined)]);
    await proxy.route({ responseHeaderTimeoutMs: 50 });
    expect((await proxy.send('/', viaRoute)).status).toBe(504);
    expect(proxy.interceptor.counts()['default/route']?.concurrency).toBe(0);
  });

  test('shows its numbers on /metrics', async () => {
    await proxy.service([await named('a')]);
    await proxy.route();
    await proxy.send('/', viaRoute);
    const ready = proxy.told.find((message) => message.type === 'ready');
    const text = await proxy.fetch(ready?.metricsPort ?? 0, '/metrics');
    expect(text).toContain(
      'interceptor_request_count_total{route_name="route",route_namespace="default",code="200",method="GET"} 1',
    );
    expect(text).toContain('interceptor_request_concurrency{route_name="route",route_namespace="default"} 0');
    expect(text).toContain('interceptor_service_endpoints{namespace="default",service="web",port="80"} 1');
  });
});

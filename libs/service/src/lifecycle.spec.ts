import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { freePort, waitFor } from '@scalelab/testing';
import { createApp } from './app';
import type { HotHandler } from './hot-route';
import { textReply } from './reply';
import type { Phase } from './shutdown-phase';
import { startService, type Running, type ServiceOptions } from './start-service';
import { testDeps } from './testing';

const services: Running[] = [];
const agents: Agent[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop('test is over', 500)));
  for (const agent of agents.splice(0)) agent.destroy();
});

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

function get(url: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpGet(url, agent ? { agent } : {}, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** A route that answers when the test says so. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  let waiting = 0;
  const handler: HotHandler = async () => {
    waiting++;
    await opened;
    return textReply('through');
  };
  return { handler, open: () => open(), waiting: () => waiting };
}

async function serve(options: Partial<ServiceOptions> & { hot?: Record<`/${string}`, HotHandler> } = {}) {
  const deps = testDeps('some-service');
  const app = createApp({ ...deps, hot: options.hot ?? { '/': () => textReply('hello') } });
  const service = await startService({ app, port: 0, lingerMs: 200, ...options });
  services.push(service);
  return { ...deps, service };
}

describe('startService', () => {
  it('is ready once it listens, and logs its settings and address', async () => {
    const { service, logs } = await serve({ settings: { PORT: 0, KEY: '***' } });
    expect((await get(`${service.url}/readyz`)).status).toBe(200);
    expect(logs.of('starting')[0]).toMatchObject({ settings: { PORT: 0, KEY: '***' } });
    expect(logs.of('listening')[0]).toMatchObject({ host: '127.0.0.1', port: service.port });
  });

  it('does not wait for a beginning without end once it is told to stop, and still runs its phases', async () => {
    const ending = new AbortController();
    const ran: string[] = [];
    const serving = serve({
      signal: ending.signal,
      started: () => new Promise(() => ending.abort()),
      phases: [{ name: 'drain', run: () => void ran.push('drain') }],
    });
    const { service } = await serving;
    expect(await service.stop('told to')).toBe(0);
    expect(ran).toEqual(['drain']);
  });

  it('waits for the start delay before it listens', async () => {
    const begin = performance.now();
    await serve({ startDelayMs: 80 });
    expect(performance.now() - begin).toBeGreaterThanOrEqual(79);
  });

  it('tells which port is in use', async () => {
    const { service } = await serve();
    await expect(serve({ port: service.port })).rejects.toMatchObject({
      code: 'PortInUse',
      message: `port ${service.port} on 127.0.0.1 is in use by another process; set PORT to a free one`,
    });
  });

  it('tells that a host is no address of this machine', async () => {
    await expect(serve({ host: '203.0.113.7' })).rejects.toMatchObject({
      code: 'CannotListen',
      message: '203.0.113.7 is no address of this machine; set HOST to one',
    });
  });

  it('closes its socket again when `started` fails', async () => {
    const port = await freePort();
    const failing = serve({ port, started: () => Promise.reject(new Error('no group')) });
    await expect(failing).rejects.toThrow('no group');
    await expect(get(`http://127.0.0.1:${port}/livez`)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('shutdown', () => {
  it('runs its phases in order and answers 0', async () => {
    const order: string[] = [];
    const phase = (name: string): Phase => ({ name, run: () => void order.push(name) });
    const { service, logs } = await serve({ phases: [phase('intake'), 'http', phase('flush')] });
    expect(await service.stop('test')).toBe(0);
    expect(order).toEqual(['intake', 'flush']);
    expect(logs.of('shutdown phase finished').map((line) => line.phase)).toEqual(['intake', 'http', 'flush']);
  });

  it('closes HTTP first when the phases do not place it', async () => {
    const { service, logs } = await serve({ phases: [{ name: 'flush', run: () => {} }] });
    await service.stop('test');
    expect(logs.of('shutdown phase finished').map((line) => line.phase)).toEqual(['http', 'flush']);
  });

  it('turns readiness off before anything else and keeps liveness', async () => {
    let seen: (number | undefined)[] = [];
    const { service } = await serve({
      phases: [
        {
          name: 'look',
          run: async () => {
            seen = [(await get(`${service.url}/readyz`)).status, (await get(`${service.url}/livez`)).status];
          },
        },
        'http',
      ],
    });
    await service.stop('test');
    expect(seen).toEqual([503, 200]);
  });

  it('lets a request in flight finish and closes its connection', async () => {
    const door = gate();
    const { service } = await serve({ hot: { '/': door.handler } });
    const answer = get(`${service.url}/`, keepAlive());
    await waitFor(() => door.waiting() === 1);
    const stopped = service.stop('test');
    await waitFor(
      () =>
        get(`${service.url}/readyz`).then(
          () => false,
          () => true,
        ),
      { what: 'the socket to close' },
    );
    door.open();
    expect(await answer).toMatchObject({ status: 200, text: 'through', headers: { connection: 'close' } });
    expect(await stopped).toBe(0);
  });

  it('answers a request that comes over a kept connection just after readiness went off', async () => {
    const { service } = await serve();
    const agent = keepAlive();
    expect((await get(`${service.url}/`, agent)).headers.connection).toBe('keep-alive');
    const stopped = service.stop('test');
    expect(await get(`${service.url}/`, agent)).toMatchObject({
      text: 'hello',
      headers: { connection: 'close' },
    });
    expect(await stopped).toBe(0);
  });

  it.each(['never used', 'idle after a request'])('closes a connection that is %s', async (kind) => {
    const { service } = await serve({ lingerMs: 20 });
    let text = '';
    const socket = connect(service.port, '127.0.0.1').on('data', (chunk) => (text += chunk.toString()));
    // Connections are accepted in order: once this one is answered, the server knows the other.
    await get(`${service.url}/livez`);
    if (kind !== 'never used') {
      socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
      await waitFor(() => text.endsWith('hello'));
    }
    const begin = performance.now();
    expect(await service.stop('test')).toBe(0);
    expect(performance.now() - begin).toBeLessThan(3000);
    await waitFor(() => socket.closed);
  });

  it('cuts what is still in flight when the grace is over, and answers 1', async () => {
    const door = gate();
    const { service, logs } = await serve({ hot: { '/': door.handler }, graceMs: 150, lingerMs: 0 });
    const answer = get(`${service.url}/`);
    const failed = expect(answer).rejects.toThrow(/hang up|ECONNRESET/);
    await waitFor(() => door.waiting() === 1);
    expect(await service.stop('test')).toBe(1);
    await failed;
    expect(logs.of('shutdown phase ran out of time')[0]).toMatchObject({ phase: 'http' });
  });

  it('goes on after a phase that fails or hangs, tells the hanging one, and answers 1', async () => {
    let told = false;
    let flushed = false;
    const { service, logs } = await serve({
      graceMs: 400,
      phases: [
        { name: 'broken', run: () => Promise.reject(new Error('no connection')) },
        {
          name: 'hanging',
          timeoutMs: 30,
          run: (signal) => {
            signal.addEventListener('abort', () => (told = true));
            return new Promise(() => {});
          },
        },
        { name: 'flush', run: () => void (flushed = true) },
      ],
    });
    expect(await service.stop('test')).toBe(1);
    expect({ told, flushed }).toEqual({ told: true, flushed: true });
    expect(logs.of('shutdown phase failed')[0]).toMatchObject({
      phase: 'broken',
      err: { message: 'no connection' },
    });
    expect(logs.of('shutdown phase ran out of time')[0]).toMatchObject({ phase: 'hanging', timeoutMs: 30 });
  });

  it('keeps time back for later phases when an early one takes all it can', async () => {
    let leftForFlush = false;
    const { service } = await serve({
      graceMs: 300,
      phases: [
        { name: 'hanging', run: () => new Promise(() => {}) },
        {
          name: 'flush',
          run: async (signal) => {
            await new Promise((resolve) => setTimeout(resolve, 5));
            leftForFlush = !signal.aborted;
          },
        },
      ],
    });
    const begin = performance.now();
    expect(await service.stop('test')).toBe(1);
    expect(leftForFlush).toBe(true);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('happens once, however often it is asked for', async () => {
    let runs = 0;
    const { service } = await serve({ phases: [{ name: 'count', run: () => void runs++ }] });
    expect(await Promise.all([service.stop('a'), service.stop('b')])).toEqual([0, 0]);
    expect(runs).toBe(1);
  });

  it('waits for the drain delay with readiness off', async () => {
    const { service, health } = await serve({ drainDelayMs: 60, graceMs: 5000 });
    const begin = performance.now();
    const stopped = service.stop('test');
    expect(health.draining).toBe(true);
    expect((await get(`${service.url}/`)).status).toBe(200);
    await stopped;
    expect(performance.now() - begin).toBeGreaterThanOrEqual(59);
  });
});

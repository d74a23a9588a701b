import { createServer, get, type Server } from 'node:http';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort, tempDir, waitFor } from '@scalelab/testing';
import { bundleEntry } from '../kubelet/testing/bundle-entry';
import { isRunning } from '../kubelet/testing/lab-node';
import { InterceptorProcess } from './interceptor-process';

const folder = tempDir('scalelab-interceptor-');
const entry = bundleEntry('interceptor.entry', folder);
const directory = join(folder, 'addresses');
mkdirSync(directory);

let interceptor: InterceptorProcess | undefined;
let pod: Server | undefined;

afterEach(async () => {
  await interceptor?.stop();
  pod?.close();
});

const status = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/', agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    }).once('error', reject);
  });

async function start(
  options: Partial<ConstructorParameters<typeof InterceptorProcess>[0]> = {},
): Promise<number> {
  const hostPort = await freePort();
  interceptor = new InterceptorProcess({
    entry,
    plan: { directory, prefix: '127.250.', range: false, lowestPort: 0 },
    logFile: join(folder, 'log'),
    ...options,
  });
  pod = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => pod?.listen(0, '127.0.0.1', resolve));
  interceptor.setService({
    key: 'default/web',
    proxy: false,
    ports: [
      {
        name: 'http',
        port: 80,
        http: true,
        hostPorts: [],
        endpoints: [{ address: '127.0.0.1', port: (pod.address() as AddressInfo).port }],
      },
    ],
  });
  interceptor.setRoute({
    key: 'default/route',
    target: { service: 'default/web', port: 80 },
    rules: [],
    requestTimeoutMs: 0,
    responseHeaderTimeoutMs: 0,
  });
  interceptor.setService({
    key: 'keda/proxy',
    proxy: true,
    ports: [{ name: 'proxy', port: 8080, http: false, hostPorts: [hostPort], endpoints: [] }],
  });
  await interceptor.ready();
  await waitFor(() => status(hostPort), { what: 'the host port' });
  return hostPort;
}

test('serves, tells of activity and counts through its pipe', async () => {
  const active: string[] = [];
  const port = await start({ onActive: (key) => active.push(key) });
  expect(await status(port)).toBe(200);
  expect(active).toContain('default/route');
  expect(await interceptor?.counts()).toEqual({ 'default/route': { concurrency: 0, requests: 2 } });
});

test('is started again with all it knew when it dies, and its counts never fall', async () => {
  const restarts: (number | null)[] = [];
  const port = await start({ onRestart: (code) => restarts.push(code) });
  const before = (await interceptor?.counts())?.['default/route']?.requests ?? 0;
  const first = interceptor?.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await waitFor(async () => restarts.length === 1 && (await status(port)) === 200, {
    what: 'a new interceptor',
  });
  expect(interceptor?.pid).not.toBe(first);
  const after = (await interceptor?.counts())?.['default/route']?.requests ?? 0;
  expect(after).toBeGreaterThan(before);
});

test('stopping it leaves no process', async () => {
  await start();
  const pid = interceptor?.pid ?? 0;
  expect(isRunning(pid)).toBe(true);
  await interceptor?.stop();
  expect(isRunning(pid)).toBe(false);
});

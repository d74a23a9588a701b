import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pod } from '@scalelab/manifests';
import { isReady, LabNode } from './testing/lab-node';

let node: LabNode;

const main = (pod: Pod) => pod.status?.containerStatuses?.[0];
const flag = (name: string) => join(node.folder, name);

beforeAll(async () => {
  node = await LabNode.start();
  node.script(
    'flagged',
    `const fs = require('node:fs');
     require('node:http').createServer((request, response) => {
       response.statusCode = fs.existsSync(process.env.FLAGS + request.url) ? 200 : 503;
       response.end();
     }).listen(8080);`,
  );
});

afterAll(() => node.stop());

const env = () => [{ name: 'FLAGS', value: node.folder }];
const quick = { periodSeconds: 0.1, failureThreshold: 2 };

test('readiness follows its probe both ways, with an event for each failure that counts', async () => {
  await node.run('ready', {
    image: 'flagged',
    env: env(),
    readinessProbe: { httpGet: { path: '/up', port: 8080 }, ...quick },
  });
  const first = await node.until('ready', (pod) => main(pod)?.started === true, 'started');
  expect(main(first)?.ready).toBe(false);
  writeFileSync(flag('up'), '');
  const ready = await node.untilReady('ready');
  rmSync(flag('up'));
  const unready = await node.until('ready', (pod) => !isReady(pod), 'not ready');
  expect(main(unready)).toMatchObject({ ready: false, restartCount: 0, state: { running: {} } });
  const since = (pod: Pod) =>
    pod.status?.conditions?.find(({ type }) => type === 'PodReadyToStartContainers')?.lastTransitionTime;
  expect(since(unready)).toBe(since(ready));
  const messages = (await node.api.events())
    .filter(({ reason }) => reason === 'Unhealthy')
    .map(({ message }) => message);
  expect(messages).toContain('Readiness probe failed: HTTP probe failed with statuscode: 503');
});

test('a failed liveness probe restarts the container', async () => {
  writeFileSync(flag('alive'), '');
  await node.run('alive', {
    image: 'flagged',
    env: env(),
    livenessProbe: { httpGet: { path: '/alive', port: 8080 }, ...quick },
  });
  await node.untilReady('alive');
  rmSync(flag('alive'));
  const restarted = await node.until('alive', (pod) => (main(pod)?.restartCount ?? 0) > 0, 'a restart');
  expect(main(restarted)?.lastState?.terminated).toMatchObject({ exitCode: 143, reason: 'Error' });
  const messages = (await node.api.events()).map(({ message }) => message);
  expect(messages).toContain('Container main failed liveness probe, will be restarted');
});

test('a startup probe keeps the others back, and kills what never starts', async () => {
  const container = {
    image: 'flagged',
    env: env(),
    startupProbe: { httpGet: { path: '/started', port: 8080 }, periodSeconds: 0.2, failureThreshold: 50 },
    livenessProbe: { httpGet: { path: '/started', port: 8080 }, periodSeconds: 0.05, failureThreshold: 1 },
  };
  await node.run('startup', container);
  await node.run('never', { ...container, startupProbe: { ...container.startupProbe, failureThreshold: 1 } });
  const killed = await node.until('never', (pod) => (main(pod)?.restartCount ?? 0) > 0, 'a restart');
  expect(main(killed)?.started).toBe(false);
  const waiting = await node.until('startup', (pod) => main(pod)?.state?.running !== undefined, 'running');
  expect(main(waiting)).toMatchObject({ ready: false, started: false, restartCount: 0 });
  writeFileSync(flag('started'), '');
  const ready = await node.untilReady('startup');
  expect(main(ready)).toMatchObject({ started: true, restartCount: 0 });
});

test('commands and sockets can be probes', async () => {
  await node.run(
    'exec',
    {
      image: 'flagged',
      env: env(),
      volumeMounts: [{ name: 'flags', mountPath: '/flags' }],
      readinessProbe: { exec: { command: ['sh', '-c', 'test -f "$0"', '/flags/go'] }, ...quick },
      startupProbe: { tcpSocket: { port: 8080 }, ...quick },
    },
    { volumes: [{ name: 'flags', emptyDir: {} }] },
  );
  await node.until('exec', (pod) => main(pod)?.started === true, 'started');
  const { exitCode } = await node.kubelet.exec({ namespace: 'default', name: 'exec' }, [
    'touch',
    '/flags/go',
  ]);
  expect(exitCode).toBe(0);
  await node.untilReady('exec');
});

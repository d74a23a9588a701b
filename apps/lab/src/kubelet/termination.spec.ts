import { resources } from '@scalelab/kube';
import { isAlive, isRunning, LabNode } from './testing/lab-node';
import { waitFor } from '@scalelab/testing';

let node: LabNode;

beforeAll(async () => {
  node = await LabNode.start();
  node.script(
    'stubborn',
    `process.on('SIGTERM', () => console.log('no'));
     const { spawn } = require('node:child_process');
     const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'ignore' });
     require('node:http').createServer((q, r) => r.end(String(child.pid))).listen(8080, () => console.log('child', child.pid));`,
  );
  node.script(
    'orderly',
    `require('node:http').createServer((q, r) => { console.log(q.url); r.end(); }).listen(8080);
     process.on('SIGTERM', () => { console.log('SIGTERM'); setTimeout(() => process.exit(0), 20); });`,
  );
});

afterAll(() => node.stop());

const ready = { readinessProbe: { tcpSocket: { port: 8080 } } };

test('what ignores SIGTERM is killed with all its children when the grace period is over', async () => {
  await node.run('stubborn', { image: 'stubborn', ...ready }, { terminationGracePeriodSeconds: 1 });
  await node.untilReady('stubborn');
  const child = Number(/child (\d+)/.exec(await node.logs('stubborn'))?.[1]);
  const [group = 0] = [...node.kubelet.processGroups({ namespace: 'default', name: 'stubborn' }).values()];
  const started = performance.now();
  await node.api.delete(resources.Pod, 'default', 'stubborn');
  await node.untilGone('stubborn');
  expect(performance.now() - started).toBeGreaterThan(900);
  expect(isAlive(group)).toBe(false);
  expect(isRunning(child)).toBe(false);
});

test('preStop runs before SIGTERM and takes its time from the grace period', async () => {
  await node.run(
    'hooked',
    { image: 'orderly', ...ready, lifecycle: { preStop: { httpGet: { path: '/drain', port: 8080 } } } },
    { terminationGracePeriodSeconds: 5 },
  );
  await node.untilReady('hooked');
  let log = '';
  await node.api.delete(resources.Pod, 'default', 'hooked');
  await waitFor(async () => (log = await node.logs('hooked')).includes('SIGTERM'), {
    what: 'SIGTERM',
    intervalMs: 1,
  });
  expect(log).toBe('/drain\nSIGTERM\n');
  await node.untilGone('hooked');
});

test('a preStop that sleeps holds SIGTERM back', async () => {
  await node.run('sleepy', {
    image: 'orderly',
    ...ready,
    lifecycle: { preStop: { sleep: { seconds: 0.3 } } },
  });
  await node.untilReady('sleepy');
  const started = performance.now();
  await node.api.delete(resources.Pod, 'default', 'sleepy');
  await node.untilGone('sleepy');
  expect(performance.now() - started).toBeGreaterThan(300);
});

test('a second deletion can shorten the grace period', async () => {
  await node.run('hurry', { image: 'stubborn', ...ready }, { terminationGracePeriodSeconds: 60 });
  await node.untilReady('hurry');
  await node.api.delete(resources.Pod, 'default', 'hurry');
  await node.until('hurry', ({ metadata }) => metadata.deletionTimestamp !== undefined, 'terminating');
  await node.api.delete(resources.Pod, 'default', 'hurry', { gracePeriodSeconds: 1 });
  await node.untilGone('hurry', 'default', 5_000);
});

test('a pod taken from the API by force is ended at once', async () => {
  await node.run('forced', { image: 'stubborn', ...ready });
  await node.untilReady('forced');
  const [group = 0] = [...node.kubelet.processGroups({ namespace: 'default', name: 'forced' }).values()];
  await node.api.delete(resources.Pod, 'default', 'forced', { gracePeriodSeconds: 0 });
  await waitFor(() => !isAlive(group), { what: 'its processes ended' });
});

test('a pod deleted before it could start goes too', async () => {
  await node.run('unborn', { image: 'nobody-knows' });
  await node.until('unborn', ({ status }) => status?.phase === 'Pending', 'Pending');
  await node.api.delete(resources.Pod, 'default', 'unborn');
  await node.untilGone('unborn');
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { resources } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { isAlive, LabNode } from './testing/lab-node';

const server = `
const http = require('node:http');
const server = http.createServer((req, res) => res.end(JSON.stringify({ url: req.url, env: process.env, cwd: process.cwd() })));
server.listen(Number(process.env.PORT ?? 8080), () => console.log('listening', server.address().port));
process.on('SIGTERM', () => { console.log('draining'); server.close(() => { console.log('bye'); process.exit(0); }); server.closeAllConnections(); });
`;
const probed = {
  image: 'web',
  ports: [{ name: 'http', containerPort: 8080 }],
  readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
};

let node: LabNode;

beforeAll(async () => {
  node = await LabNode.start();
  node.script('web', server);
});

afterAll(() => node.stop());

test('a pod runs, becomes ready, logs, and ends in order when deleted', async () => {
  await node.run('web', probed);
  const ready = await node.untilReady('web');
  expect(ready.status).toMatchObject({
    phase: 'Running',
    podIP: expect.stringMatching(/^127\.\d+\.0\.\d+$/),
    hostIP: '127.0.0.1',
    containerStatuses: [
      {
        name: 'main',
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: expect.any(String) } },
      },
    ],
  });
  const conditions = Object.fromEntries(
    (ready.status?.conditions ?? []).map(({ type, status }) => [type, status]),
  );
  expect(conditions).toMatchObject({ Initialized: 'True', ContainersReady: 'True', Ready: 'True' });
  expect(await node.logs('web')).toBe('listening 8080\n');

  const [group] = [...node.kubelet.processGroups({ namespace: 'default', name: 'web' }).values()];
  await node.api.delete(resources.Pod, 'default', 'web');
  await node.untilGone('web');
  expect(isAlive(group ?? 0)).toBe(false);
  const reasons = (await node.api.events()).map(({ reason }) => reason);
  expect(reasons).toEqual(expect.arrayContaining(['Created', 'Started', 'Killing']));
  expect(reasons).not.toContain('Unhealthy');
  await waitFor(() => !readdirSync(join(node.folder, 'pods')).includes(ready.metadata.uid ?? ''), {
    what: 'folder removed',
  });
});

test('a Node service is ready soon after its pod is seen', async () => {
  const started = performance.now();
  await node.run('fast', probed);
  await node.untilReady('fast');
  // Bounded loosely: the machine is shared. The bench holds the real figure.
  expect(performance.now() - started).toBeLessThan(3_000);
  await node.api.delete(resources.Pod, 'default', 'fast');
  await node.untilGone('fast');
});

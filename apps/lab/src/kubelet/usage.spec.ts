import { waitFor } from '@scalelab/testing';
import { LabNode } from './testing/lab-node';

let node: LabNode;

beforeAll(async () => {
  node = await LabNode.start();
  node.script('idle', `setInterval(() => {}, 1000);`);
  node.script('busy', `for (;;) { const end = Date.now() + 50; while (Date.now() < end); }`);
  node.script(
    'busy-child',
    `require('node:child_process').spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }); setInterval(() => {}, 1000);`,
  );
  node.script(
    'writer',
    `const { appendFileSync } = require('node:fs'); setInterval(() => appendFileSync('out', 'x'.repeat(65536)), 20);`,
  );
  node.script(
    'hungry',
    `const kept = []; setInterval(() => kept.push(Buffer.alloc(8 * 1024 * 1024, 1)), 20);`,
  );
});

afterAll(() => node.stop());

const usage = (name: string) => node.kubelet.usage({ namespace: 'default', name });

test('CPU and memory of a pod are those of all its processes', async () => {
  for (const name of ['idle', 'busy', 'busy-child']) await node.run(name, { image: name });
  // Shares of a busy machine differ; that a burning program shows, and an idle one does not, holds everywhere.
  await waitFor(() => (usage('busy')?.cpuNanocores ?? 0) > 150e6, {
    what: 'the CPU of busy',
    timeoutMs: 15_000,
  });
  await waitFor(() => (usage('busy-child')?.cpuNanocores ?? 0) > 150e6, {
    what: 'the CPU of a child',
    timeoutMs: 15_000,
  });
  await waitFor(() => (usage('idle')?.cpuNanocores ?? 1e9) < 100e6, {
    what: 'the quiet of idle',
    timeoutMs: 15_000,
  });
  const idle = usage('idle');
  expect(idle?.memoryBytes).toBeGreaterThan(20e6);
  expect(idle?.memoryBytes).toBeLessThan(200e6);
  expect(idle?.containers.map(({ name }) => name)).toEqual(['main']);
  expect(idle?.windowSeconds).toBeGreaterThan(0);
});

test('totals since the start only grow, and name the container', async () => {
  const { uid } = (await node.run('writer', { image: 'writer' })).metadata;
  const total = () => node.kubelet.totals().find((one) => one.uid === uid);
  const first = await waitFor(total, { what: 'totals', timeoutMs: 15_000 });
  expect(first).toMatchObject({ name: 'main' });
  const later = await waitFor(() => ((total()?.cpuSeconds ?? 0) > first.cpuSeconds ? total() : undefined), {
    what: 'more CPU',
    timeoutMs: 15_000,
  });
  expect(later?.memoryBytes).toBeGreaterThan(10e6);
  if (process.platform === 'linux')
    expect(later?.storage?.writtenBytes).toBeGreaterThanOrEqual(first.storage?.writtenBytes ?? 0);
});

test('a container over its memory limit is OOMKilled', async () => {
  await node.run(
    'hungry',
    { image: 'hungry', resources: { limits: { memory: '100Mi' } } },
    { restartPolicy: 'Never' },
  );
  const pod = await node.until(
    'hungry',
    ({ status }) => status?.phase === 'Failed',
    'Failed',
    'default',
    15_000,
  );
  expect(pod.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 137,
    reason: 'OOMKilled',
  });
});

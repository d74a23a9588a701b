import { isAlive, LabNode } from './testing/lab-node';

let node: LabNode;

beforeAll(async () => {
  node = await LabNode.start();
  node.script(
    'crashing',
    `const fs = require('node:fs');
     const n = fs.existsSync('n') ? Number(fs.readFileSync('n')) : 0;
     fs.writeFileSync('n', String(n + 1));
     console.log('run ' + n);
     process.exit(3);`,
  );
  node.script(
    'done',
    `console.log(process.argv.slice(2).join(' ')); process.exit(Number(process.env.CODE ?? 0));`,
  );
  node.script(
    'server',
    `require('node:http').createServer((q, r) => r.end('ok')).listen(8080); process.on('SIGTERM', () => process.exit(0));`,
  );
});

afterAll(() => node.stop());

const main = (pod: Awaited<ReturnType<LabNode['untilReady']>>) => pod.status?.containerStatuses?.[0];

test('a crashing container is restarted at once, then with CrashLoopBackOff, and shows its last run', async () => {
  await node.run('crash', { image: 'crashing' });
  const waiting = await node.until(
    'crash',
    (pod) => main(pod)?.state?.waiting?.reason === 'CrashLoopBackOff',
    'CrashLoopBackOff',
  );
  expect(waiting.status?.phase).toBe('Running');
  expect(main(waiting)).toMatchObject({
    ready: false,
    restartCount: 1,
    lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    state: {
      waiting: {
        message: expect.stringMatching(
          /^back-off \d+s restarting failed container=main pod=crash_default\(.+\)$/,
        ),
      },
    },
  });
  await node.until('crash', (pod) => (main(pod)?.restartCount ?? 0) >= 3, 'three restarts');
  await node.until(
    'crash',
    (pod) => main(pod)?.state?.waiting !== undefined,
    'a wait, in which nothing is written',
  );
  const runs = (main((await node.api.pod('crash')) ?? waiting)?.restartCount ?? 0) + 1;
  expect(await node.logs('crash')).toBe(`run ${runs - 1}\n`);
  expect(await node.logs('crash', { previous: true })).toBe(`run ${runs - 2}\n`);
  const conditions = waiting.status?.conditions ?? [];
  expect(conditions.find(({ type }) => type === 'Ready')).toMatchObject({
    status: 'False',
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [main]',
  });
  expect((await node.api.events()).map(({ reason }) => reason)).toContain('BackOff');
});

test.each([
  ['Never', 0, 'Succeeded', 'Completed'],
  ['Never', 4, 'Failed', 'Error'],
  ['OnFailure', 0, 'Succeeded', 'Completed'],
])('with restartPolicy %s, exit code %i ends the pod as %s', async (restartPolicy, code, phase, reason) => {
  const name = `end-${restartPolicy.toLowerCase()}-${code}`;
  const env = [{ name: 'CODE', value: String(code) }];
  await node.run(
    name,
    { image: 'done', args: ['hello', '$(CODE)', '$$(CODE)', '$(NOBODY)'], env },
    { restartPolicy },
  );
  const pod = await node.until(name, ({ status }) => status?.phase === phase, phase);
  expect(main(pod)).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: code, reason } } });
  expect(await node.logs(name)).toBe(`hello ${code} $(CODE) $(NOBODY)\n`);
});

test('a program that cannot start is told as StartError', async () => {
  node.images.add('broken', '/nonexistent/program');
  await node.run('broken', { image: 'broken' }, { restartPolicy: 'Never' });
  const pod = await node.until('broken', ({ status }) => status?.phase === 'Failed', 'Failed');
  expect(main(pod)?.state?.terminated).toMatchObject({
    exitCode: 128,
    reason: 'StartError',
    message: expect.stringContaining('ENOENT'),
  });
});

test('variables that no program can be given are a StartError too', async () => {
  await node.run('nul', { image: 'done', env: [{ name: 'X', value: 'a\0b' }] }, { restartPolicy: 'Never' });
  const pod = await node.until('nul', ({ status }) => status?.phase === 'Failed', 'Failed');
  expect(main(pod)?.state?.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' });
});

test('init containers run one after the other before the rest', async () => {
  const shared = { name: 'shared', mountPath: '/shared' };
  node.script('append', `require('node:fs').appendFileSync(process.argv[2], process.argv[3] + '\\n');`);
  node.script('cat', `process.stdout.write(require('node:fs').readFileSync(process.argv[2], 'utf8'));`);
  await node.run(
    'inits',
    { image: 'cat', args: ['/shared/order'], volumeMounts: [shared] },
    {
      restartPolicy: 'Never',
      volumes: [{ name: 'shared', emptyDir: {} }],
      initContainers: [
        { name: 'one', image: 'append', args: ['/shared/order', 'one'], volumeMounts: [shared] },
        { name: 'two', image: 'append', args: ['/shared/order', 'two'], volumeMounts: [shared] },
      ],
    },
  );
  const pod = await node.until('inits', ({ status }) => status?.phase === 'Succeeded', 'Succeeded');
  expect(await node.logs('inits')).toBe('one\ntwo\n');
  expect(pod.status?.initContainerStatuses?.map(({ state }) => state?.terminated?.reason)).toEqual([
    'Completed',
    'Completed',
  ]);
});

test('a failed init container of a pod that never restarts fails the pod', async () => {
  await node.run(
    'init-fails',
    { image: 'server' },
    {
      restartPolicy: 'Never',
      initContainers: [{ name: 'one', image: 'done', env: [{ name: 'CODE', value: '1' }] }],
    },
  );
  const pod = await node.until('init-fails', ({ status }) => status?.phase === 'Failed', 'Failed');
  expect(main(pod)?.state?.waiting).toEqual({ reason: 'PodInitializing' });
  expect(pod.status?.conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
    status: 'False',
    message: 'containers with incomplete status: [one]',
  });
});

test('a sidecar starts before the others, runs beside them and ends after them', async () => {
  await node.run(
    'sidecar',
    { image: 'done' },
    {
      restartPolicy: 'Never',
      initContainers: [
        {
          name: 'proxy',
          image: 'server',
          restartPolicy: 'Always',
          startupProbe: { tcpSocket: { port: 8080 } },
        },
      ],
    },
  );
  const pod = await node.until('sidecar', ({ status }) => status?.phase === 'Succeeded', 'Succeeded');
  expect(pod.status?.initContainerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0 });
});

test('two containers of a pod share its address and fail apart', async () => {
  const port = (value: string) => [{ name: 'PORT', value }];
  node.script(
    'on-port',
    `require('node:http').createServer((q, r) => r.end('ok')).listen(Number(process.env.PORT)); process.on('SIGTERM', () => process.exit(0));`,
  );
  await node.run(
    'pair',
    { image: 'on-port' },
    {
      containers: [
        { name: 'a', image: 'on-port', env: port('8080'), readinessProbe: { tcpSocket: { port: 8080 } } },
        { name: 'b', image: 'on-port', env: port('8081'), readinessProbe: { tcpSocket: { port: 8081 } } },
      ],
    },
  );
  await node.untilReady('pair');
  const groups = node.kubelet.processGroups({ namespace: 'default', name: 'pair' });
  process.kill(groups.get('b') ?? 0, 'SIGKILL');
  const pod = await node.until(
    'pair',
    ({ status }) =>
      status?.containerStatuses?.some(
        ({ name, restartCount, ready }) => name === 'b' && restartCount === 1 && ready,
      ) === true,
    'b restarted',
  );
  expect(
    pod.status?.containerStatuses?.find(({ name }) => name === 'b')?.lastState?.terminated,
  ).toMatchObject({ exitCode: 137, reason: 'Error' });
  expect(pod.status?.containerStatuses?.find(({ name }) => name === 'a')?.restartCount).toBe(0);
  expect(isAlive(groups.get('a') ?? 0)).toBe(true);
});

test('a pod that is active longer than its deadline fails', async () => {
  await node.run(
    'late',
    { image: 'server' },
    { activeDeadlineSeconds: 0.2, terminationGracePeriodSeconds: 1 },
  );
  const pod = await node.until('late', ({ status }) => status?.phase === 'Failed', 'Failed');
  expect(pod.status).toMatchObject({ reason: 'DeadlineExceeded' });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources } from '@scalelab/kube';
import { LabNode } from './testing/lab-node';

let node: LabNode;
const meta = (name: string) => ({ name, namespace: 'default' });
const encode = (text: string) => Buffer.from(text).toString('base64');

beforeAll(async () => {
  node = await LabNode.start({
    objects: (network) => [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: meta('settings'),
        data: { color: 'green', 'app.conf': 'a=1\n' },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: meta('keys'), data: { token: encode('s3cret') } },
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: meta('disk'), spec: {} },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta('data-store'),
        spec: {
          clusterIP: network.serviceAddress('default/data-store'),
          ports: [{ name: 'main', port: 5432 }],
        },
      },
    ],
  });
  node.script(
    'show',
    `const fs = require('node:fs');
     const files = Object.fromEntries(process.argv.slice(2).map((path) => [path, fs.readFileSync(path, 'utf8')]));
     console.log(JSON.stringify({ env: process.env, args: process.argv.slice(2), files, cwd: process.cwd() }));`,
  );
});

afterAll(() => node.stop());

interface Shown {
  readonly env: Record<string, string>;
  readonly args: string[];
  readonly files: Record<string, string>;
  readonly cwd: string;
}

async function show(name: string, container: object, spec: object = {}): Promise<Shown> {
  await node.run(name, { image: 'show', ...container }, { restartPolicy: 'Never', ...spec });
  await node.until(name, ({ status }) => status?.phase === 'Succeeded', 'Succeeded');
  return JSON.parse(await node.logs(name)) as Shown;
}

test('variables come from values, fields, resources, ConfigMaps and Secrets, in order', async () => {
  const { env, cwd } = await show('env', {
    envFrom: [
      { configMapRef: { name: 'settings' } },
      { prefix: 'K_', secretRef: { name: 'keys' } },
      { secretRef: { name: 'none', optional: true } },
    ],
    resources: { limits: { memory: '64Mi', cpu: '1500m' }, requests: { cpu: '250m' } },
    env: [
      { name: 'COLOR', value: 'dark $(color)' },
      { name: 'LATER', value: '$(AFTER)' },
      { name: 'AFTER', value: 'x' },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'MIB', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
      { name: 'CPUS', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      { name: 'CPU_REQUEST', valueFrom: { resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } } },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
      { name: 'MAYBE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'nothing', optional: true } } },
    ],
  });
  expect(env).toMatchObject({
    color: 'green',
    'app.conf': 'a=1\n',
    K_token: 's3cret',
    COLOR: 'dark green',
    LATER: '$(AFTER)',
    POD: 'env',
    APP: 'env',
    NODE: 'lab',
    MIB: '64',
    CPUS: '2',
    CPU_REQUEST: '250',
    TOKEN: 's3cret',
    HOSTNAME: 'env',
    DATA_STORE_SERVICE_HOST: expect.stringMatching(/^127\./),
    DATA_STORE_SERVICE_PORT: '5432',
    DATA_STORE_SERVICE_PORT_MAIN: '5432',
  });
  expect(env['IP']).toMatch(/^127\.\d+\.0\.\d+$/);
  expect(env).not.toHaveProperty('MAYBE');
  expect(cwd.startsWith(node.folder)).toBe(true);
  expect(env['TMPDIR']?.startsWith(node.folder)).toBe(true);
});

test('nothing of the environment of the lab gets into a pod but what programs need', async () => {
  process.env['AWS_SECRET_ACCESS_KEY'] = 'of the developer';
  const { env } = await show('clean', {});
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  expect(env).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  expect(env).toHaveProperty('PATH');
});

test('volumes are folders, and paths below a mount lead there', async () => {
  const volumeMounts = [
    { name: 'config', mountPath: '/etc/app' },
    { name: 'secret', mountPath: '/etc/app/keys/' },
    { name: 'one', mountPath: '/single.conf', subPath: 'app.conf' },
    { name: 'info', mountPath: '/info' },
    { name: 'all', mountPath: '/all' },
    { name: 'data', mountPath: '/data' },
  ];
  const volumes = [
    { name: 'config', configMap: { name: 'settings', items: [{ key: 'app.conf', path: 'sub/my.conf' }] } },
    { name: 'secret', secret: { secretName: 'keys', defaultMode: 0o400 } },
    { name: 'one', configMap: { name: 'settings' } },
    { name: 'info', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
    {
      name: 'all',
      projected: { sources: [{ configMap: { name: 'settings' } }, { secret: { name: 'keys' } }] },
    },
    { name: 'data', persistentVolumeClaim: { claimName: 'disk' } },
  ];
  const paths = [
    '/etc/app/sub/my.conf',
    '/etc/app/keys/token',
    '/single.conf',
    '/info/name',
    '/all/color',
    '/all/token',
  ];
  const env = [
    { name: 'DATA_DIR', value: '/data' },
    { name: 'LIKE', value: '/database' },
  ];
  const shown = await show('volumes', { args: paths, env, volumeMounts }, { volumes });
  expect(Object.values(shown.files)).toEqual(['a=1\n', 's3cret', 'a=1\n', 'volumes', 'green', 's3cret']);
  expect(shown.env['LIKE']).toBe('/database');
  // A claim outlives the pods that use it.
  writeFileSync(join(shown.env['DATA_DIR'] ?? '', 'kept'), 'still here');
  const next = await show('volumes-next', { args: ['/data/kept'], volumeMounts }, { volumes });
  expect(next.files[next.args[0] ?? '']).toBe('still here');
});

test('a missing Secret is CreateContainerConfigError until it is there', async () => {
  const env = [{ name: 'X', valueFrom: { secretKeyRef: { name: 'late', key: 'x' } } }];
  await node.run('config-error', { image: 'show', env }, { restartPolicy: 'Never' });
  const status = (pod: Awaited<ReturnType<LabNode['untilReady']>>) =>
    pod.status?.containerStatuses?.[0]?.state?.waiting;
  const waiting = await node.until(
    'config-error',
    (pod) => status(pod)?.reason === 'CreateContainerConfigError',
    'the error',
  );
  expect(status(waiting)?.message).toBe('secret "late" not found');
  expect(waiting.status?.phase).toBe('Pending');
  await node.api.create(resources.Secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: meta('late'),
    data: { y: encode('1') },
  });
  await node.until(
    'config-error',
    (pod) => status(pod)?.message === "couldn't find key x in Secret default/late",
    'the missing key',
  );
  await node.api.patch(resources.Secret, 'default', 'late', { data: { x: encode('found') } });
  await node.until('config-error', (pod) => pod.status?.phase === 'Succeeded', 'Succeeded');
  expect(await node.logs('config-error')).toContain('"X":"found"');
});

test.each([
  [
    'a missing ConfigMap',
    { configMap: { name: 'nowhere' } },
    'MountVolume.SetUp failed for volume "v" : configmap "nowhere" not found',
  ],
  [
    'a missing claim',
    { persistentVolumeClaim: { claimName: 'nowhere' } },
    'MountVolume.SetUp failed for volume "v" : persistentvolumeclaim "nowhere" not found',
  ],
  [
    'a folder of the host',
    { hostPath: { path: '/etc' } },
    expect.stringContaining('volumes of kind hostPath are not available here'),
  ],
])('%s keeps the pod from starting, with the reason as an event', async (_what, source, message) => {
  const name = `mount-${Object.keys(source)[0]?.toLowerCase()}`;
  await node.run(name, { image: 'show' }, { volumes: [{ name: 'v', ...source }] });
  const pod = await node.until(name, ({ status }) => status?.phase === 'Pending', 'Pending');
  expect(pod.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
  const wanted = async () =>
    (await node.api.events()).filter(
      ({ reason, metadata }) => reason === 'FailedMount' && metadata.name.startsWith(name),
    );
  await node.until(name, () => true, 'it');
  for (let i = 0; i < 200 && (await wanted()).length === 0; i++)
    await new Promise((resolve) => setImmediate(resolve));
  expect((await wanted())[0]?.message).toEqual(message);
  await node.api.delete(resources.Pod, 'default', name);
  await node.untilGone(name);
});

test('an unknown image is ErrImagePull, then ImagePullBackOff, and runs once it is known', async () => {
  await node.run('pull', { image: 'registry.example/unknown:1' }, { restartPolicy: 'Never' });
  const reason = (pod: Awaited<ReturnType<LabNode['untilReady']>>) =>
    pod.status?.containerStatuses?.[0]?.state?.waiting?.reason;
  await node.until('pull', (pod) => reason(pod) === 'ErrImagePull', 'ErrImagePull');
  const backOff = await node.until('pull', (pod) => reason(pod) === 'ImagePullBackOff', 'ImagePullBackOff');
  expect(backOff.status?.containerStatuses?.[0]?.state?.waiting?.message).toContain('--image NAME=COMMAND');
  node.script('unknown', `console.log('known now');`);
  await node.until('pull', (pod) => pod.status?.phase === 'Succeeded', 'Succeeded');
  expect(
    readFileSync(join(node.folder, 'logs', `default_pull_${backOff.metadata.uid}`, 'main', '0.log'), 'utf8'),
  ).toBe('known now\n');
});

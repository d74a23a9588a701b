import { join } from 'node:path';
import { resources, type KubeObject } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { RunningLab } from './running-lab';

interface State {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly terminated?: { readonly reason: string; readonly exitCode: number };
}

interface Pod extends KubeObject {
  readonly status?: {
    readonly phase: string;
    readonly conditions?: readonly { type: string; status: string; reason?: string; message?: string }[];
    readonly containerStatuses?: readonly { state: State; lastState: State; restartCount: number }[];
  };
}

const namespace = 'troubled';
const program = (name: string) => `node ${join(__dirname, 'programs', name)}`;
let lab: RunningLab;

beforeAll(async () => {
  lab = await RunningLab.start({
    manifests: ['troubled.yaml'],
    images: { web: program('web.mjs'), hungry: program('hungry.mjs'), shell: 'sh -c' },
  });
}, 30_000);

const pod = (name: string) => lab.client.get<Pod>(resources.Pod, namespace, name);

/** Waits until the pod's only container is in a state, or was before, and returns the pod. */
const seen = (name: string, holds: (state: State, lastState: State) => boolean, what: string) =>
  waitFor(
    async () => {
      const now = await pod(name);
      const container = now.status?.containerStatuses?.[0];
      return container && holds(container.state, container.lastState) ? { ...now, container } : undefined;
    },
    { timeoutMs: 25_000, what },
  );

test('an unknown image is ErrImagePull, then ImagePullBackOff, and says what would be known', async () => {
  const { container, status } = await seen(
    'unknown-image',
    ({ waiting }) => /^(ErrImagePull|ImagePullBackOff)$/.test(waiting?.reason ?? ''),
    'ErrImagePull',
  );
  expect(container.state.waiting?.message).toContain('registry.example/nobody-knows:3');
  expect(container.state.waiting?.message).toContain('--image NAME=COMMAND');
  expect(status?.phase).toBe('Pending');
  await seen('unknown-image', ({ waiting }) => waiting?.reason === 'ImagePullBackOff', 'ImagePullBackOff');
  const { items } = await lab.client.list<KubeObject & { reason: string; message: string }>(resources.Event, {
    namespace,
    fieldSelector: 'involvedObject.name=unknown-image',
  });
  expect(items.map(({ message, reason }) => `${reason}: ${message}`)).toContain(
    'Failed: Error: ErrImagePull',
  );
}, 40_000);

test('a missing Secret is CreateContainerConfigError until it is there', async () => {
  const { container } = await seen(
    'missing-secret',
    ({ waiting }) => waiting?.reason === 'CreateContainerConfigError',
    'CreateContainerConfigError',
  );
  expect(container.state.waiting?.message).toBe('secret "vault" not found');
  await lab.client.create(resources.Secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'vault', namespace },
    stringData: { password: 'open sesame' },
  });
  await waitFor(async () => (await pod('missing-secret')).status?.phase === 'Running', {
    timeoutMs: 15_000,
    what: 'the pod to run',
  });
}, 40_000);

test('a container over its memory limit is OOMKilled with exit code 137', async () => {
  const { container, status } = await seen(
    'hungry',
    ({ terminated }) => terminated !== undefined,
    'the end of hungry',
  );
  expect(container.state.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  expect(status?.phase).toBe('Failed');
}, 40_000);

test('a container that keeps failing is in CrashLoopBackOff, and the log of its last run can be read', async () => {
  const { container } = await seen(
    'crashing',
    ({ waiting }) => waiting?.reason === 'CrashLoopBackOff',
    'CrashLoopBackOff',
  );
  expect(container.lastState.terminated).toMatchObject({ reason: 'Error', exitCode: 3 });
  expect(container.restartCount).toBeGreaterThanOrEqual(1);
  const said = /^cannot find my config in run \d+\n$/;
  const [now, previous] = await Promise.all([
    lab.log(namespace, 'crashing'),
    lab.log(namespace, 'crashing', { previous: true }),
  ]);
  expect(now).toMatch(said);
  expect(previous).toMatch(said);
  // The process id in it tells the runs apart.
  expect(now).not.toBe(previous);
}, 40_000);

test('requests beyond what the machine offers leave a pod Pending, with the figures', async () => {
  const condition = await waitFor(
    async () => (await pod('too-big')).status?.conditions?.find(({ type }) => type === 'PodScheduled'),
    { timeoutMs: 10_000, what: 'the scheduler' },
  );
  expect(condition).toMatchObject({ status: 'False', reason: 'Unschedulable' });
  expect(condition.message).toMatch(
    /^0\/1 nodes are available: 1 Insufficient cpu \(asked 4000000m, free \d+m of \d+m\)\.$/,
  );
  expect((await pod('too-big')).status?.phase).toBe('Pending');
}, 20_000);

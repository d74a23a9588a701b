import { resources, type KubeObject } from '@scalelab/kube';
import type { Job, Pod } from '@scalelab/manifests';
import type { ControllerContext } from '../controller';
import { GarbageCollector } from '../garbage/garbage-collector';
import { controllerWorld, type ControllerWorld } from '../testing/controller-world';
import { JobController } from './job-controller';

const factories = [
  (context: ControllerContext) => new JobController(context),
  (context: ControllerContext) => new GarbageCollector(context, [resources.Job, resources.Pod]),
];
const jobOf = (spec: object = {}): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'work', namespace: 'default' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } }, ...spec },
});

describe('JobController', () => {
  let world: ControllerWorld;
  beforeEach(async () => {
    world = await controllerWorld(factories);
  });
  afterEach(() => {
    world.stop();
    expect(world.warnings).toEqual([]);
  });
  const job = () => world.store.get(resources.Job, 'default', 'work') as Job;
  const condition = (type: string) => job().status?.conditions?.find((one) => one.type === type);
  const running = (): Pod[] =>
    world.pods().filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending');
  const end = async (phase: 'Succeeded' | 'Failed', count = 1) => {
    for (const { metadata } of running().slice(0, count))
      await world.kubelet.finish(metadata.name, 'default', phase);
    await world.clock.advance(10);
  };

  it('runs one pod to its end', async () => {
    await world.client.create(resources.Job, jobOf());
    await world.clock.advance(2000);
    expect(job().status).toMatchObject({ active: 1, ready: 1, startTime: '2026-01-01T00:00:00Z' });
    await end('Succeeded');
    expect(job().status).toMatchObject({ succeeded: 1, completionTime: '2026-01-01T00:00:02Z' });
    expect(job().status?.active).toBeUndefined();
    expect(condition('Complete')).toMatchObject({ status: 'True', reason: 'CompletionsReached' });
    await world.clock.advance(60_000);
    expect(world.kubelet.started).toHaveLength(1);
  });

  it('keeps parallelism until completions are reached, and counts pods that were cleaned up', async () => {
    await world.client.create(resources.Job, jobOf({ completions: 5, parallelism: 2 }));
    await world.clock.advance(2000);
    expect(running()).toHaveLength(2);
    await end('Succeeded', 2);
    for (const { metadata, status } of world.pods()) {
      if (status?.phase === 'Succeeded') await world.client.delete(resources.Pod, 'default', metadata.name);
    }
    await world.clock.advance(2000);
    expect(job().status?.succeeded).toBe(2);
    await end('Succeeded', 2);
    expect(running()).toHaveLength(1);
    await world.clock.advance(2000);
    await end('Succeeded');
    expect(condition('Complete')?.status).toBe('True');
    expect(job().status?.succeeded).toBe(5);
    expect(world.kubelet.started).toHaveLength(5);
  });

  it('tries again after 10 s, 20 s, 40 s and gives up past backoffLimit', async () => {
    await world.client.create(resources.Job, jobOf({ backoffLimit: 2 }));
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      await world.clock.advance(2000);
      expect(world.kubelet.started).toHaveLength(attempt);
      await end('Failed');
      const failedAt = world.clock.now();
      while (world.kubelet.started.length === attempt && world.clock.now() - failedAt < 120_000)
        await world.clock.advance(1000);
      waits.push(Math.round((world.clock.now() - failedAt) / 10_000) * 10);
    }
    expect(waits).toEqual([10, 20, 120]);
    expect(condition('Failed')).toMatchObject({ status: 'True', reason: 'BackoffLimitExceeded' });
    expect(job().status).toMatchObject({ failed: 3 });
    expect(world.events('Job')).toContain(
      'BackoffLimitExceeded: Job has reached the specified backoff limit',
    );
  });

  it('stops at activeDeadlineSeconds', async () => {
    await world.client.create(resources.Job, jobOf({ activeDeadlineSeconds: 30 }));
    await world.clock.advance(29_000);
    expect(condition('Failed')).toBeUndefined();
    await world.clock.advance(2000);
    expect(condition('Failed')).toMatchObject({ reason: 'DeadlineExceeded' });
    await world.clock.advance(2000);
    expect(world.pods()).toEqual([]);
  });

  it('is deleted with its pods when its time to live is over', async () => {
    await world.client.create(resources.Job, jobOf({ ttlSecondsAfterFinished: 100 }));
    await world.clock.advance(2000);
    await end('Succeeded');
    await world.clock.advance(98_000);
    expect(world.list(resources.Job)).toHaveLength(1);
    await world.clock.advance(3000);
    expect(world.list(resources.Job)).toEqual([]);
    expect(world.pods()).toEqual([]);
  });

  it('does not run while suspended', async () => {
    await world.client.create(resources.Job, jobOf({ suspend: true }));
    await world.clock.advance(5000);
    expect(world.pods()).toEqual([]);
    expect(condition('Suspended')?.status).toBe('True');
    await world.client.patch(resources.Job, 'default', 'work', { spec: { suspend: false } });
    await world.clock.advance(2000);
    expect(running()).toHaveLength(1);
    await world.client.patch(resources.Job, 'default', 'work', { spec: { suspend: true } });
    await world.clock.advance(2000);
    expect(world.pods()).toEqual([]);
    expect(job().status?.startTime).toBeUndefined();
  });

  it('as a work queue starts no more pods after the first success', async () => {
    await world.client.create(resources.Job, jobOf({ parallelism: 3 }));
    await world.clock.advance(2000);
    expect(running()).toHaveLength(3);
    await end('Succeeded');
    await end('Failed');
    expect(running()).toHaveLength(1);
    expect(condition('Complete')).toBeUndefined();
    await end('Succeeded');
    expect(condition('Complete')?.status).toBe('True');
  });

  it('replaces a pod that was deleted under it', async () => {
    await world.client.create(resources.Job, jobOf());
    await world.clock.advance(2000);
    await world.client.delete(resources.Pod, 'default', world.pods()[0]?.metadata.name ?? '');
    await world.clock.advance(2000);
    expect(running()).toHaveLength(1);
    expect(world.kubelet.started).toHaveLength(2);
  });

  it('keeps its selector and template from edits', async () => {
    await world.client.create(resources.Job, jobOf());
    expect(job().spec.selector?.matchLabels).toEqual({
      'batch.kubernetes.io/controller-uid': job().metadata.uid,
    });
    const edit = { spec: { template: { spec: { containers: [{ name: 'c', image: 'other' }] } } } };
    await expect(world.client.patch(resources.Job, 'default', 'work', edit)).rejects.toMatchObject({
      code: 422,
    });
  });
});

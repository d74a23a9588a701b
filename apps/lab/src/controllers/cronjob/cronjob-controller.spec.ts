import { resources, type KubeObject } from '@scalelab/kube';
import type { CronJob, Job } from '@scalelab/manifests';
import type { ControllerContext } from '../controller';
import { GarbageCollector } from '../garbage/garbage-collector';
import { JobController } from '../job/job-controller';
import { controllerWorld, startMs, type ControllerWorld } from '../testing/controller-world';
import { CronJobController } from './cronjob-controller';
import { dueRuns, timetableOf } from './due-runs';

const types = [resources.CronJob, resources.Job, resources.Pod];
const factories = [
  (context: ControllerContext) => new CronJobController(context),
  (context: ControllerContext) => new JobController(context),
  (context: ControllerContext) => new GarbageCollector(context, types),
];
const minuteMs = 60_000;
const cronJobOf = (spec: object = {}): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'check', namespace: 'default' },
  spec: {
    schedule: '*/5 * * * *',
    jobTemplate: {
      metadata: { labels: { app: 'check' } },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } },
    },
    ...spec,
  },
});

describe('CronJobController', () => {
  let world: ControllerWorld;
  beforeEach(async () => {
    world = await controllerWorld(factories);
  });
  afterEach(() => {
    world.stop();
    expect(world.warnings).toEqual([]);
  });
  const jobs = () => world.list<Job>(resources.Job);
  const names = () => jobs().map(({ metadata }) => metadata.name);
  const cronJob = () => world.store.get(resources.CronJob, 'default', 'check') as CronJob;
  const finishAll = async (phase: 'Succeeded' | 'Failed') => {
    for (const pod of world.pods()) {
      if (pod.status?.phase === 'Running') await world.kubelet.finish(pod.metadata.name, 'default', phase);
    }
    await world.clock.advance(10);
  };
  const minute = (n: number) => Math.floor(startMs / minuteMs) + n;

  it('makes a Job whenever it is due, with the time in its name', async () => {
    await world.client.create(resources.CronJob, cronJobOf());
    await world.clock.advance(4 * minuteMs);
    expect(jobs()).toEqual([]);
    await world.clock.advance(minuteMs + 2000);
    expect(names()).toEqual([`check-${minute(5)}`]);
    expect(jobs()[0]?.metadata).toMatchObject({
      labels: { app: 'check' },
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:05:00Z' },
      ownerReferences: [{ kind: 'CronJob', name: 'check', controller: true }],
    });
    expect(cronJob().status).toMatchObject({
      lastScheduleTime: '2026-01-01T00:05:00Z',
      active: [{ kind: 'Job', name: `check-${minute(5)}` }],
    });
    await finishAll('Succeeded');
    expect(cronJob().status?.active).toBeUndefined();
    expect(cronJob().status?.lastSuccessfulTime).toBe('2026-01-01T00:05:02Z');
    await world.clock.advance(5 * minuteMs);
    expect(names()).toEqual([`check-${minute(5)}`, `check-${minute(10)}`]);
  });

  it('keeps three successful Jobs and one failed', async () => {
    await world.client.create(
      resources.CronJob,
      cronJobOf({
        jobTemplate: {
          spec: {
            ...(cronJobOf().spec as { jobTemplate: { spec: object } }).jobTemplate.spec,
            backoffLimit: 0,
          },
        },
      }),
    );
    for (let run = 1; run <= 10; run++) {
      await world.clock.advance(5 * minuteMs - 1000 + (run === 1 ? 2500 : 0));
      await world.clock.advance(1000);
      await finishAll(run % 2 === 0 ? 'Failed' : 'Succeeded');
    }
    await world.clock.advance(1000);
    const of = (type: string) =>
      jobs().filter(({ status }) =>
        status?.conditions?.some((one) => one.type === type && one.status === 'True'),
      );
    expect(of('Complete')).toHaveLength(3);
    expect(of('Failed')).toHaveLength(1);
    expect(world.pods()).toHaveLength(4);
  });

  it('forbid: the next run waits for the present one', async () => {
    await world.client.create(resources.CronJob, cronJobOf({ concurrencyPolicy: 'Forbid' }));
    await world.clock.advance(11 * minuteMs);
    expect(names()).toEqual([`check-${minute(5)}`]);
    await finishAll('Succeeded');
    expect(names()).toEqual([`check-${minute(5)}`, `check-${minute(10)}`]);
  });

  it('replace: the present run ends for the next one', async () => {
    await world.client.create(resources.CronJob, cronJobOf({ concurrencyPolicy: 'Replace' }));
    await world.clock.advance(6 * minuteMs);
    await world.clock.advance(5 * minuteMs);
    expect(names()).toEqual([`check-${minute(10)}`]);
    expect(world.pods()).toHaveLength(1);
  });

  it('suspended it makes nothing, and afterwards only what is not too late', async () => {
    await world.client.create(resources.CronJob, cronJobOf({ suspend: true, startingDeadlineSeconds: 30 }));
    await world.clock.advance(6 * minuteMs);
    expect(jobs()).toEqual([]);
    await world.client.patch(resources.CronJob, 'default', 'check', { spec: { suspend: false } });
    await world.clock.advance(minuteMs);
    expect(jobs()).toEqual([]);
    await world.clock.advance(4 * minuteMs);
    expect(names()).toEqual([`check-${minute(10)}`]);
  });

  it('runs by the clock of its time zone', async () => {
    await world.client.create(
      resources.CronJob,
      cronJobOf({ schedule: '0 9 * * *', timeZone: 'Asia/Tokyo' }),
    );
    await world.clock.advance(24 * 60 * minuteMs + minuteMs);
    expect(cronJob().status?.lastScheduleTime).toBe('2026-01-02T00:00:00Z');
  });

  it('says that a schedule cannot be read, and waits for its edit', async () => {
    await world.client.create(resources.CronJob, cronJobOf({ schedule: 'whenever' }));
    await world.clock.advance(30 * minuteMs);
    expect(world.events('CronJob')[0]).toMatch(/^UnparseableSchedule: unparseable schedule: "whenever"/);
    await world.client.patch(resources.CronJob, 'default', 'check', { spec: { schedule: '* * * * *' } });
    await world.clock.advance(2 * minuteMs);
    expect(jobs().length).toBeGreaterThan(0);
  });

  it('of many missed runs makes up for the latest, in few steps', () => {
    const cronJob = { ...cronJobOf({ schedule: '* * * * *' }) } as unknown as CronJob;
    const created = {
      ...cronJob,
      metadata: { ...cronJob.metadata, creationTimestamp: '2020-01-01T00:00:00Z' },
    };
    const started = performance.now();
    const { dueMs, missed, nextMs } = dueRuns(created, timetableOf(created), startMs + 90_000);
    expect([dueMs, nextMs]).toEqual([startMs + minuteMs, startMs + 2 * minuteMs]);
    expect(missed).toBeGreaterThan(100);
    expect(missed).toBeLessThan(300);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

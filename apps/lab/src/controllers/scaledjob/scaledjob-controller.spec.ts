import { resources, type KubeObject } from '@scalelab/kube';
import type { Job } from '@scalelab/manifests';
import type { ScaledJob, TriggerObservation } from '@scalelab/scaling';
import type { ControllerContext } from '../controller';
import { GarbageCollector } from '../garbage/garbage-collector';
import { JobController } from '../job/job-controller';
import { controllerWorld, startMs, type ControllerWorld } from '../testing/controller-world';
import { scaledJobController, type ScaledJobPollRecord } from '.';

const scaledJob = (spec: object = {}): KubeObject => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledJob',
  metadata: { name: 'batch', namespace: 'default' },
  spec: {
    pollingInterval: 10,
    maxReplicaCount: 5,
    jobTargetRef: { template: { spec: { containers: [{ name: 'work', image: 'work:1' }] } } },
    triggers: [
      {
        type: 'aws-sqs-queue',
        metadata: {
          queueURL: 'http://127.0.0.1:4566/000000000000/work',
          queueLength: '1',
          awsRegion: 'us-east-1',
          identityOwner: 'operator',
        },
      },
    ],
    ...spec,
  },
});

describe('ScaledJobController', () => {
  let world: ControllerWorld;
  let waiting: number;
  let asked: number;
  let broken: boolean;
  let recorded: (ScaledJobPollRecord & { atMs: number })[];

  beforeEach(async () => {
    [waiting, asked, broken, recorded] = [0, 0, false, []];
    const types = [resources.ScaledJob, resources.Job, resources.Pod];
    world = await controllerWorld([
      (context: ControllerContext) => new JobController(context),
      (context: ControllerContext) => new GarbageCollector(context, types),
      scaledJobController({
        triggers: {
          observe: (): Promise<TriggerObservation> => {
            asked++;
            return Promise.resolve(
              broken
                ? { kind: 'unreachable', message: 'the queue is gone' }
                : {
                    kind: 'sqs',
                    attributes: {
                      ApproximateNumberOfMessages: String(waiting),
                      ApproximateNumberOfMessagesNotVisible: '0',
                    },
                  },
            );
          },
        },
        record: (atMs, record) => recorded.push({ ...record, atMs }),
      }),
    ]);
  });
  afterEach(() => {
    world.stop();
    expect(world.warnings).toEqual([]);
  });
  const jobs = () => world.list<Job>(resources.Job);
  const seconds = (n: number) => world.clock.advance(n * 1000);
  const stored = () => world.store.get(resources.ScaledJob, 'default', 'batch') as unknown as ScaledJob;
  const condition = (type: string) => stored().status?.conditions?.find((one) => one.type === type);

  it('polls at once and then every interval, and makes a Job for each message up to the maximum', async () => {
    waiting = 3;
    await world.client.create(resources.ScaledJob, scaledJob());
    await seconds(1);
    expect(jobs()).toHaveLength(3);
    expect(jobs()[0]?.metadata).toMatchObject({
      labels: { 'scaledjob.keda.sh/name': 'batch' },
      ownerReferences: [{ kind: 'ScaledJob', name: 'batch', controller: true }],
    });
    expect(jobs()[0]?.spec.template.spec?.restartPolicy).toBe('OnFailure');
    waiting = 9;
    await seconds(10);
    expect(jobs()).toHaveLength(5);
    await seconds(30);
    expect(jobs()).toHaveLength(5);
    expect(recorded.map(({ atMs, from, to }) => [(atMs - startMs) / 1000, from, to]).slice(0, 3)).toEqual([
      [0, 0, 3],
      [10, 3, 5],
      [20, 5, 5],
    ]);
    expect(recorded[0]?.sentence).toContain('creates 3 Jobs');
    expect(condition('Active')?.status).toBe('True');
  });

  it('makes none while nothing waits, and room for new ones when Jobs end', async () => {
    await world.client.create(resources.ScaledJob, scaledJob({ maxReplicaCount: 2 }));
    await seconds(15);
    expect(jobs()).toEqual([]);
    expect(condition('Active')?.status).toBe('False');
    waiting = 4;
    await seconds(10);
    expect(jobs()).toHaveLength(2);
    for (const { metadata } of world.pods())
      await world.kubelet.finish(metadata.name, 'default', 'Succeeded');
    waiting = 2;
    await seconds(10);
    expect(jobs()).toHaveLength(4);
    expect(jobs().filter(({ status }) => status?.succeeded === 1)).toHaveLength(2);
  });

  it('keeps no more finished Jobs than its history limits', async () => {
    await world.client.create(resources.ScaledJob, scaledJob({ successfulJobsHistoryLimit: 1 }));
    for (let round = 0; round < 3; round++) {
      waiting = 1;
      await seconds(10);
      waiting = 0;
      for (const { metadata, status } of world.pods()) {
        if (status?.phase === 'Running') await world.kubelet.finish(metadata.name, 'default', 'Succeeded');
      }
    }
    await seconds(20);
    expect(jobs()).toHaveLength(1);
    expect(world.pods()).toHaveLength(1);
  });

  it('says so when the source fails, and goes on', async () => {
    broken = true;
    await world.client.create(resources.ScaledJob, scaledJob());
    await seconds(5);
    expect(jobs()).toEqual([]);
    expect(world.events('ScaledJob')).toContainEqual(expect.stringContaining('the queue is gone'));
    broken = false;
    waiting = 1;
    await seconds(10);
    expect(jobs()).toHaveLength(1);
  });

  it('pauses by annotation and stops when it is deleted, with all its Jobs', async () => {
    waiting = 1;
    await world.client.create(resources.ScaledJob, scaledJob());
    await seconds(1);
    const annotate = (value: string | null) =>
      world.client.patch(resources.ScaledJob, 'default', 'batch', {
        metadata: { annotations: { 'autoscaling.keda.sh/paused': value } },
      });
    await annotate('true');
    await seconds(1);
    const before = asked;
    await seconds(60);
    expect(asked).toBe(before);
    await annotate(null);
    await seconds(1);
    expect(asked).toBeGreaterThan(before);
    await world.client.delete(resources.ScaledJob, 'default', 'batch');
    await seconds(1);
    const last = asked;
    await seconds(60);
    expect([world.list(resources.ScaledJob), jobs(), world.pods(), asked]).toEqual([[], [], [], last]);
  });
});

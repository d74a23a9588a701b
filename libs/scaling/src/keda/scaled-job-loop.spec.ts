import { explainScaledJob } from './explain-job';
import { type JobFacts } from './job-facts';
import { type TriggerAnswer } from './loop-types';
import { maxJobs, minJobs, type ScaledJob, type ScaledJobSpec } from './scaled-job';
import { scaledJobLoop } from './scaled-job-loop';
import { type ScaledJobEffect, type ScaledJobLoopState } from './scaled-job-types';

const start = 1_700_000_000_000;
const sqs = {
  type: 'aws-sqs-queue',
  metadata: { queueURL: 'orders', queueLength: '2', awsRegion: 'r', identityOwner: 'operator' },
};
const messages = (count: number): TriggerAnswer => ({
  kind: 'observed',
  observation: {
    kind: 'sqs',
    attributes: { ApproximateNumberOfMessages: String(count), ApproximateNumberOfMessagesNotVisible: '0' },
  },
});
const failing: TriggerAnswer = { kind: 'error', message: 'no route to host' };
const jobOf = (spec: Partial<ScaledJobSpec>, metadata: Partial<ScaledJob['metadata']> = {}): ScaledJob => ({
  metadata: { name: 'crunch', generation: 3, ...metadata },
  spec: { jobTargetRef: {}, triggers: [sqs], ...spec },
});
const running = (name: string, facts: Partial<JobFacts> = {}): JobFacts => ({
  name,
  finished: null,
  generation: '3',
  pods: [{ phase: 'Running', conditions: ['Ready'] }],
  ...facts,
});
const events = (effects: readonly ScaledJobEffect[]): string[] =>
  effects.flatMap((e) => (e.kind === 'event' ? [`${e.type} ${e.reason} ${e.message}`] : []));

function started(object: ScaledJob, jobs: readonly JobFacts[] = []): ScaledJobLoopState {
  return scaledJobLoop.step(scaledJobLoop.init(object), start, { kind: 'reconcile', object, jobs }).state;
}

describe('a ScaledJob under reconcile', () => {
  it('gets its finalizer, its conditions and its loop', () => {
    const object = jobOf({ pollingInterval: 5 });
    const step = scaledJobLoop.step(scaledJobLoop.init(object), start, {
      kind: 'reconcile',
      object,
      jobs: [],
    });
    expect(step.nextDueAtMs).toBe(start);
    expect(step.effects.map((e) => e.kind)).toEqual([
      'metadata',
      'event',
      'event',
      'startLoop',
      'event',
      'status',
    ]);
    expect(step.state.status).toMatchObject({ triggersTypes: 'aws-sqs-queue', authenticationsTypes: '' });
    expect(step.state.status.conditions?.[0]).toMatchObject({
      type: 'Ready',
      status: 'True',
      reason: 'ScaledJobReady',
    });
    const poll = scaledJobLoop.step(step.state, start, {
      kind: 'poll',
      object,
      jobs: [],
      answers: [messages(0)],
    });
    expect(poll.nextDueAtMs).toBe(start + 5000);
  });

  it.each<[string, Partial<ScaledJobSpec>, string]>([
    ['no jobTargetRef', { jobTargetRef: undefined }, 'ScaledJob.spec.jobTargetRef not found'],
    ['no triggers', { triggers: [] }, "ScaledJob doesn't have correct triggers specification"],
    [
      'a metricType',
      { triggers: [{ ...sqs, metricType: 'Value' }] },
      'Cannot set metricType in ScaledJob triggers',
    ],
    [
      'bad metadata',
      { triggers: [{ type: 'cron', metadata: {} }] },
      'Failed to ensure ScaledJob is correctly created',
    ],
  ])('is refused with %s', (_name, spec, message) => {
    const object = jobOf(spec);
    const step = scaledJobLoop.step(scaledJobLoop.init(object), start, {
      kind: 'reconcile',
      object,
      jobs: [],
    });
    expect(step.decision).toMatchObject({ kind: 'reconcile', message, error: expect.any(String) as string });
    expect(events(step.effects)).toContain(`Warning ScaledJobCheckFailed ${message}`);
    expect(step.nextDueAtMs).toBeNull();
  });

  it('stops while it is paused and begins anew afterwards', () => {
    const object = jobOf({});
    const paused = jobOf({}, { annotations: { 'autoscaling.keda.sh/paused': 'yes' } });
    const first = scaledJobLoop.step(started(object), start, { kind: 'reconcile', object: paused, jobs: [] });
    expect(events(first.effects)).toContain('Normal ScaledJobPaused ScaledJob is paused');
    expect(first.nextDueAtMs).toBeNull();
    expect(
      scaledJobLoop.step(first.state, start, { kind: 'poll', object: paused, jobs: [], answers: [] }).effects,
    ).toEqual([]);
    const again = scaledJobLoop.step(first.state, start, { kind: 'reconcile', object: paused, jobs: [] });
    expect(again.effects.filter((e) => e.kind !== 'metadata' && e.kind !== 'status')).toEqual([]);
    const resumed = scaledJobLoop.step(first.state, start, { kind: 'reconcile', object, jobs: [] });
    expect(events(resumed.effects)).toContain('Normal ScaledJobUnpaused ScaledJob is unpaused');
    expect(resumed.nextDueAtMs).toBe(start);
  });

  it.each<[string, Partial<ScaledJobSpec>, string[], string]>([
    ['by default', {}, ['old', 'unknown'], 'Background'],
    ['in the foreground', { rollout: { propagationPolicy: 'foreground' } }, ['old', 'unknown'], 'Foreground'],
    ['not when gradual', { rollout: { strategy: 'gradual' } }, [], 'Background'],
    ['not when gradual in the old field', { rolloutStrategy: 'gradual' }, [], 'Background'],
  ])('deletes Jobs of other generations %s', (_name, spec, names, propagation) => {
    const object = jobOf(spec);
    const { generation: _none, ...unknown } = running('unknown');
    const jobs = [running('new'), running('old', { generation: '2' }), unknown];
    const step = scaledJobLoop.step(scaledJobLoop.init(object), start, { kind: 'reconcile', object, jobs });
    expect(step.effects.filter((e) => e.kind === 'deleteJob')).toEqual(
      names.map((name) => ({ kind: 'deleteJob', name, propagation })),
    );
  });

  it('lets go of a deleted object', () => {
    const object = jobOf(
      {},
      { finalizers: ['finalizer.keda.sh', 'mine'], deletionTimestamp: '2026-01-01T00:00:00Z' },
    );
    const step = scaledJobLoop.step(started(jobOf({})), start, { kind: 'reconcile', object, jobs: [] });
    expect(step.effects).toContainEqual({ kind: 'metadata', labels: {}, finalizers: ['mine'] });
    expect(events(step.effects)).toEqual([
      'Normal KEDAScalersStopped Stopped scalers watch',
      'Warning ScaledJobDeleted ScaledJob was deleted',
    ]);
    expect(step.nextDueAtMs).toBeNull();
  });
});

describe('a check of a ScaledJob', () => {
  const check = (spec: Partial<ScaledJobSpec>, jobs: readonly JobFacts[], ...answers: TriggerAnswer[]) => {
    const object = jobOf(spec, {
      labels: { team: 'a', secret: 'x' },
      annotations: { 'scaledjob.keda.sh/job-excluded-labels': 'secret' },
    });
    const step = scaledJobLoop.step(started(object, jobs), start, { kind: 'poll', object, jobs, answers });
    if (step.decision.kind !== 'poll') throw new Error('no decision');
    return { ...step, decision: step.decision, sentence: explainScaledJob(step.decision.trace).sentence };
  };

  it.each<[string, Partial<ScaledJobSpec>, JobFacts[], TriggerAnswer[]]>([
    [
      'creates 3 Jobs: demand 3, 0 unfinished of which 0 pending, at most 100; default allows 3',
      {},
      [],
      [messages(6)],
    ],
    [
      'creates 1 Job: demand 3, 2 unfinished of which 0 pending, at most 100; default allows 1',
      {},
      [running('a'), running('b')],
      [messages(6)],
    ],
    [
      'creates 2 Jobs: demand 3, 2 unfinished of which 1 pending, at most 100; accurate allows 2',
      { scalingStrategy: { strategy: 'accurate' } },
      [running('a'), running('b', { pods: [{ phase: 'Pending' }] })],
      [messages(6)],
    ],
    [
      'creates 3 Jobs: demand 3, 0 unfinished of which 0 pending, at most 3; eager allows 3',
      { maxReplicaCount: 3, scalingStrategy: { strategy: 'eager' } },
      [],
      [messages(6)],
    ],
    [
      'creates 1 Job: demand 3, 4 unfinished of which 0 pending, at most 100; custom allows 1',
      {
        scalingStrategy: {
          strategy: 'custom',
          customScalingQueueLengthDeduction: 0,
          customScalingRunningJobPercentage: '0.5',
        },
      },
      [running('a'), running('b'), running('c'), running('d')],
      [messages(6)],
    ],
    ['creates 2 Jobs: 0 unfinished < minReplicaCount 2', { minReplicaCount: 2 }, [], [messages(0)]],
    ['creates 0 Jobs: no trigger is active', {}, [], [messages(0)]],
    ['creates 0 Jobs: no trigger is active; aws-sqs-queue fails (no route to host)', {}, [], [failing]],
  ])('%s', (sentence, spec, jobs, answers) => {
    expect(check(spec, jobs, ...answers).sentence).toBe(sentence);
  });

  it('creates Jobs with the labels of the ScaledJob that are not excluded', () => {
    const { effects } = check({}, [], messages(4));
    expect(effects).toContainEqual({
      kind: 'createJobs',
      count: 2,
      generateName: 'crunch-',
      labels: {
        'app.kubernetes.io/name': 'crunch',
        'app.kubernetes.io/version': '2.19.0',
        'app.kubernetes.io/part-of': 'crunch',
        'app.kubernetes.io/managed-by': 'keda-operator',
        'scaledjob.keda.sh/name': 'crunch',
        team: 'a',
      },
      annotations: {
        'scaledjob.keda.sh/generation': '3',
        'scaledjob.keda.sh/job-excluded-labels': 'secret',
      },
    });
  });

  it('deletes the oldest finished Jobs beyond the limits', () => {
    const done = (name: string, completedMs: number): JobFacts =>
      running(name, { finished: 'Complete', completedMs, pods: [] });
    const failed = running('f', { finished: 'Failed', pods: [] });
    const { effects, decision } = check(
      { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 },
      [done('new', 30), done('old', 10), done('mid', 20), failed],
      messages(0),
    );
    expect(effects.flatMap((e) => (e.kind === 'deleteJob' ? [e.name] : []))).toEqual(['old', 'mid', 'f']);
    expect(decision.deleted).toBe(3);
  });

  it('keeps 100 finished Jobs of a kind by default', () => {
    const jobs = Array.from({ length: 102 }, (_, i) => running(`j${i}`, { finished: 'Complete', pods: [] }));
    expect(check({}, jobs, messages(0)).decision.deleted).toBe(2);
  });

  it('tells which triggers are active, and says when some fail', () => {
    const { state, effects } = check({ triggers: [sqs, sqs] }, [], messages(4), failing);
    expect(state.status).toMatchObject({
      lastActiveTime: '2023-11-14T22:13:20Z',
      triggersActivity: { 's0-aws-sqs-orders': { isActive: true }, 's1-aws-sqs-orders': { isActive: false } },
    });
    expect(state.status.conditions?.[0]).toMatchObject({ status: 'Unknown', reason: 'PartialTriggerError' });
    expect(events(effects)).toContain('Warning KEDAScalerFailed no route to host');
  });

  it('counts cpu and memory for nothing', () => {
    const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } };
    const object = jobOf({ triggers: [cpu] });
    const state: ScaledJobLoopState = {
      ...scaledJobLoop.init(object),
      loop: { pollingIntervalMs: 1, nextPollAtMs: 0 },
    };
    const { decision } = scaledJobLoop.step(state, start, { kind: 'poll', object, jobs: [], answers: [] });
    expect(decision).toMatchObject({ isActive: false, created: 0, isError: false });
  });
});

describe('limits of a ScaledJob', () => {
  it.each([
    [undefined, undefined, 0, 100],
    [undefined, 10, 0, 10],
    [3, undefined, 3, 100],
    [3, 10, 3, 7],
    [10, 3, 3, 3],
    [3, 3, 3, 0],
  ])('min %p, max %p: at least %d, %d beyond', (min, max, least, beyond) => {
    const spec: ScaledJobSpec = {
      triggers: [],
      ...(min === undefined ? {} : { minReplicaCount: min }),
      ...(max === undefined ? {} : { maxReplicaCount: max }),
    };
    expect([minJobs(spec), maxJobs(spec)]).toEqual([least, beyond]);
  });
});

import { initialConditions } from './conditions';
import { type JobFacts } from './job-facts';
import { type ScaledJob, type ScaledJobSpec } from './scaled-job';
import { scaledJobLoop } from './scaled-job-loop';
import { type ScaledJobEffect, type ScaledJobLoopState } from './scaled-job-types';

const now = 1_700_000_000_000;
const finalizer = 'finalizer.keda.sh';
const sqs = {
  type: 'aws-sqs-queue',
  metadata: { queueURL: 'orders', queueLength: '2', awsRegion: 'r', identityOwner: 'operator' },
};
const jobOf = (
  spec: Partial<ScaledJobSpec> = {},
  metadata: Partial<ScaledJob['metadata']> = {},
): ScaledJob => ({
  metadata: { name: 'crunch', generation: 1, finalizers: [finalizer], ...metadata },
  spec: { jobTargetRef: {}, triggers: [sqs], ...spec },
});
const reconcile = (object: ScaledJob, state = scaledJobLoop.init(object), jobs: readonly JobFacts[] = []) =>
  scaledJobLoop.step(state, now, { kind: 'reconcile', object, jobs });
const event = (type: 'Normal' | 'Warning', reason: string, message: string): ScaledJobEffect => ({
  kind: 'event',
  type,
  reason,
  message,
});
const conditionsOf = ({ status }: ScaledJobLoopState) =>
  Object.fromEntries(
    (status.conditions ?? []).map(({ type, ...rest }) => [type, Object.values(rest).join(' | ')]),
  );
const withoutStatus = (effects: readonly ScaledJobEffect[]) =>
  effects.filter(({ kind }) => kind !== 'status');

const isReady = {
  Ready: 'True | ScaledJobReady | ScaledJob is defined correctly and is ready to scaling',
  Active: 'Unknown',
  Fallback: 'Unknown',
  Paused: 'False',
};

describe('the first reconcile of a ScaledJob', () => {
  it('adds the finalizer, builds the scalers, starts the loop and says so', () => {
    const { effects, decision, state, nextDueAtMs } = reconcile(
      jobOf({}, { finalizers: ['mine'], labels: { a: 'b' } }),
    );
    expect(withoutStatus(effects)).toEqual([
      { kind: 'metadata', labels: { a: 'b' }, finalizers: ['mine', finalizer] },
      event('Normal', 'KEDAScalersStarted', 'Scaler aws-sqs-queue is built'),
      event('Normal', 'KEDAScalersStarted', 'Started scalers watch'),
      { kind: 'startLoop' },
      event('Normal', 'ScaledJobReady', 'ScaledJob is ready for scaling'),
    ]);
    expect(effects.at(-1)).toEqual({ kind: 'status', status: state.status });
    expect(decision).toEqual({
      kind: 'reconcile',
      message: 'ScaledJob is defined correctly and is ready to scaling',
    });
    expect(conditionsOf(state)).toEqual(isReady);
    expect(state.loop).toEqual({ pollingIntervalMs: 30_000, nextPollAtMs: now });
    expect(nextDueAtMs).toBe(now);
  });

  it('leaves metadata alone that has the finalizer', () => {
    expect(reconcile(jobOf()).effects.map(({ kind }) => kind)).not.toContain('metadata');
  });

  it('takes over conditions that are all there', () => {
    const conditions = initialConditions.map((condition) =>
      condition.type === 'Ready' ? { ...condition, status: 'True' as const } : condition,
    );
    const { effects, state } = reconcile({ ...jobOf(), status: { conditions } });
    expect(effects).not.toContainEqual(event('Normal', 'ScaledJobReady', 'ScaledJob is ready for scaling'));
    expect(conditionsOf(state)).toEqual(isReady);
  });

  it('says again that it is ready after it was not', () => {
    const conditions = initialConditions.map((condition) =>
      condition.type === 'Ready' ? { ...condition, status: 'False' as const } : condition,
    );
    expect(reconcile({ ...jobOf(), status: { conditions } }).effects).toContainEqual(
      event('Normal', 'ScaledJobReady', 'ScaledJob is ready for scaling'),
    );
  });
});

describe('a reconcile that changes nothing', () => {
  it('starts the loop anew without building or saying anything', () => {
    const object = jobOf({ pollingInterval: 7 });
    const { state } = reconcile(object);
    const again = scaledJobLoop.step(state, now + 500, { kind: 'reconcile', object, jobs: [] });
    expect(again.effects).toEqual([{ kind: 'startLoop' }]);
    expect(again.state.loop).toEqual({ pollingIntervalMs: 7000, nextPollAtMs: now + 500 });
    expect(again.state.scalers).toBe(state.scalers);
  });

  it('builds scalers of a new generation', () => {
    const { state } = reconcile(jobOf());
    const { effects } = reconcile(jobOf({}, { generation: 2 }), state);
    expect(effects).toEqual([
      event('Normal', 'KEDAScalersStarted', 'Scaler aws-sqs-queue is built'),
      { kind: 'startLoop' },
    ]);
  });
});

describe('a ScaledJob that is refused', () => {
  const [anonymous, named] = [sqs, { ...sqs, name: 'q' }];

  it.each<[string, Partial<ScaledJobSpec>, string, string]>([
    [
      'no trigger',
      { triggers: [] },
      "ScaledJob doesn't have correct triggers specification",
      'no triggers defined in the ScaledObject/ScaledJob',
    ],
    [
      'a name twice',
      { triggers: [named, anonymous, named] },
      "ScaledJob doesn't have correct triggers specification",
      'triggerName "q" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique',
    ],
    [
      'metricType on one of two triggers',
      { triggers: [{ ...sqs, metricType: 'Value' }, sqs] },
      'Cannot set metricType in ScaledJob triggers',
      'metricType is set in one of the ScaledJob scaler',
    ],
  ])('%s', (_, spec, message, error) => {
    const { effects, decision, state, nextDueAtMs } = reconcile(jobOf(spec));
    expect(decision).toMatchObject({ kind: 'reconcile', message });
    expect(decision).toMatchObject({ error });
    expect(effects).toContainEqual(event('Warning', 'ScaledJobCheckFailed', message));
    expect(effects).not.toContainEqual({ kind: 'startLoop' });
    expect(conditionsOf(state)).toMatchObject({
      Ready: `False | ScaledJobCheckFailed | ${message}`,
      Active: 'Unknown | UnknownState | ScaledJob check failed',
    });
    expect(nextDueAtMs).toBeNull();
  });

  it('for a trigger that cannot be built, which is said in its own event', () => {
    const { effects, decision } = reconcile(jobOf({ triggers: [sqs, { type: 'cron', metadata: {} }, sqs] }));
    const failure = effects.flatMap((e) =>
      e.kind === 'event' && e.reason === 'KEDAScalerFailed' ? [e] : [],
    );
    expect(failure).toHaveLength(1);
    expect(failure[0]?.type).toBe('Warning');
    expect(decision).toEqual({
      kind: 'reconcile',
      message: 'Failed to ensure ScaledJob is correctly created',
      error: failure[0]?.message,
    });
    expect(effects.filter((e) => e.kind === 'event' && e.message.endsWith(' is built'))).toHaveLength(1);
  });

  it('without a job template, before anything else', () => {
    const message = 'ScaledJob.spec.jobTargetRef not found';
    const { effects, decision, state } = reconcile(jobOf({ jobTargetRef: undefined, triggers: [] }));
    expect(withoutStatus(effects)).toEqual([event('Warning', 'ScaledJobCheckFailed', message)]);
    expect(decision).toEqual({ kind: 'reconcile', message, error: message });
    expect(state.status.conditions).toEqual(initialConditions);
  });

  it('goes on polling with what it had before', () => {
    const { state } = reconcile(jobOf());
    const refused = reconcile(jobOf({ triggers: [] }, { generation: 2 }), state);
    expect(refused.state.loop).toEqual(state.loop);
    expect(refused.state.scalers).toBe(state.scalers);
  });
});

describe('a paused ScaledJob', () => {
  const paused = jobOf({}, { annotations: { 'autoscaling.keda.sh/paused': 'true' } });

  it('stops its loop once, and keeps quiet afterwards', () => {
    const { state } = reconcile(jobOf());
    const first = reconcile(paused, state);
    expect(withoutStatus(first.effects)).toEqual([
      event('Normal', 'KEDAScalersStopped', 'Stopped scalers watch'),
      { kind: 'stopLoop' },
      event('Normal', 'ScaledJobPaused', 'ScaledJob is paused'),
    ]);
    expect(first.decision).toEqual({
      kind: 'reconcile',
      message: 'ScaledJob is paused, skipping reconcile loop',
    });
    expect(conditionsOf(first.state)).toEqual({
      ...isReady,
      Ready: 'True | ScaledJobReady | ScaledJob is paused, skipping reconcile loop',
      Paused: 'True | ScaledJobPaused | ScaledJob is paused',
    });
    expect([first.state.loop, first.state.scalers, first.nextDueAtMs]).toEqual([null, null, null]);
    expect(reconcile(paused, first.state).effects).toEqual([]);
    expect(
      scaledJobLoop.step(first.state, now, { kind: 'poll', object: paused, jobs: [], answers: [] }),
    ).toEqual({
      state: first.state,
      effects: [],
      decision: { kind: 'none', why: 'no scale loop runs' },
      nextDueAtMs: null,
    });
  });

  it('has no loop to stop when it was never started', () => {
    expect(withoutStatus(reconcile(paused).effects)).toEqual([
      { kind: 'stopLoop' },
      event('Normal', 'ScaledJobPaused', 'ScaledJob is paused'),
      event('Normal', 'ScaledJobReady', 'ScaledJob is ready for scaling'),
    ]);
  });

  it('begins anew when the annotation is gone', () => {
    const { state } = reconcile(paused, reconcile(jobOf()).state);
    const resumed = reconcile(jobOf(), state);
    expect(withoutStatus(resumed.effects)).toEqual([
      event('Normal', 'ScaledJobUnpaused', 'ScaledJob is unpaused'),
      event('Normal', 'KEDAScalersStarted', 'Scaler aws-sqs-queue is built'),
      event('Normal', 'KEDAScalersStarted', 'Started scalers watch'),
      { kind: 'startLoop' },
    ]);
    expect(conditionsOf(resumed.state).Paused).toBe('False | ScaledJobUnpaused | ScaledJob is unpaused');
  });
});

describe('a rollout', () => {
  const old = (name: string): JobFacts => ({ name, finished: null, generation: '0', pods: [] });

  it('says how many Jobs of the previous version it deletes, before and after', () => {
    const { effects } = reconcile(jobOf(), undefined, [old('a'), old('b')]);
    expect(effects.slice(0, 4)).toEqual([
      event(
        'Normal',
        'ScaledJobRolloutCleanupStarted',
        'Deleting 2 jobs owned by the previous version of the scaledJob',
      ),
      { kind: 'deleteJob', name: 'a', propagation: 'Background' },
      { kind: 'deleteJob', name: 'b', propagation: 'Background' },
      event(
        'Normal',
        'ScaledJobRolloutCleanupCompleted',
        'Deleted 2 jobs owned by the previous version of the scaledJob',
      ),
    ]);
  });

  it('takes Jobs for generation 0 when the object has none', () => {
    const { generation: _none, ...metadata } = jobOf().metadata;
    const { effects } = reconcile({ ...jobOf(), metadata }, undefined, [old('a')]);
    expect(effects.map(({ kind }) => kind)).not.toContain('deleteJob');
  });
});

describe('a deleted ScaledJob', () => {
  const deleted = (finalizers: string[]) =>
    jobOf({}, { finalizers, deletionTimestamp: '2026-01-01T00:00:00Z' });

  it('stops, gives up its finalizer and writes no status', () => {
    const { state } = reconcile(jobOf());
    const step = reconcile(deleted([finalizer, 'mine']), state);
    expect(step.effects).toEqual([
      event('Normal', 'KEDAScalersStopped', 'Stopped scalers watch'),
      { kind: 'stopLoop' },
      { kind: 'metadata', labels: {}, finalizers: ['mine'] },
      event('Warning', 'ScaledJobDeleted', 'ScaledJob was deleted'),
    ]);
    expect(step.decision).toEqual({ kind: 'reconcile', message: 'ScaledJob was deleted' });
    expect([step.state.loop, step.state.scalers]).toEqual([null, null]);
  });

  it('is left alone when the finalizer is not there', () => {
    const { state } = reconcile(jobOf());
    const step = reconcile(deleted(['mine']), state);
    expect(step.effects).toEqual([event('Warning', 'ScaledJobDeleted', 'ScaledJob was deleted')]);
    expect(step.state.loop).toEqual(state.loop);
  });
});

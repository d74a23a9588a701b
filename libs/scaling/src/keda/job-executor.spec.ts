import { requestJobScale } from './job-executor';
import { JobDraft } from './job-draft';
import { type JobFacts } from './job-facts';
import { type ScaledJob, type ScaledJobSpec } from './scaled-job';
import { type KedaConditionStatus } from './scaled-object';

const now = 1_700_000_000_000;
const objectOf = (spec: Partial<ScaledJobSpec> = {}): ScaledJob => ({
  metadata: { name: 'crunch' },
  spec: { triggers: [], ...spec },
});
const running = (count: number): JobFacts[] =>
  Array.from({ length: count }, (_, i) => ({ name: `j${i}`, finished: null, pods: [{ phase: 'Running' }] }));

function scale(
  demand: { isActive: boolean; scaleTo: number; maxScale: number },
  { isError = false, jobs = 0, spec = {} as Partial<ScaledJobSpec>, ready = 'True', active = 'True' } = {},
) {
  const condition = (type: 'Ready' | 'Active', status: string) => ({
    type,
    status: status as KedaConditionStatus,
    reason: 'before',
    message: 'before',
  });
  const draft = new JobDraft({ conditions: [condition('Ready', ready), condition('Active', active)] });
  const scaling = requestJobScale(objectOf(spec), running(jobs), now, demand, isError, draft);
  const [isReady, isActive] = draft.status.conditions ?? [];
  const events = draft.effects.flatMap((e) =>
    e.kind === 'event' ? [`${e.type} ${e.reason} ${e.message}`] : [],
  );
  const created = draft.effects.flatMap((e) => (e.kind === 'createJobs' ? [e.count] : []));
  return { scaling, isReady, isActive, events, created, lastActiveTime: draft.status.lastActiveTime };
}
const queue = (length: number) => ({ isActive: length > 0, scaleTo: length, maxScale: length });

describe('what a check makes of the conditions', () => {
  const partial = 'Some triggers defined in ScaledJob are not working correctly';
  const broken = 'Triggers defined in ScaledJob are not working correctly';
  const fine = 'ScaledJob is defined correctly and is ready for scaling';

  it.each([
    // ready before, error, active -> reason after
    ['True', false, true, 'True', 'before', 'before'],
    ['True', false, false, 'True', 'before', 'before'],
    ['Unknown', false, true, 'True', 'ScaledJobReady', fine],
    ['False', false, false, 'True', 'ScaledJobReady', fine],
    ['True', true, true, 'Unknown', 'PartialTriggerError', partial],
    ['False', true, true, 'Unknown', 'PartialTriggerError', partial],
    ['Unknown', true, true, 'Unknown', 'before', 'before'],
    ['True', true, false, 'False', 'TriggerError', broken],
    ['Unknown', true, false, 'False', 'TriggerError', broken],
    ['False', true, false, 'False', 'before', 'before'],
  ])('Ready %s, error %p, active %p: %s, %s', (ready, isError, isActive, status, reason, message) => {
    expect(scale(queue(isActive ? 1 : 0), { ready, isError }).isReady).toEqual({
      type: 'Ready',
      status,
      reason,
      message,
    });
  });

  const performed = 'Scaling is performed because triggers are active';
  const notPerformed = 'Scaling is not performed because triggers are not active';
  it.each([
    ['True', true, 'True', 'before', 'before', []],
    ['False', true, 'True', 'ScalerActive', performed, [`Normal ScaledJobActive ${performed}`]],
    ['Unknown', true, 'True', 'ScalerActive', performed, [`Normal ScaledJobActive ${performed}`]],
    ['False', false, 'False', 'before', 'before', []],
    ['True', false, 'False', 'ScalerNotActive', notPerformed, [`Normal ScaledJobInactive ${notPerformed}`]],
    [
      'Unknown',
      false,
      'False',
      'ScalerNotActive',
      notPerformed,
      [`Normal ScaledJobInactive ${notPerformed}`],
    ],
  ])('Active %s, active %p: %s, %s', (active, isActive, status, reason, message, events) => {
    const outcome = scale(queue(isActive ? 1 : 0), { active });
    expect(outcome.isActive).toEqual({ type: 'Active', status, reason, message });
    expect(outcome.events.filter((text) => !text.includes('KEDAJobsCreated'))).toEqual(events);
    expect(outcome.lastActiveTime).toBe(isActive ? '2023-11-14T22:13:20Z' : undefined);
  });
});

describe('the Jobs of a check', () => {
  it.each([
    // queue, unfinished, min, max -> created, events
    [3, 0, undefined, 10, [3], ['Normal KEDAJobsCreated Created 3 jobs']],
    [3, 3, undefined, 10, [], []],
    [3, 1, undefined, 10, [2], ['Normal KEDAJobsCreated Created 2 jobs']],
    [9, 0, undefined, 4, [4], ['Normal KEDAJobsCreated Created 4 jobs']],
    [3, 1, 2, 10, [1], ['Normal KEDAJobsCreated Created 1 jobs']],
    [3, 2, 2, 10, [3], ['Normal KEDAJobsCreated Created 3 jobs']],
  ])('queue %d, %d unfinished, min %p, max %p: creates %j', (length, jobs, min, max, created, events) => {
    const spec = { ...(min === undefined ? {} : { minReplicaCount: min }), maxReplicaCount: max };
    const demand = { isActive: true, scaleTo: length, maxScale: Math.min(length, max) };
    const outcome = scale(demand, { jobs, spec });
    expect(outcome.created).toEqual(created);
    expect(outcome.events).toEqual(events);
    expect(outcome.scaling.created).toBe(created[0] ?? 0);
  });

  it('are none while no trigger is active, whatever the queue', () => {
    const outcome = scale({ isActive: false, scaleTo: 5, maxScale: 5 }, { active: 'False' });
    expect(outcome).toMatchObject({ created: [], events: [], scaling: { created: 0 } });
  });

  it('are announced, though none is made, when the queue is below 1', () => {
    const outcome = scale({ isActive: true, scaleTo: 0, maxScale: 5 });
    expect(outcome).toMatchObject({ created: [], events: ['Normal KEDAJobsCreated Created 0 jobs'] });
  });
});

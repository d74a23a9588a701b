import { combineDemands, triggerDemand, type TriggerDemand } from './job-demand';
import { countJobs, expiredJobs, type JobFacts } from './job-facts';
import { decideJobs } from './job-strategy';
import { type ScaledJobSpec, type ScalingStrategy } from './scaled-job';
import { type TriggerMetricSpec } from '../trigger/metric-spec';

const specOf = (scalingStrategy: ScalingStrategy, more: Partial<ScaledJobSpec> = {}): ScaledJobSpec => ({
  triggers: [],
  scalingStrategy,
  ...more,
});

describe('a strategy', () => {
  const custom = (percentage: string, deduction?: number): ScalingStrategy => ({
    strategy: 'custom',
    customScalingRunningJobPercentage: percentage,
    ...(deduction === undefined ? {} : { customScalingQueueLengthDeduction: deduction }),
  });

  it.each<[ScalingStrategy, number, number, number, number, number, [string, number, number]]>([
    // strategy, max, scaleTo, maxScale, running, pending -> name, allowed, created
    [{}, 100, 10, 10, 4, 0, ['default', 6, 6]],
    [{}, 100, 3, 10, 4, 0, ['default', 6, 3]],
    [{}, 100, 10, 10, 12, 0, ['default', 0, 0]],
    [{ strategy: 'default' }, 100, 10, 10, 4, 2, ['default', 6, 6]],
    [{ strategy: 'unheard of' }, 100, 10, 10, 4, 2, ['default', 6, 6]],
    [custom('0.5', 1), 100, 10, 10, 4, 0, ['custom', 7, 7]],
    [custom('0.5'), 100, 10, 10, 5, 0, ['custom', 8, 8]],
    [custom('0.5', 1), 3, 10, 10, 4, 0, ['custom', 3, 3]],
    [custom('nonsense', 1), 100, 10, 10, 4, 0, ['default', 6, 6]],
    [{ strategy: 'custom' }, 100, 10, 10, 4, 0, ['default', 6, 6]],
    [{ ...custom('0.5'), strategy: 'default' }, 100, 10, 10, 4, 0, ['default', 6, 6]],
    [{ strategy: 'accurate' }, 100, 10, 10, 4, 3, ['accurate', 7, 7]],
    [{ strategy: 'accurate' }, 12, 10, 10, 4, 3, ['accurate', 7, 7]],
    [{ strategy: 'accurate' }, 11, 10, 10, 4, 3, ['accurate', 7, 7]],
    [{ strategy: 'accurate' }, 10, 10, 10, 4, 3, ['accurate', 6, 6]],
    [{ strategy: 'accurate' }, 10, 10, 10, 12, 3, ['accurate', 0, 0]],
    [{ strategy: 'eager' }, 20, 10, 10, 4, 3, ['eager', 10, 10]],
    [{ strategy: 'eager' }, 12, 10, 10, 4, 3, ['eager', 5, 5]],
    [{ strategy: 'eager' }, 6, 10, 10, 4, 3, ['eager', 0, 0]],
  ])(
    '%j, max %d, scaleTo %d, maxScale %d, %d unfinished, %d pending: %j',
    (strategy, max, scaleTo, maxScale, running, pending, expected) => {
      const made = decideJobs(
        specOf(strategy, { maxReplicaCount: max }),
        { scaleTo, maxScale },
        { running, pending },
      );
      expect([made.strategy, made.effectiveMaxScale, made.create]).toEqual(expected);
      expect(made.scaleTo).toBe(strategy.strategy === 'eager' ? max : scaleTo);
    },
  );

  it.each([
    [0, ['minimum', 3, 3]],
    [2, ['minimum', 1, 1]],
    // From the minimum on, only what is beyond it counts.
    [3, ['default', 5, 5]],
    [5, ['default', 3, 3]],
  ])('comes after the minimum of 3: %d unfinished: %j', (running, expected) => {
    const spec = specOf({}, { minReplicaCount: 3 });
    const made = decideJobs(spec, { scaleTo: 5, maxScale: 5 }, { running, pending: 0 });
    expect([made.strategy, made.effectiveMaxScale, made.create]).toEqual(expected);
  });
});

describe('the demand of several triggers', () => {
  const demand = (queueLength: number, maxValue: number, isActive = true): TriggerDemand => ({
    queueLength,
    maxValue,
    isActive,
  });
  const three = [demand(7, 3.5), demand(4, 8), demand(9, 9, false), demand(5, 1)];

  it.each<[string | undefined, readonly TriggerDemand[], number, number, boolean]>([
    [undefined, three, 7, 4, true],
    ['max', three, 7, 4, true],
    ['min', three, 4, 8, true],
    ['avg', three, 6, 5, true],
    ['sum', three, 16, 13, true],
    ['nonsense', three, 7, 4, true],
    ['max', [], 0, 0, false],
    ['avg', [], 0, 0, false],
    ['min', [demand(0, 0)], 0, 0, true],
    ['avg', [demand(0, 0)], 0, 0, true],
    ['sum', [demand(0, 0)], 0, 0, true],
    // With max an active trigger counts only with a queue.
    ['max', [demand(0, 0)], 0, 0, false],
    ['sum', [demand(3, 3, false)], 0, 0, false],
    ['min', [demand(0, 5), demand(3, 2)], 3, 2, true],
    ['min', [demand(3, 2), demand(0, 5)], 0, 5, true],
    ['max', [demand(3, 2), demand(3, 5)], 3, 2, true],
    ['min', [demand(3, 2), demand(3, 5)], 3, 2, true],
  ])('%s of %j: scaleTo %d, maxScale %d, active %p', (rule, demands, scaleTo, maxScale, isActive) => {
    const strategy = rule === undefined ? {} : { multipleScalersCalculation: rule };
    expect(combineDemands(demands, specOf(strategy))).toEqual({ scaleTo, maxScale, isActive });
  });

  it('is capped at the maximum, and always active with a minimum', () => {
    const spec = specOf({ multipleScalersCalculation: 'sum' }, { maxReplicaCount: 12 });
    expect(combineDemands(three, spec)).toEqual({ scaleTo: 16, maxScale: 12, isActive: true });
    expect(combineDemands([], { triggers: [], minReplicaCount: 1 })).toMatchObject({ isActive: true });
    expect(combineDemands(three, { triggers: [] })).toMatchObject({ isActive: true });
  });
});

describe('the demand of one trigger', () => {
  const metric = (name: string, target: TriggerMetricSpec['external']): TriggerMetricSpec => ({
    type: 'External',
    external: { ...(target as NonNullable<typeof target>), metric: { name } },
  });
  const average = (name: string, averageValue: string) =>
    metric(name, { metric: { name }, target: { type: 'AverageValue', averageValue } });
  const value = (name: string) => metric(name, { metric: { name }, target: { type: 'Value', value: '5' } });
  const values = [
    { name: 'a', valueMilli: 4_500 },
    { name: 'b', valueMilli: 90_000 },
    { name: 'a', valueMilli: 3_000 },
  ];

  it.each<[string, readonly TriggerMetricSpec[], number, number]>([
    ['the sum of its own metric over the target', [average('a', '2')], 7.5, 3.75],
    [
      'only its first metric, over the average of the targets',
      [average('a', '2'), average('b', '8')],
      7.5,
      1.5,
    ],
    ['nothing for a Value target', [value('a')], 7.5, 0],
    ['half of a target for a Value one beside it', [average('a', '2'), value('b')], 7.5, 7.5],
    ['nothing without metrics', [], 0, 0],
  ])('is %s', (_, specs, queueLength, maxValue) => {
    expect(triggerDemand(values, specs, true, { triggers: [] })).toEqual({
      queueLength,
      maxValue,
      isActive: true,
    });
  });

  it('is at most the maximum', () => {
    const spec: ScaledJobSpec = { triggers: [], maxReplicaCount: 3 };
    expect(triggerDemand(values, [average('a', '2')], false, spec)).toEqual({
      queueLength: 7.5,
      maxValue: 3,
      isActive: false,
    });
  });
});

describe('Jobs', () => {
  const job = (name: string, facts: Partial<JobFacts>): JobFacts => ({
    name,
    finished: null,
    pods: [],
    ...facts,
  });

  it.each<[string, JobFacts['pods'], number]>([
    ['no pod', [], 1],
    ['a pending pod', [{ phase: 'Pending' }], 1],
    ['a failed pod', [{ phase: 'Failed' }], 1],
    ['a running pod', [{ phase: 'Running' }], 0],
    ['a pod that has succeeded', [{ phase: 'Succeeded' }], 0],
    ['one of two pods running', [{ phase: 'Pending' }, { phase: 'Running' }], 0],
  ])('with %s: pending %#', (_, pods, pending) => {
    expect(countJobs([job('a', { pods })], { triggers: [] })).toEqual({ running: 1, pending });
  });

  it('are pending until one pod has all the conditions that are asked for', () => {
    const spec = specOf({ pendingPodConditions: ['Ready', 'PodScheduled'] });
    const jobs = [
      job('none', { pods: [{ phase: 'Running' }] }),
      job('one', { pods: [{ phase: 'Running', conditions: ['Ready'] }] }),
      job('split', {
        pods: [
          { phase: 'Running', conditions: ['Ready'] },
          { phase: 'Running', conditions: ['PodScheduled'] },
        ],
      }),
      job('both', { pods: [{ phase: 'Pending', conditions: ['PodScheduled', 'Ready'] }] }),
      job('finished', { finished: 'Complete' }),
    ];
    expect(countJobs(jobs, spec)).toEqual({ running: 4, pending: 3 });
  });

  it('expire oldest first, and stay in order without a completion time', () => {
    const done = (name: string, completedMs?: number) =>
      job(name, { finished: 'Complete', ...(completedMs === undefined ? {} : { completedMs }) });
    const spec: ScaledJobSpec = { triggers: [], successfulJobsHistoryLimit: 1 };
    const names = (jobs: JobFacts[]) => expiredJobs(jobs, spec).map(({ name }) => name);
    expect(names([done('c', 3), done('a', 1), done('b', 2)])).toEqual(['a', 'b']);
    expect(names([done('x'), done('y'), done('z')])).toEqual(['x', 'y']);
    expect(names([done('x', 5), done('y')])).toEqual(['x']);
    expect(names([done('x'), done('y', 5)])).toEqual(['x']);
    expect(names([done('x', 5)])).toEqual([]);
  });
});

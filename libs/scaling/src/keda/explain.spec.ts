import { explainKeda } from './explain';
import { explainScaledJob } from './explain-job';
import { type ScaledJobTrace } from './scaled-job-types';
import { type KedaTrace, type TriggerTrace } from './trace';

const step = (rule: string, inputs: object, result: string | number) => ({
  rule,
  inputs,
  result,
  docs: `keda-${rule}`,
});
const queue: TriggerTrace = {
  index: 0,
  type: 'aws-sqs-queue',
  metric: 's0-orders',
  valueMilli: 25_500,
  activationMilli: 3_000,
  isActive: true,
  how: '25.5 messages',
};
const poll = (trace: Partial<KedaTrace>): KedaTrace => ({ kind: 'poll', atMs: 100_000, ...trace });
const executor = { rule: 'active' as const, from: 3, to: 3, min: 1 };

describe('the steps of a decision of KEDA', () => {
  it.each<[string, Partial<KedaTrace>, object[]]>([
    ['nothing', {}, []],
    [
      'a trigger that is active',
      { triggers: [queue] },
      [
        step(
          'activation',
          {
            metric: 's0-orders',
            type: 'aws-sqs-queue',
            how: '25.5 messages',
            value: '25.5',
            activation: '3',
          },
          'active',
        ),
      ],
    ],
    [
      'a trigger of which little is known',
      { triggers: [{ index: 0, type: 'cron', metric: 'm', isActive: false }] },
      [step('activation', { metric: 'm', type: 'cron' }, 'inactive')],
    ],
    [
      'a trigger that fails, with a fallback that waits',
      {
        triggers: [
          {
            ...queue,
            error: 'down',
            isActive: false,
            fallback: { failures: 1, threshold: 3, served: false },
          },
        ],
      },
      [
        step('trigger-error', { metric: 's0-orders', type: 'aws-sqs-queue' }, 'down'),
        step('fallback', { metric: 's0-orders', failures: 1, threshold: 3 }, 'waits'),
      ],
    ],
    [
      'a trigger that fails, with a fallback that serves',
      { triggers: [{ ...queue, error: 'down', fallback: { failures: 4, threshold: 3, served: true } }] },
      [
        step('trigger-error', { metric: 's0-orders', type: 'aws-sqs-queue' }, 'down'),
        step(
          'fallback',
          { metric: 's0-orders', failures: 4, threshold: 3 },
          'fallback after 4 failures > threshold 3, 25.5 served',
        ),
      ],
    ],
    [
      'a formula',
      { formula: { text: 'q / 2', resultMilli: 12_750, activationTarget: 2 } },
      [step('formula', { formula: 'q / 2', activationTarget: 2 }, '12.75')],
    ],
    [
      'a formula without a value',
      { formula: { text: 'q / 2', activationTarget: 2 } },
      [step('formula', { formula: 'q / 2', activationTarget: 2 }, 'no value')],
    ],
    ['cpu and memory alone', { cpuMemoryOnly: true }, [step('cpu-memory-always-active', {}, 'active')]],
    ['a note', { note: 'paused' }, [step('poll', {}, 'paused')]],
    ['a change of replicas', { executor }, [step('active', { replicas: 3, minReplicaCount: 1 }, 3)]],
    [
      'a deactivation with all that it looked at',
      {
        executor: {
          ...executor,
          rule: 'deactivate',
          to: 0,
          idle: 0,
          lastActiveMs: 60_000,
          cooldownMs: 30_500,
          forced: true,
          refused: 2,
        },
      },
      [
        step(
          'deactivate',
          {
            replicas: 3,
            minReplicaCount: 1,
            idleReplicaCount: 0,
            cooldownPeriod: '30.5 s',
            inactiveFor: '40 s',
            forced: true,
            refused: 2,
          },
          0,
        ),
      ],
    ],
  ])('are, for %s, data', (_, trace, steps) => {
    expect(explainKeda(poll(trace)).steps).toEqual(steps);
  });
});

describe('the sentence of a request for a metric', () => {
  const request = (...triggers: TriggerTrace[]) => explainKeda(poll({ kind: 'request', triggers })).sentence;
  const { how: _how, ...plain } = queue;

  it.each<[string, TriggerTrace[]]>([
    ['no trigger serves this metric', []],
    ['s0-orders: 25.5 (25.5 messages)', [queue]],
    ['s0-orders: 25.5', [plain]],
    ['s0-orders: 25.5; s0-orders: 25.5 (25.5 messages)', [plain, queue]],
    ['s0-orders: aws-sqs-queue fails (down)', [{ ...queue, error: 'down' }]],
    [
      's0-orders: aws-sqs-queue fails (down), failure 1, fallback after more than 3',
      [{ ...queue, error: 'down', fallback: { failures: 1, threshold: 3, served: false } }],
    ],
    [
      's0-orders: fallback after 4 failures > threshold 3, 25.5 served',
      [{ ...queue, error: 'down', fallback: { failures: 4, threshold: 3, served: true } }],
    ],
  ])('%s', (sentence, triggers) => {
    expect(request(...triggers)).toBe(sentence);
  });

  it('is the note where there is one', () => {
    expect(explainKeda(poll({ note: 'no scale loop runs', triggers: [queue] })).sentence).toBe(
      'no scale loop runs',
    );
  });
});

describe('the steps of a check of a ScaledJob', () => {
  const trace: ScaledJobTrace = {
    kind: 'scaledJobPoll',
    atMs: 0,
    triggers: [queue, { ...queue, error: 'down' }, { index: 2, type: 'cron', metric: 'c', isActive: false }],
    scaleTo: 26,
    maxScale: 13,
    min: 0,
    max: 10,
    running: 4,
    pending: 1,
    isActive: true,
    decision: { strategy: 'default', effectiveMaxScale: 6, scaleTo: 26, create: 6 },
  };

  it('are triggers, demand, strategy and what is created', () => {
    expect(explainScaledJob(trace).steps).toEqual([
      step('activation', { metric: 's0-orders', type: 'aws-sqs-queue', value: '25.5' }, 'active'),
      step('trigger-error', { metric: 's0-orders', type: 'aws-sqs-queue' }, 'down'),
      step('activation', { metric: 'c', type: 'cron' }, 'inactive'),
      step('job-demand', { queue: 26, max: 10 }, 13),
      step('job-strategy-default', { maxScale: 13, running: 4, pending: 1, min: 0, max: 10 }, 6),
      step('create-jobs', { wanted: 26, allowed: 6 }, 6),
    ]);
  });

  it.each<[Partial<ScaledJobTrace>, string]>([
    [
      {},
      'creates 6 Jobs: demand 13, 4 unfinished of which 1 pending, at most 10; default allows 6; aws-sqs-queue fails (down)',
    ],
    [
      { triggers: [queue], decision: { ...trace.decision, scaleTo: 5, create: 5 } },
      'creates 5 Jobs: demand 13, 4 unfinished of which 1 pending, at most 10; default allows 6, queue of 5',
    ],
    [
      { triggers: [], decision: { ...trace.decision, scaleTo: 6, create: 1 } },
      'creates 1 Job: demand 13, 4 unfinished of which 1 pending, at most 10; default allows 6',
    ],
    [
      { triggers: [], decision: { ...trace.decision, effectiveMaxScale: 0, create: 0 } },
      'creates 0 Jobs: demand 13, 4 unfinished of which 1 pending, at most 10; default allows 0',
    ],
    [{ isActive: false, triggers: [] }, 'creates 0 Jobs: no trigger is active'],
    [
      { triggers: [], min: 7, decision: { ...trace.decision, strategy: 'minimum', create: 3 } },
      'creates 3 Jobs: 4 unfinished < minReplicaCount 7',
    ],
  ])('%#', (change, sentence) => {
    expect(explainScaledJob({ ...trace, ...change }).sentence).toBe(sentence);
  });
});

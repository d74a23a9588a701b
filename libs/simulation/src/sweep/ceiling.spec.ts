import fc from 'fast-check';
import type { ScalingTarget } from '../run/scaling-target';
import { simulate, type SimulationOptions } from '../run/simulate';
import { defaultModel } from '../workload/workload-model';
import { ceilingGroups, comesOutAlike } from './ceiling';
import { applyChoice, choicesOf } from './variant';

const target = (spec: object, trigger: object): ScalingTarget => ({
  kind: 'ScaledObject',
  name: 'worker',
  replicas: undefined,
  contexts: [],
  object: {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'worker', namespace: 'default' },
    spec: { scaleTargetRef: { name: 'worker' }, maxReplicaCount: 30, triggers: [trigger], ...spec },
  } as never,
});
const sqs = {
  type: 'aws-sqs-queue',
  metadata: {
    queueURL: 'https://sqs/1/q',
    queueLength: '10',
    awsRegion: 'eu-west-1',
    identityOwner: 'operator',
  },
};
const prometheus = {
  type: 'prometheus',
  metadata: { serverAddress: 'http://p', query: 'q', threshold: '7' },
};

describe('a ceiling that was never touched', () => {
  it('changes nothing: whatever load, model and autoscaler, a run with another one is the same', () => {
    let alike = 0;
    fc.assert(
      fc.property(
        fc.record({
          low: fc.integer({ min: 1, max: 12 }),
          more: fc.integer({ min: 1, max: 30 }),
          rates: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 2, maxLength: 8 }),
          service: fc.constantFrom(0.3, 1, 4),
          trigger: fc.constantFrom(sqs, prometheus),
          window: fc.constantFrom(undefined, 0, 45),
          min: fc.constantFrom(0, 1, 2),
          hasModel: fc.boolean(),
        }),
        ({ low, more, rates, service, trigger, window, min, hasModel }) => {
          const behavior =
            window === undefined
              ? {}
              : {
                  advanced: {
                    horizontalPodAutoscalerConfig: {
                      behavior: { scaleDown: { stabilizationWindowSeconds: window } },
                    },
                  },
                };
          const options: SimulationOptions = {
            target: target({ minReplicaCount: min, cooldownPeriod: 30, ...behavior }, trigger),
            loads: [{ points: rates.map((rate, i) => [i * 120, rate * (hasModel ? 1 : 9)]), seconds: 1_200 }],
            ...(hasModel ? { model: { ...defaultModel, serviceSeconds: service, concurrency: 2 } } : {}),
            stepSeconds: 0,
            decisions: false,
          };
          const run = (max: number) =>
            simulate({ ...options, target: applyChoice(options.target, { maxReplicaCount: String(max) }) })
              .totals;
          const lower = Math.max(low, min);
          const high = run(lower + more);
          if (!comesOutAlike(high, lower + more, lower)) return;
          alike++;
          expect(run(lower)).toEqual(high);
        },
      ),
      { seed: 5, numRuns: 150 },
    );
    expect(alike).toBeGreaterThan(20);
  });

  it('is one that lies above the peak of the run', () => {
    const totals = { peakReplicas: 7 } as ReturnType<typeof simulate>['totals'];
    expect(comesOutAlike(totals, 30, 8)).toBe(true);
    expect(comesOutAlike(totals, 30, 7)).toBe(false);
    expect(comesOutAlike(totals, 8, 30)).toBe(false);
  });

  it('groups choices by all else, the highest ceiling first', () => {
    const choices = choicesOf([
      { path: 'trigger.threshold', values: ['5', '10'] },
      { path: 'maxReplicaCount', values: ['10', '30', '20'] },
    ]);
    expect(ceilingGroups({ target: target({}, sqs) }, choices)).toEqual([
      { members: [1, 2, 0], ceilings: [30, 20, 10] },
      { members: [4, 5, 3], ceilings: [30, 20, 10] },
    ]);
  });

  it('never groups where the ceiling says how many partitions there are', () => {
    const kafka = {
      type: 'kafka',
      metadata: { bootstrapServers: 'b:9092', consumerGroup: 'g', topic: 't', lagThreshold: '10' },
    };
    const choices = choicesOf([{ path: 'maxReplicaCount', values: ['10', '30'] }]);
    expect(ceilingGroups({ target: target({}, kafka) }, choices)).toHaveLength(2);
    const model = { ...defaultModel, partitions: 6 };
    expect(ceilingGroups({ target: target({}, kafka), model }, choices)).toHaveLength(1);
  });
});

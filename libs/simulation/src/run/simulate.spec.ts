import fc from 'fast-check';
import { generateLoad } from '../load/generator';
import { replayRecording } from '../replay/replay-recording';
import { defaultModel } from '../workload/workload-model';
import { RecordingObserver } from './recording-observer';
import type { ScalingTarget } from './scaling-target';
import { simulate } from './simulate';

const queue = {
  type: 'aws-sqs-queue',
  metadata: {
    queueURL: 'https://sqs/1/orders',
    queueLength: '10',
    awsRegion: 'eu-west-1',
    identityOwner: 'operator',
  },
};
const target = (spec: object = {}): ScalingTarget => ({
  kind: 'ScaledObject',
  name: 'worker',
  replicas: undefined,
  contexts: [],
  object: {
    metadata: { name: 'worker', namespace: 'default' },
    spec: {
      scaleTargetRef: { name: 'worker' },
      maxReplicaCount: 30,
      pollingInterval: 5,
      cooldownPeriod: 60,
      triggers: [queue],
      ...spec,
    },
  },
});
const behavior = {
  advanced: {
    horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 30 } } },
  },
};

describe('simulate', () => {
  it('shows that without behavior a spike goes on scaling up, and with one it does not', () => {
    const loads = [generateLoad('spike:0..200/10m,at=60s,for=20s')];
    const counts = (spec: object) =>
      simulate({ target: target(spec), loads }).replicas.map(([, count]) => count);
    expect(counts({})).toEqual([0, 1, 4, 8, 16, 20, 0]);
    expect(counts(behavior)).toEqual([0, 1, 5, 1, 0]);
  });

  it('reads increase() and a route as sums over their windows', () => {
    const burst = {
      points: [
        [30, 76],
        [31, 0],
      ],
      seconds: 150,
    } as const;
    const signals = (trigger: object, context: object = {}) =>
      simulate({
        target: { ...target({ minReplicaCount: 1, triggers: [trigger] }), contexts: [context] },
        loads: [burst],
        model: { ...defaultModel, serviceSeconds: 0.01, concurrency: 100 },
        stepSeconds: 10,
      }).timeline.flatMap(({ t, signal }) => (signal === 0 ? [] : [[t, signal]]));
    const query = 'sum(increase(requests_total[1m]))';
    const prometheus = {
      type: 'prometheus',
      metadata: { serverAddress: 'http://p', query, threshold: '25' },
    };
    expect(signals(prometheus)).toEqual([40, 50, 60, 70, 80, 90].map((t) => [t, 76]));
    const route = {
      type: 'external-push',
      metadata: { scalerAddress: 'scaler:9090', interceptorRoute: 'shop' },
    };
    const context = { interceptorRoute: { requestRate: { targetValue: 20, window: '20s' } } };
    expect(signals(route, context)).toEqual([40, 50].map((t) => [t, 3.8]));
  });

  it('lets the work of pods that die come back, and replaces the pods', () => {
    const run = (kills: readonly (readonly [number, number])[], redeliverySeconds = 0) =>
      simulate({
        target: target({ minReplicaCount: 4, maxReplicaCount: 4 }),
        loads: [
          {
            points: [
              [10, 8],
              [11, 0],
            ],
            seconds: 200,
          },
        ],
        model: { ...defaultModel, serviceSeconds: 60, concurrency: 2, redeliverySeconds },
        kills,
        stepSeconds: 1,
      });
    const drained = ({ timeline }: ReturnType<typeof run>) =>
      timeline.findLast(({ backlog }) => backlog > 0)?.t;
    expect(drained(run([]))).toBe(70);
    // The two items of one pod come back 20 s after it died at 40 s, and take 60 s again.
    const killed = run([[40, 1]], 20);
    expect(drained(killed)).toBe(120);
    expect(killed.timeline.slice(40, 45).map(({ ready }) => ready)).toEqual([3, 3, 3, 4, 4]);
    expect(killed.totals.work?.done).toBe(8);
  });

  it('closes the loop: more replicas, a shorter queue', () => {
    const model = { ...defaultModel, serviceSeconds: 1, concurrency: 2 };
    const run = (max: number) =>
      simulate({
        target: target({ maxReplicaCount: max, ...behavior }),
        loads: [generateLoad('constant:30/20m')],
        model,
      }).totals;
    const few = run(5);
    const many = run(30);
    expect(few.work?.backlog.max).toBeGreaterThan(20_000);
    expect(many.work?.age.p95).toBeLessThan(few.work?.age.p95 ?? 0);
    expect(many.podSeconds).toBeGreaterThan(few.podSeconds);
  });

  it('gives the same run for the same load and seed', () => {
    const run = () =>
      simulate({ target: target(), loads: [generateLoad('poisson:20/10m,seed=3')], model: defaultModel });
    expect(run()).toEqual(run());
  });

  it('stays within its limits whatever the load', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(600), fc.option(fc.nat(2_000))), { maxLength: 30 }),
        fc.nat(5),
        fc.integer({ min: 5, max: 40 }),
        (raw, min, max) => {
          const points = raw.sort(([a], [b]) => a - b);
          const { replicas } = simulate({
            target: target({ minReplicaCount: min, maxReplicaCount: max }),
            loads: [{ points, seconds: 600 }],
          });
          for (const [, count] of replicas) expect(count === 0 || (count >= min && count <= max)).toBe(true);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });

  it('records a run that decides again without a difference', () => {
    const observer = new RecordingObserver({
      workload: { namespace: 'default', name: 'worker' },
      startedAtMs: 1_767_571_200_000,
      autoscaler: 'worker',
    });
    simulate({ target: target(behavior), loads: [generateLoad('sine:0..200/20m,period=5m')], observer });
    const again = replayRecording(observer.recording());
    expect(again.length).toBeGreaterThan(200);
    expect(again.filter(({ same }) => !same)).toEqual([]);
  });

  it('runs the Jobs of a ScaledJob until the queue is empty', () => {
    const { totals } = simulate({
      target: {
        kind: 'ScaledJob',
        name: 'render',
        replicas: undefined,
        contexts: [],
        object: {
          metadata: { name: 'render', namespace: 'default' },
          spec: {
            jobTargetRef: {},
            pollingInterval: 5,
            maxReplicaCount: 10,
            triggers: [{ ...queue, metadata: { ...queue.metadata, queueLength: '1' } }],
          },
        },
      },
      loads: [{ points: [], seconds: 600 }],
      model: { ...defaultModel, serviceSeconds: 20, initialBacklog: 40 },
    });
    expect(totals.work).toMatchObject({ done: 40, arrived: 40 });
    expect(totals.peakReplicas).toBe(10);
  });

  it('scales an HPA on CPU that the work uses', () => {
    const { totals, decisions } = simulate({
      target: {
        kind: 'HorizontalPodAutoscaler',
        name: 'api',
        replicas: undefined,
        contexts: [],
        requests: { api: { cpu: '500m' } },
        object: {
          metadata: { name: 'api' },
          spec: {
            scaleTargetRef: { kind: 'Deployment', name: 'api' },
            minReplicas: 1,
            maxReplicas: 10,
            metrics: [
              {
                type: 'Resource',
                resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
              },
            ],
          },
        },
      },
      loads: [generateLoad('constant:20/20m')],
      model: { ...defaultModel, serviceSeconds: 0.5, concurrency: 4 },
    });
    expect(totals.peakReplicas).toBeGreaterThanOrEqual(4);
    expect(decisions[0]?.sentence).toContain('cpu');
  });
});

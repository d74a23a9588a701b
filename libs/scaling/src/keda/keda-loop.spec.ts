import fc from 'fast-check';
import { explainKeda } from './explain';
import { kedaLoop } from './keda-loop';
import { type HpaManifest } from './hpa-manifest';
import {
  type KedaEffect,
  type KedaInput,
  type KedaLoopState,
  type KedaStep,
  type TriggerAnswer,
} from './loop-types';
import { type ScaledObject, type ScaledObjectSpec } from './scaled-object';

const sqs = {
  type: 'aws-sqs-queue',
  metadata: { queueURL: 'orders', awsRegion: 'r', identityOwner: 'operator' },
};
const start = 1_700_000_000_000;

/** One ScaledObject in a cluster of its own. */
class Cluster {
  state: KedaLoopState;
  hpa: HpaManifest | null = null;
  now = start;
  last: KedaStep | undefined;
  exists = true;
  scaleError: 'get' | 'update' | undefined;

  constructor(
    public object: ScaledObject,
    public replicas: number,
  ) {
    this.state = kedaLoop.init(object);
  }

  static of(
    spec: Partial<ScaledObjectSpec>,
    replicas: number,
    annotations: Record<string, string> = {},
  ): Cluster {
    const metadata = { name: 'web', generation: 1, annotations, creationTimestamp: '2023-11-14T22:13:20Z' };
    return new Cluster(
      { metadata, spec: { scaleTargetRef: { name: 'web' }, triggers: [sqs], ...spec } },
      replicas,
    );
  }

  step(
    input: (facts: { object: ScaledObject; workload: { exists: boolean; replicas: number } }) => KedaInput,
  ): KedaStep {
    const workload = {
      exists: this.exists,
      replicas: this.replicas,
      readyPods: this.replicas,
      ...(this.scaleError ? { scaleError: this.scaleError } : {}),
    };
    const step = kedaLoop.step(this.state, this.now, input({ object: this.object, workload }));
    this.state = step.state;
    for (const effect of step.effects) {
      if (effect.kind === 'setScale') this.replicas = effect.replicas;
      if (effect.kind === 'writeHpa') this.hpa = effect.hpa;
      if (effect.kind === 'deleteHpa') this.hpa = null;
      if (effect.kind === 'metadata') {
        const { labels, finalizers } = effect;
        this.object = { ...this.object, metadata: { ...this.object.metadata, labels, finalizers } };
      }
    }
    this.last = step;
    return step;
  }

  reconcile(): KedaStep {
    return this.step((facts) => ({ kind: 'reconcile', ...facts, hpa: this.hpa }));
  }

  poll(...answers: TriggerAnswer[]): KedaStep {
    return this.step((facts) => ({ kind: 'poll', ...facts, answers }));
  }

  request(metric: string, ...answers: TriggerAnswer[]): KedaStep {
    return this.step((facts) => ({ kind: 'request', metric, ...facts, answers }));
  }

  sentence(): string {
    return this.last ? explainKeda(this.last.decision.trace).sentence : '';
  }

  events(): string[] {
    return (this.last?.effects ?? []).flatMap((e: KedaEffect) =>
      e.kind === 'event' ? [`${e.reason}: ${e.message}`] : [],
    );
  }
}

const messages = (count: number): TriggerAnswer => ({
  kind: 'observed',
  observation: {
    kind: 'sqs',
    attributes: { ApproximateNumberOfMessages: String(count), ApproximateNumberOfMessagesNotVisible: '0' },
  },
});
const failing: TriggerAnswer = { kind: 'error', message: 'no route to host' };

describe('the loop', () => {
  it('polls at once and then every pollingInterval, counted from the start of the poll before', () => {
    const cluster = Cluster.of({ pollingInterval: 10 }, 0);
    expect(cluster.reconcile().nextDueAtMs).toBe(start);
    cluster.now = start + 400;
    expect(cluster.poll(messages(0)).nextDueAtMs).toBe(start + 10_400);
  });

  it('polls every 30 s by default', () => {
    const cluster = Cluster.of({}, 0);
    cluster.reconcile();
    expect(cluster.poll(messages(0)).nextDueAtMs).toBe(start + 30_000);
  });

  it('does nothing before it has been reconciled', () => {
    const step = Cluster.of({}, 3).poll(messages(0));
    expect(step).toMatchObject({
      effects: [],
      nextDueAtMs: null,
      decision: { kind: 'none', why: 'no scale loop runs' },
    });
  });

  it('starts anew when the spec changes, not when an annotation does', () => {
    const cluster = Cluster.of({}, 1);
    cluster.reconcile();
    const { metadata, spec } = cluster.object;
    cluster.object = { metadata: { ...metadata, annotations: { note: 'x' } }, spec };
    expect(cluster.reconcile().effects.map((e) => e.kind)).toEqual(['writeHpa']);
    cluster.object = {
      metadata: { ...cluster.object.metadata, generation: 2 },
      spec: { ...spec, pollingInterval: 5 },
    };
    cluster.now = start + 7000;
    const step = cluster.reconcile();
    expect(step.effects.map((e) => e.kind)).toContain('startLoop');
    expect(step.nextDueAtMs).toBe(start + 7000);
  });

  it('leaves a state it is given as it is', () => {
    const cluster = Cluster.of({ fallback: { failureThreshold: 1, replicas: 2 } }, 1);
    cluster.reconcile();
    const before = JSON.stringify(cluster.state, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
    const { state } = cluster;
    cluster.poll(failing);
    expect(JSON.stringify(state, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v))).toBe(before);
  });

  it('makes no check while the formula has a bad activationTarget', () => {
    const cluster = Cluster.of(
      {
        triggers: [{ ...sqs, name: 'q' }],
        advanced: { scalingModifiers: { formula: 'q', target: '5', activationTarget: 'x' } },
      },
      2,
    );
    cluster.reconcile();
    const step = cluster.poll(messages(9));
    expect(step.decision).toMatchObject({ kind: 'none' });
    expect(cluster.replicas).toBe(2);
    expect(cluster.sentence()).toMatch('scalingModifiers.ActivationTarget parsing error');
  });

  it('says so when the target is gone or has no scale', () => {
    const gone = Cluster.of({}, 0);
    gone.exists = false;
    gone.reconcile();
    expect(gone.events()).toEqual([
      "ScaledObjectCheckFailed: Target resource doesn't exist",
      `ScaledObjectCheckFailed: ScaledObject doesn't have correct scaleTargetRef specification: deployments.apps "web" not found`,
    ]);
    const noScale = Cluster.of({}, 0);
    noScale.scaleError = 'get';
    expect(noScale.reconcile().decision).toMatchObject({ error: 'scale unavailable' });
    expect(noScale.events()[0]).toBe(
      "ScaledObjectCheckFailed: Target resource doesn't expose /scale subresource",
    );
  });

  it('renames its HPA when the spec asks for another name', () => {
    const cluster = Cluster.of({}, 1);
    cluster.reconcile();
    const { metadata, spec } = cluster.object;
    const advanced = { horizontalPodAutoscalerConfig: { name: 'mine' } };
    cluster.object = { metadata: { ...metadata, generation: 2 }, spec: { ...spec, advanced } };
    const kinds = cluster.reconcile().effects.map((e) => e.kind);
    expect(kinds.filter((k) => k.endsWith('Hpa'))).toEqual(['deleteHpa', 'writeHpa']);
    expect(cluster.hpa?.metadata.name).toBe('mine');
    expect(cluster.state.status.hpaName).toBe('mine');
  });
});

describe('answers to the HPA', () => {
  it('are live', () => {
    const cluster = Cluster.of({}, 1);
    cluster.reconcile();
    cluster.poll(messages(5));
    expect(cluster.request('s0-aws-sqs-orders', messages(7)).decision).toMatchObject({
      items: [{ name: 's0-aws-sqs-orders', valueMilli: 7000 }],
    });
    expect(cluster.sentence()).toBe('s0-aws-sqs-orders: 7 (7 messages)');
  });

  it('are those of the last poll with useCachedMetrics', () => {
    const cluster = Cluster.of({ triggers: [{ ...sqs, useCachedMetrics: true }] }, 1);
    cluster.reconcile();
    expect(cluster.request('s0-aws-sqs-orders', messages(7)).decision).toMatchObject({
      items: [{ valueMilli: 7000 }],
    });
    cluster.poll(messages(5));
    expect(cluster.request('s0-aws-sqs-orders', messages(7)).decision).toMatchObject({
      items: [{ valueMilli: 5000 }],
    });
    cluster.poll(failing);
    expect(cluster.request('s0-aws-sqs-orders', messages(7)).decision).toMatchObject({
      error: 'metric:s0-aws-sqs-orders encountered error',
    });
  });

  it('are an error for a metric nobody serves', () => {
    const cluster = Cluster.of({}, 1);
    cluster.reconcile();
    expect(cluster.request('other', messages(7)).decision).toMatchObject({
      error: 'no matching metrics found for other',
    });
    expect(cluster.sentence()).toBe('no trigger serves this metric');
  });

  it('build the scalers anew after a failure, and Kafka forgets its offsets', () => {
    const kafka = {
      type: 'kafka',
      metadata: { bootstrapServers: 'b', consumerGroup: 'g', topic: 't', excludePersistentLag: 'true' },
    };
    const cluster = Cluster.of({ triggers: [kafka] }, 1);
    const stuck: TriggerAnswer = {
      kind: 'observed',
      observation: { kind: 'kafka', latest: { t: [50] }, committed: { t: [45] } },
    };
    cluster.reconcile();
    const lag = (): unknown => {
      const { decision } = cluster.request('s0-kafka-t', stuck);
      return decision.kind === 'request' ? decision.items?.[0]?.valueMilli : undefined;
    };
    expect([lag(), lag()]).toEqual([5000, 0]);
    cluster.poll(failing);
    expect([lag(), lag()]).toEqual([5000, 0]);
  });

  it('use a second answer when the first one fails', () => {
    const cluster = Cluster.of({}, 1);
    cluster.reconcile();
    const down = { kind: 'unreachable' as const, message: 'reset' };
    const retry = {
      kind: 'sqs' as const,
      attributes: { ApproximateNumberOfMessages: '4', ApproximateNumberOfMessagesNotVisible: '0' },
    };
    const step = cluster.request('s0-aws-sqs-orders', { kind: 'observed', observation: down, retry });
    expect(step.decision).toMatchObject({ items: [{ valueMilli: 4000 }] });
  });

  it('come from a formula when there is one', () => {
    const cluster = Cluster.of(
      {
        triggers: [{ ...sqs, name: 'q' }],
        advanced: { scalingModifiers: { formula: 'q * 2 + 1', target: '5' } },
      },
      1,
    );
    cluster.reconcile();
    expect(cluster.request('composite-metric', messages(7)).decision).toMatchObject({
      items: [{ name: 'composite-metric', valueMilli: 15_000 }],
    });
  });
});

describe('a push scaler', () => {
  it('activates at once and names no trigger', () => {
    const cluster = Cluster.of({}, 0);
    cluster.reconcile();
    cluster.step((facts) => ({ kind: 'push', ...facts }));
    expect(cluster.replicas).toBe(1);
    expect(cluster.sentence()).toBe('0 -> 1: the push scaler says active');
    expect(cluster.events()).toEqual([
      'KEDAScaleTargetActivated: Scaled apps/v1.Deployment default/web from 0 to 1, triggered by ',
    ]);
  });

  it('is not heard while the loop does not run', () => {
    const cluster = Cluster.of({}, 0);
    cluster.step((facts) => ({ kind: 'push', ...facts }));
    expect(cluster.replicas).toBe(0);
  });

  it('fails the check when its metrics are not known', () => {
    const push = { type: 'external-push', metadata: { scalerAddress: 'x:1' } };
    const cluster = Cluster.of({ triggers: [push] }, 2);
    cluster.reconcile();
    cluster.poll({ kind: 'observed', observation: { kind: 'interceptor', concurrency: 1, requestRate: 1 } });
    expect(cluster.events()).toContain('KEDAScalerFailed: got empty metric spec');
    expect(cluster.sentence()).toBe(
      'stays 2: external-push fails (got empty metric spec) and there is no fallback',
    );
  });
});

describe('explanations', () => {
  interface Scene {
    readonly spec?: Partial<ScaledObjectSpec>;
    readonly annotations?: Record<string, string>;
    readonly replicas: number;
    readonly polls: readonly (readonly [second: number, ...answers: TriggerAnswer[]])[];
    readonly scaleError?: 'get' | 'update';
  }
  const fallback = { failureThreshold: 2, replicas: 4 };
  const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } };

  it.each<[string, Scene]>([
    ['0 -> 1: 25 messages > activation 0', { replicas: 0, polls: [[0, messages(25)]] }],
    [
      '0 -> 3: 25 messages > activation 0',
      { spec: { minReplicaCount: 3 }, replicas: 0, polls: [[0, messages(25)]] },
    ],
    [
      '1 -> 3: 25 messages > activation 0',
      { spec: { minReplicaCount: 3, idleReplicaCount: 1 }, replicas: 1, polls: [[0, messages(25)]] },
    ],
    [
      "stays 3: 1 message > activation 0; counts above 0 are the HPA's",
      { replicas: 3, polls: [[0, messages(1)]] },
    ],
    ['stays 0: 0 messages <= activation 0', { replicas: 0, polls: [[0, messages(0)]] }],
    [
      '1 -> 3: below minReplicaCount 3',
      { spec: { minReplicaCount: 3 }, replicas: 1, polls: [[0, messages(0)]] },
    ],
    [
      'stays 3: inactive for 12 s, cooldown 300 s ends in 288 s',
      {
        replicas: 3,
        polls: [
          [0, messages(1)],
          [12, messages(0)],
        ],
      },
    ],
    [
      'stays 3: inactive for 300 s, cooldown 300 s ends in 0 s',
      {
        replicas: 3,
        polls: [
          [0, messages(1)],
          [300, messages(0)],
        ],
      },
    ],
    [
      '3 -> 0: inactive for 300.4 s > cooldownPeriod 300 s',
      {
        replicas: 3,
        polls: [
          [0, messages(1)],
          [300.4, messages(0)],
        ],
      },
    ],
    [
      '3 -> 1: inactive for 20 s > cooldownPeriod 10 s',
      {
        spec: { cooldownPeriod: 10, minReplicaCount: 2, idleReplicaCount: 1 },
        replicas: 3,
        polls: [
          [0, messages(1)],
          [20, messages(0)],
        ],
      },
    ],
    [
      '3 -> 0: never active, created 5 s ago > initialCooldownPeriod 0 s',
      { replicas: 3, polls: [[5, messages(0)]] },
    ],
    [
      'stays 3: never active, initial cooldown 60 s ends in 55 s',
      { spec: { initialCooldownPeriod: 60 }, replicas: 3, polls: [[5, messages(0)]] },
    ],
    [
      'stays 2: aws-sqs-queue fails (no route to host) and there is no fallback',
      { replicas: 2, polls: [[0, failing]] },
    ],
    [
      'stays 2: aws-sqs-queue fails (no route to host), failure 1, fallback after more than 2',
      { spec: { fallback }, replicas: 2, polls: [[0, failing]] },
    ],
    [
      "stays 2: fallback after 3 failures > threshold 2, 20 served; counts above 0 are the HPA's",
      {
        spec: { fallback },
        replicas: 2,
        polls: [
          [0, failing],
          [1, failing],
          [2, failing],
        ],
      },
    ],
    [
      'stays 2: 5 messages > activation 0; aws-sqs-queue fails (no route to host), so lastActiveTime is not refreshed',
      { spec: { triggers: [sqs, sqs] }, replicas: 2, polls: [[0, messages(5), failing]] },
    ],
    [
      '5 -> 2: held by the annotation paused-replicas',
      { annotations: { 'autoscaling.keda.sh/paused-replicas': '2' }, replicas: 5, polls: [] },
    ],
    [
      '0 -> 1: forced by the annotation force-activation',
      {
        annotations: { 'autoscaling.keda.sh/force-activation': 'true' },
        replicas: 0,
        polls: [[0, messages(0)]],
      },
    ],
    [
      'stays 0: 9 messages > activation 0, but paused-scale-out is set',
      {
        annotations: { 'autoscaling.keda.sh/paused-scale-out': 'true' },
        replicas: 0,
        polls: [[0, messages(9)]],
      },
    ],
    [
      'stays 4: 0 messages <= activation 0, but paused-scale-in is set',
      {
        annotations: { 'autoscaling.keda.sh/paused-scale-in': 'true' },
        replicas: 4,
        polls: [[0, messages(0)]],
      },
    ],
    [
      '0 -> 1: cpu and memory alone are always active',
      { spec: { triggers: [cpu] }, replicas: 0, polls: [[0]] },
    ],
    [
      '0 -> 1: formula q / 2 = 3.5 > activation 3',
      {
        spec: {
          triggers: [{ ...sqs, name: 'q' }],
          advanced: { scalingModifiers: { formula: 'q / 2', target: '5', activationTarget: '3' } },
        },
        replicas: 0,
        polls: [[0, messages(7)]],
      },
    ],
    [
      'stays 0: formula q / 2 = 3 <= activation 3',
      {
        spec: {
          triggers: [{ ...sqs, name: 'q' }],
          advanced: { scalingModifiers: { formula: 'q / 2', target: '5', activationTarget: '3' } },
        },
        replicas: 0,
        polls: [[0, messages(6)]],
      },
    ],
    [
      '0 -> 1 refused by the scale target: 9 messages > activation 0',
      { replicas: 0, polls: [[0, messages(9)]], scaleError: 'update' },
    ],
  ])('%s', (sentence, { spec = {}, annotations = {}, replicas, polls, scaleError }) => {
    const cluster = Cluster.of(spec, replicas);
    cluster.reconcile();
    const { metadata } = cluster.object;
    cluster.object = { ...cluster.object, metadata: { ...metadata, annotations } };
    cluster.scaleError = scaleError;
    for (const [second, ...answers] of polls) {
      cluster.now = start + second * 1000;
      cluster.poll(...answers);
    }
    if (polls.length === 0) cluster.poll(messages(0));
    expect(cluster.sentence()).toBe(sentence);
  });

  it('are steps with a rule, its inputs and its result', () => {
    const cluster = Cluster.of({}, 3);
    cluster.reconcile();
    cluster.poll(messages(1));
    cluster.now += 12_000;
    cluster.poll(messages(0));
    expect(cluster.last && explainKeda(cluster.last.decision.trace).steps).toEqual([
      {
        rule: 'activation',
        inputs: {
          metric: 's0-aws-sqs-orders',
          type: 'aws-sqs-queue',
          how: '0 messages',
          value: '0',
          activation: '0',
        },
        result: 'inactive',
        docs: 'keda-activation',
      },
      {
        rule: 'cooldown',
        inputs: { replicas: 3, minReplicaCount: 0, cooldownPeriod: '300 s', inactiveFor: '12 s' },
        result: 3,
        docs: 'keda-cooldown',
      },
    ]);
  });

  it('show failures and the fallback that waits for them', () => {
    const cluster = Cluster.of({ fallback }, 3);
    cluster.reconcile();
    expect(cluster.sentence()).toBe('ScaledObject is defined correctly and is ready for scaling');
    cluster.poll(failing);
    expect(
      cluster.last &&
        explainKeda(cluster.last.decision.trace).steps.map(({ rule, result }) => [rule, result]),
    ).toEqual([
      ['trigger-error', 'no route to host'],
      ['fallback', 'waits'],
      ['error-awaits-fallback', 3],
    ]);
    cluster.request('s0-aws-sqs-orders', failing);
    expect(cluster.sentence()).toBe(
      's0-aws-sqs-orders: aws-sqs-queue fails (no route to host), failure 2, fallback after more than 2',
    );
  });
});

describe('whatever happens', () => {
  const answer = fc.oneof(fc.integer({ min: 0, max: 500 }).map(messages), fc.constant(failing));
  const event = fc.record({
    kind: fc.constantFrom('poll', 'request', 'reconcile'),
    wait: fc.integer({ min: 1, max: 400_000 }),
    answer,
  });
  const bounds = fc.record({
    min: fc.integer({ min: 0, max: 5 }),
    extra: fc.integer({ min: 1, max: 10 }),
    replicas: fc.integer({ min: 0, max: 20 }),
    fallback: fc.boolean(),
  });
  const run = (
    { min, extra, replicas, fallback }: { min: number; extra: number; replicas: number; fallback: boolean },
    events: readonly { kind: string; wait: number; answer: TriggerAnswer }[],
  ) => {
    const spec = {
      minReplicaCount: min,
      maxReplicaCount: min + extra,
      ...(fallback ? { fallback: { failureThreshold: 1, replicas: 2 } } : {}),
    };
    const cluster = Cluster.of(spec, replicas);
    cluster.reconcile();
    const counts = [cluster.replicas];
    const decisions: unknown[] = [];
    for (const { kind, wait, answer: given } of events) {
      cluster.now += wait;
      if (kind === 'poll') cluster.poll(given);
      else if (kind === 'request') cluster.request('s0-aws-sqs-orders', given);
      else cluster.reconcile();
      counts.push(cluster.replicas);
      decisions.push(cluster.last?.decision);
    }
    return { counts, decisions, cluster };
  };

  it('only zero, the minimum or the count that was there is ever set', () => {
    fc.assert(
      fc.property(bounds, fc.array(event, { maxLength: 25 }), (given, events) => {
        const { counts } = run(given, events);
        counts.forEach((count, i) => {
          expect([0, Math.max(1, given.min), counts[i - 1] ?? count]).toContain(count);
        });
      }),
    );
  });

  it('the same events give the same decisions', () => {
    fc.assert(
      fc.property(bounds, fc.array(event, { maxLength: 15 }), (given, events) => {
        expect(run(given, events).decisions).toEqual(run(given, events).decisions);
      }),
      { numRuns: 50 },
    );
  });

  it('an active queue is never left at zero', () => {
    fc.assert(
      fc.property(
        bounds,
        fc.array(event, { maxLength: 15 }),
        fc.integer({ min: 1, max: 99 }),
        (given, events, queue) => {
          const { cluster } = run(given, events);
          cluster.poll(messages(queue));
          expect(cluster.replicas).toBeGreaterThan(0);
        },
      ),
    );
  });
});

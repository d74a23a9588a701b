import fc from 'fast-check';
import type { HpaInput, HpaPod } from './input';
import type { Behavior, HpaSpec, MetricSpec } from './spec';
import { hpaSync } from './sync';

const seed = 20260601;
const queue: MetricSpec = {
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '7' } },
};
const lag: MetricSpec = {
  type: 'External',
  external: { metric: { name: 'lag' }, target: { type: 'Value', value: '10' } },
};
const cpu: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
};

const policy = fc.record({
  type: fc.constantFrom<'Pods' | 'Percent'>('Pods', 'Percent'),
  value: fc.integer({ min: 1, max: 300 }),
  periodSeconds: fc.constantFrom(15, 30, 60, 300),
});
const rules = fc.record(
  {
    stabilizationWindowSeconds: fc.constantFrom(0, 15, 60, 300),
    selectPolicy: fc.constantFrom<'Max' | 'Min' | 'Disabled'>('Max', 'Min', 'Disabled'),
    policies: fc.array(policy, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const behavior: fc.Arbitrary<Behavior | null> = fc.option(fc.record({ scaleUp: rules, scaleDown: rules }));
const amount = fc.oneof(
  fc.integer({ min: 0, max: 2000 }).map((x) => `${x}m`),
  fc.integer({ min: 0, max: 500 }).map(String),
);
const pod: fc.Arbitrary<HpaPod> = fc.record(
  {
    name: fc.uuid(),
    phase: fc.constantFrom('Running', 'Running', 'Pending', 'Failed'),
    ready: fc.constantFrom(true, true, false, null),
    deleted: fc.boolean(),
    startedSecondsAgo: fc.integer({ min: 0, max: 900 }),
    readySinceSecondsAgo: fc.integer({ min: 0, max: 900 }),
    metricAgeSeconds: fc.integer({ min: 0, max: 60 }),
    metricWindowSeconds: fc.constantFrom(15, 30),
    usage: amount.map((cpuUsage) => ({ app: { cpu: cpuUsage } })),
  },
  { requiredKeys: ['name', 'startedSecondsAgo', 'readySinceSecondsAgo'] },
);
const tick = fc.record(
  {
    queued: amount,
    lagging: amount,
    pods: fc.array(pod, { maxLength: 6 }),
    failing: fc.subarray(['queue', 'lag', 'resource']),
    gap: fc.constantFrom(15, 15, 15.2, 45, 400),
    byHand: fc.integer({ min: 0, max: 40 }),
    refused: fc.constant('no'),
  },
  { requiredKeys: ['queued', 'lagging', 'pods', 'gap'] },
);
const scenario = fc.record({
  spec: fc.record({
    minReplicas: fc.integer({ min: 1, max: 5 }),
    maxReplicas: fc.integer({ min: 5, max: 30 }),
    metrics: fc.subarray([queue, lag, cpu], { minLength: 1 }),
    behavior,
  }),
  replicas: fc.integer({ min: 0, max: 40 }),
  ticks: fc.array(tick, { minLength: 1, maxLength: 12 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** Runs a scenario with every state and input frozen, so that a step that changes one throws. */
function run({ spec, replicas, ticks }: Scenario) {
  let state = deepFreeze(
    hpaSync.init({ spec: spec as HpaSpec, createdAtMs: 0, podRequests: { app: { cpu: '500m' } } }),
  );
  let current = replicas;
  let now = 0;
  return ticks.map((t) => {
    now += t.gap * 1000;
    if (t.byHand !== undefined) current = t.byHand;
    const input: HpaInput = deepFreeze({
      specReplicas: current,
      statusReplicas: current,
      externalMetrics: { queue: [t.queued], lag: [t.lagging] },
      metricErrors: Object.fromEntries((t.failing ?? []).map((name) => [name, 'down'])),
      pods: t.pods,
      ...(t.refused === undefined ? {} : { scaleUpdateError: t.refused }),
    });
    const before = state;
    const step = hpaSync.step(state, now, input);
    state = deepFreeze(step.state);
    current = step.decision.specReplicasAfter;
    return {
      before,
      input,
      now,
      step,
      wholeFailed: step.decision.trace.metrics.some((m) => m.outcome === 'failed'),
    };
  });
}

describe('any run', () => {
  it('scales only to a count within the limits', () => {
    fc.assert(
      fc.property(scenario, (s) => {
        for (const { step } of run(s)) {
          const { scaled, specReplicasAfter } = step.decision;
          if (!scaled) continue;
          expect(specReplicasAfter).toBeGreaterThanOrEqual(s.spec.minReplicas);
          expect(specReplicasAfter).toBeLessThanOrEqual(s.spec.maxReplicas);
        }
      }),
      { seed, numRuns: 400 },
    );
  });

  it('never scales down while a metric fails', () => {
    fc.assert(
      fc.property(scenario, (s) => {
        for (const { step, input, wholeFailed } of run(s))
          if (wholeFailed) expect(step.decision.specReplicasAfter).toBeGreaterThanOrEqual(input.specReplicas);
      }),
      { seed, numRuns: 400 },
    );
  });

  it('is repeatable, and leaves the state it is given alone', () => {
    fc.assert(
      fc.property(scenario, (s) => {
        for (const { before, input, now, step } of run(s))
          expect(hpaSync.step(before, now, input)).toEqual(step);
      }),
      { seed, numRuns: 150 },
    );
  });

  it('never moves against its metric with a behavior: up means wanted more, down means wanted fewer', () => {
    fc.assert(
      fc.property(scenario, (s) => {
        fc.pre(s.spec.behavior !== null);
        for (const { step, input } of run(s)) {
          const { proposedReplicas, specReplicasAfter, scaled } = step.decision;
          if (!scaled || proposedReplicas === undefined) continue;
          expect(Math.sign(specReplicasAfter - input.specReplicas)).toBe(
            Math.sign(proposedReplicas - input.specReplicas),
          );
        }
      }),
      { seed, numRuns: 400 },
    );
  });

  it('has effects that match its decision', () => {
    fc.assert(
      fc.property(scenario, (s) => {
        for (const { step } of run(s)) {
          const { decision, effects, state } = step;
          const scales = effects.filter((e) => e.kind === 'setScale');
          expect(scales).toEqual(
            decision.scaled ? [{ kind: 'setScale', replicas: decision.specReplicasAfter }] : [],
          );
          expect(effects.filter((e) => e.kind === 'event').map((e) => e.event)).toEqual(decision.events);
          expect(state.status.desiredReplicas).toBe(decision.desiredReplicas);
        }
      }),
      { seed, numRuns: 200 },
    );
  });
});

describe('more of an external metric', () => {
  it.each([
    ['AverageValue', queue],
    ['Value', lag],
  ])('never proposes fewer replicas outside the tolerance: %s', (_, metric) => {
    const values = fc.tuple(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 0, max: 10_000_000 }));
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 60 }), (pair, replicas) => {
        const [low, high] = pair.sort((a, b) => a - b) as [number, number];
        const traceOf = (milli: number) => {
          const state = hpaSync.init({ spec: { maxReplicas: 100, metrics: [metric] }, createdAtMs: 0 });
          const externalMetrics = { queue: [`${milli}m`], lag: [`${milli}m`] };
          const pods = Array.from({ length: replicas }, (__, i) => ({ name: `p${i}` }));
          const input = { specReplicas: replicas, statusReplicas: replicas, externalMetrics, pods };
          const [only] = hpaSync.step(state, 15_000, input).decision.trace.metrics;
          return only;
        };
        const [less, more] = [traceOf(low), traceOf(high)];
        // The dead band holds the count where the plain quotient would be a little above or below.
        fc.pre(less?.outcome === 'computed' && more?.outcome === 'computed');
        expect(more?.proposal).toBeGreaterThanOrEqual(less?.proposal ?? 0);
      }),
      { seed, numRuns: 1000 },
    );
  });
});

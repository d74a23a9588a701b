import type { HpaDecision } from './decision';
import type { HpaInput } from './input';
import type { HpaSpec, MetricSpec } from './spec';
import type { HpaState } from './state';
import { hpaSync } from './sync';

const queue: MetricSpec = {
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '10' } },
};
const spec: HpaSpec = { minReplicas: 1, maxReplicas: 20, metrics: [queue] };
const created = 1_700_000_000_000;

function start(parts: Partial<HpaSpec> = {}): HpaState {
  return hpaSync.init({ spec: { ...spec, ...parts }, createdAtMs: created });
}

function inputOf(replicas: number, queued: string, more: Partial<HpaInput> = {}): HpaInput {
  return { specReplicas: replicas, statusReplicas: replicas, externalMetrics: { queue: [queued] }, ...more };
}

/** Syncs at 15 s distance, each at the count that the one before left. */
function run(
  state: HpaState,
  replicas: number,
  values: readonly string[],
): { counts: number[]; state: HpaState } {
  const counts: number[] = [];
  let now = state.nextDueAtMs ?? 0;
  let current = replicas;
  let next = state;
  for (const value of values) {
    const step = hpaSync.step(next, now, inputOf(current, value));
    next = step.state;
    current = step.decision.specReplicasAfter;
    counts.push(current);
    now = step.nextDueAtMs ?? 0;
  }
  return { counts, state: next };
}

const conditionOf = (decision: HpaDecision, type: string) => {
  const found = decision.conditions.find((c) => c.type === type);
  return found && `${found.status} ${found.reason}`;
};

describe('when syncs are due', () => {
  it('is one period after creation, then one period after each sync', () => {
    const state = start();
    expect(state.nextDueAtMs).toBe(created + 15_000);
    const step = hpaSync.step(state, created + 15_200, inputOf(1, '5'));
    expect(step.nextDueAtMs).toBe(created + 30_200);
    expect(step.state.nextDueAtMs).toBe(created + 30_200);
  });

  it('follows the flag', () => {
    const state = hpaSync.init({ spec, createdAtMs: 0, flags: { syncPeriodSeconds: 30 } });
    expect(state.nextDueAtMs).toBe(30_000);
    expect(hpaSync.step(state, 30_000, inputOf(1, '5')).nextDueAtMs).toBe(60_000);
  });

  it('does not come forward for an edit', () => {
    const edited = hpaSync.change(start(), { hpa: { ...spec, maxReplicas: 3 } });
    expect(edited.nextDueAtMs).toBe(created + 15_000);
    expect(edited.plan.spec.maxReplicas).toBe(3);
  });

  it('starts anew after a restart of the controller, whose memory is gone but not the status', () => {
    const before = run(start(), 1, ['200', '200']).state;
    const after = hpaSync.change(before, { controllerRestartedAtMs: created + 33_000 });
    expect(after.nextDueAtMs).toBe(created + 48_000);
    expect(after.memory).toEqual({ recommendations: null, scaleUpEvents: [], scaleDownEvents: [] });
    expect(after.status).toBe(before.status);
  });
});

describe('deletion', () => {
  const before = run(start(), 1, ['200', '200']).state;
  const due = before.nextDueAtMs ?? 0;

  it('keeps the memory and loses the status when the HPA is back by the time its sync is due', () => {
    const back = hpaSync.change(before, { hpaDeletedAtMs: due - 9_000, hpaRecreatedAtMs: due });
    expect(back).toMatchObject({ exists: true, memory: before.memory, nextDueAtMs: due });
    expect(back.status).toEqual({
      currentReplicas: 0,
      desiredReplicas: 0,
      conditions: [],
      currentMetrics: [],
    });
  });

  it('loses the memory when it comes back later, and waits a whole period', () => {
    const back = hpaSync.change(before, { hpaDeletedAtMs: due - 9_000, hpaRecreatedAtMs: due + 1 });
    expect(back).toMatchObject({
      exists: true,
      memory: { recommendations: null },
      nextDueAtMs: due + 15_001,
    });
  });

  it('drops the memory at the sync that finds nothing, and is due no more', () => {
    const gone = hpaSync.change(before, { hpaDeletedAtMs: due - 9_000 });
    expect(gone).toMatchObject({ exists: false, memory: before.memory, nextDueAtMs: due });
    const step = hpaSync.step(gone, due, inputOf(8, '200'));
    expect(step.nextDueAtMs).toBeNull();
    expect(step.effects).toEqual([]);
    expect(step.decision).toMatchObject({ scaled: false, specReplicasAfter: 8, trace: { path: 'gone' } });
    expect(step.state.memory.recommendations).toBeNull();
    expect(step.state.nextDueAtMs).toBeNull();
    expect(hpaSync.change(step.state, { hpaRecreatedAtMs: due + 5_000 }).nextDueAtMs).toBe(due + 20_000);
  });
});

describe('without behavior', () => {
  it('climbs by doubling, at least to 4, and stops at maxReplicas', () => {
    expect(run(start(), 1, ['999', '999', '999', '999', '999']).counts).toEqual([4, 8, 16, 20, 20]);
  });

  it('goes on climbing to a peak that is over', () => {
    expect(run(start(), 2, ['200', '20', '20', '20', '20']).counts).toEqual([4, 8, 16, 20, 20]);
  });

  it('comes down only when the window has passed', () => {
    const { counts } = run(start(), 4, ['40', ...Array<string>(22).fill('10')]);
    expect(counts.slice(0, 21)).toEqual(Array(21).fill(4));
    expect(counts.slice(21)).toEqual([1, 1]);
  });

  it('remembers the count at first sight', () => {
    expect(run(start(), 8, ['10']).counts).toEqual([8]);
  });

  it('stores no scale events', () => {
    expect(run(start(), 1, ['999', '999']).state.memory.scaleUpEvents).toEqual([]);
  });
});

describe('with behavior', () => {
  it('stays where it is when a peak is over', () => {
    expect(run(start({ behavior: {} }), 2, ['200', '60', '60']).counts).toEqual([6, 6, 6]);
  });

  it('counts its own steps against the policies', () => {
    const behavior = { scaleUp: { policies: [{ type: 'Pods', value: 3, periodSeconds: 60 }] } } as const;
    expect(run(start({ behavior }), 2, ['200', '200', '200', '200', '200', '200']).counts).toEqual([
      5, 5, 5, 5, 8, 8,
    ]);
  });

  it('remembers recommendations over an edit that adds a behavior', () => {
    const { state } = run(start(), 10, ['100']);
    const step = hpaSync.step(
      state,
      created + 30_000,
      inputOf(10, '10', { change: { hpa: { ...spec, behavior: {} } } }),
    );
    expect(step.decision).toMatchObject({ proposedReplicas: 1, desiredReplicas: 10 });
    expect(conditionOf(step.decision, 'AbleToScale')).toBe('True ScaleDownStabilized');
  });
});

describe('before metrics are asked', () => {
  const sync = (input: HpaInput, parts: Partial<HpaSpec> = {}) =>
    hpaSync.step(start(parts), created + 15_000, input).decision;

  it('does nothing at 0 replicas', () => {
    const decision = sync(inputOf(0, '999'));
    expect(decision).toMatchObject({ currentReplicas: 0, desiredReplicas: 0, scaled: false });
    expect(decision).not.toHaveProperty('proposedReplicas');
    expect(conditionOf(decision, 'ScalingActive')).toBe('False ScalingDisabled');
  });

  it('starts from 0 where minReplicas is 0', () => {
    expect(sync(inputOf(0, '15'), { minReplicas: 0 })).toMatchObject({
      proposedReplicas: 2,
      specReplicasAfter: 2,
    });
  });

  it.each([
    [25, 20, 'Current number of replicas above Spec.MaxReplicas'],
    [1, 3, 'Current number of replicas below Spec.MinReplicas'],
  ])('sets %d to %d at once', (from, to, reason) => {
    const decision = sync(inputOf(from, '100'), { minReplicas: 3 });
    expect(decision).toMatchObject({
      scaled: true,
      specReplicasAfter: to,
      desiredReplicas: to,
      currentMetrics: [],
    });
    expect(decision.events).toEqual([
      { type: 'Normal', reason: 'SuccessfulRescale', message: `New size: ${to}; reason: ${reason}` },
    ]);
    expect(decision.conditions).toEqual([
      {
        type: 'AbleToScale',
        status: 'True',
        reason: 'SucceededRescale',
        message: `the HPA controller was able to update the target scale to ${to}`,
        lastTransitionMs: created + 15_000,
      },
    ]);
  });

  it('fails without a selector, whatever the metrics', () => {
    const decision = sync(inputOf(2, '100', { selector: '' }));
    expect(decision.events.map((e) => `${e.type} ${e.reason} ${e.message}`)).toEqual([
      'Warning SelectorRequired selector is required',
      'Warning FailedComputeMetricsReplicas selector is required',
    ]);
    expect(conditionOf(decision, 'ScalingActive')).toBe('False InvalidSelector');
    expect(decision.error).toBe(
      'failed to compute desired number of replicas based on listed metrics for Deployment/default/web: selector is required',
    );
    expect(decision).toMatchObject({ currentMetrics: [], scaled: false, trace: { path: 'noSelector' } });
  });

  it('fails when another HPA selects the same pods', () => {
    const decision = sync(inputOf(2, '100', { selector: 'app=web', selectingHpas: ['a', 'b'] }));
    const message = 'pods by selector app=web are controlled by multiple HPAs: [{a default} {b default}]';
    expect(decision.events).toEqual([
      { type: 'Warning', reason: 'AmbiguousSelector', message },
      { type: 'Warning', reason: 'FailedComputeMetricsReplicas', message },
    ]);
    expect(decision.conditions.at(-1)).toMatchObject({
      type: 'ScalingActive',
      status: 'False',
      reason: 'AmbiguousSelector',
      message,
    });
    expect(decision.trace).toMatchObject({ path: 'noSelector', selectedBy: ['a', 'b'] });
    expect(sync(inputOf(2, '40', { selectingHpas: ['a'] })).scaled).toBe(true);
  });

  it('decides nothing when the scale cannot be read, and has not seen the HPA then', () => {
    const step = hpaSync.step(start(), created + 15_000, inputOf(9, '10', { scaleGetError: 'gone fishing' }));
    expect(step.decision).toMatchObject({ currentReplicas: 0, desiredReplicas: 0, scaled: false });
    expect(step.decision.error).toBe(
      'failed to query scale subresource for Deployment/default/web: gone fishing',
    );
    expect(conditionOf(step.decision, 'AbleToScale')).toBe('False FailedGetScale');
    expect(step.decision.events).toEqual([
      { type: 'Warning', reason: 'FailedGetScale', message: 'gone fishing' },
    ]);
    expect(step.state.memory.recommendations).toBeNull();
  });
});

describe('failing metrics', () => {
  const two: Partial<HpaSpec> = {
    metrics: [
      queue,
      { type: 'External', external: { metric: { name: 'lag' }, target: { type: 'Value', value: '10' } } },
    ],
  };
  const sync = (replicas: number, queued: string) =>
    hpaSync.step(start(two), created + 15_000, inputOf(replicas, queued, { metricErrors: { lag: 'down' } }));

  it('still scales up by the good one, and logs the error', () => {
    const { decision } = sync(2, '40');
    expect(decision).toMatchObject({ proposedReplicas: 4, scaled: true, specReplicasAfter: 4 });
    expect(decision.currentMetrics.map((m) => m.type)).toEqual(['External', '']);
    expect(decision.error).toBe(
      'invalid metrics (1 invalid out of 2), first error is: failed to get lag external metric value: failed to get external metric lag: unable to get external metric default/lag/nil: unable to fetch metrics from external metrics API: down',
    );
  });

  it('holds at the count that the good one wants', () => {
    expect(sync(2, '20').decision).toMatchObject({ proposedReplicas: 2, scaled: false, desiredReplicas: 2 });
  });

  it('never scales down, stores no recommendation and leaves ScalingLimited alone', () => {
    const { decision, state } = sync(5, '20');
    expect(decision).toMatchObject({
      scaled: false,
      desiredReplicas: 0,
      currentReplicas: 5,
      trace: { path: 'noMetrics' },
    });
    expect(decision).not.toHaveProperty('proposedReplicas');
    expect(conditionOf(decision, 'ScalingActive')).toBe('False FailedGetExternalMetric');
    expect(conditionOf(decision, 'ScalingLimited')).toBeUndefined();
    expect(state.memory.recommendations).toEqual([{ replicas: 5, atMs: created + 15_000 }]);
    expect(decision.events.map((e) => e.reason)).toEqual([
      'FailedGetExternalMetric',
      'FailedComputeMetricsReplicas',
    ]);
  });
});

describe('effects', () => {
  it('come in the order scale, events, status', () => {
    const { effects, state } = hpaSync.step(start(), created + 15_000, inputOf(2, '40'));
    expect(effects).toEqual([
      { kind: 'setScale', replicas: 4 },
      { kind: 'event', event: expect.objectContaining({ reason: 'SuccessfulRescale' }) },
      { kind: 'updateStatus', status: state.status },
    ]);
    expect(state.status).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 4,
      lastScaleTimeMs: created + 15_000,
    });
  });

  it('leave out a status that did not change', () => {
    const first = hpaSync.step(start(), created + 15_000, inputOf(2, '20'));
    expect(first.effects.map((e) => e.kind)).toEqual(['updateStatus']);
    expect(first.state.status).not.toHaveProperty('lastScaleTimeMs');
    const second = hpaSync.step(first.state, created + 30_000, inputOf(2, '20'));
    expect(second.effects).toEqual([]);
    const third = hpaSync.step(second.state, created + 45_000, inputOf(2, '19'));
    expect(third.effects.map((e) => e.kind)).toEqual(['updateStatus']);
  });

  it('set no scale where the update was refused', () => {
    const { decision, effects, state } = hpaSync.step(
      start({ behavior: {} }),
      created + 15_000,
      inputOf(2, '40', { scaleUpdateError: 'etcd is full' }),
    );
    expect(effects.map((e) => e.kind)).toEqual(['event', 'updateStatus']);
    expect(decision).toMatchObject({
      scaled: false,
      specReplicasAfter: 2,
      desiredReplicas: 0,
      proposedReplicas: 4,
    });
    expect(decision.error).toBe('failed to rescale Deployment/default/web: etcd is full');
    expect(decision.events[0]?.message).toBe(
      'New size: 4; reason: external metric queue(nil) above target; error: etcd is full',
    );
    expect(conditionOf(decision, 'AbleToScale')).toBe('False FailedUpdateScale');
    expect(state.memory.scaleUpEvents).toEqual([]);
  });
});

describe('init', () => {
  it('names the field of a target that is no quantity', () => {
    const bad: MetricSpec = {
      type: 'External',
      external: { metric: { name: 'q' }, target: { type: 'Value', value: 'x' } },
    };
    expect(() => start({ metrics: [queue, bad] })).toThrow(
      'spec.metrics[1].external.target.value: "x" is not a quantity',
    );
  });

  it('names what it scales in errors', () => {
    const state = hpaSync.init({
      spec,
      createdAtMs: 0,
      scaleTarget: { kind: 'StatefulSet', namespace: 'shop', name: 'db' },
    });
    expect(hpaSync.step(state, 0, inputOf(1, '1', { scaleGetError: 'x' })).decision.error).toContain(
      'StatefulSet/shop/db',
    );
  });

  it('decides as the version says: a ratio of 1.1 scales up through 1.32', () => {
    const decide = (kubernetes: string) =>
      hpaSync.step(hpaSync.init({ spec, createdAtMs: 0, kubernetes }), 15_000, inputOf(10, '110')).decision
        .proposedReplicas;
    expect(decide('1.32')).toBe(11);
    expect(decide('1.33')).toBe(10);
  });
});

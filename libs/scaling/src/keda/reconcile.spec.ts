import { initialConditions } from './conditions';
import { kedaLoop } from './keda-loop';
import { type HpaManifest } from './hpa-manifest';
import { type KedaEffect, type KedaLoopState, type KedaStep, type WorkloadFacts } from './loop-types';
import { parseTarget, isTargetReadable } from './scale-target';
import { type ScaledObject, type ScaledObjectSpec } from './scaled-object';
import { StatusDraft } from './status-draft';
import { patchStatus } from './status-patch';
import { updateTriggersActivity } from './triggers-activity';

const now = 1_700_000_000_000;
const finalizer = 'finalizer.keda.sh';
const owner = { 'scaledobject.keda.sh/name': 'web' };
const sqs = {
  type: 'aws-sqs-queue',
  metadata: { queueURL: 'orders', awsRegion: 'r', identityOwner: 'operator' },
};
const objectOf = (
  spec: Partial<ScaledObjectSpec> = {},
  metadata: Partial<ScaledObject['metadata']> = {},
): ScaledObject => ({
  metadata: { name: 'web', generation: 1, labels: owner, finalizers: [finalizer], ...metadata },
  spec: { scaleTargetRef: { name: 'web' }, triggers: [sqs], ...spec },
});
const annotated = (annotations: Record<string, string>) => objectOf({}, { annotations });
const event = (type: 'Normal' | 'Warning', reason: string, message: string): KedaEffect => ({
  kind: 'event',
  type,
  reason,
  message,
});

function reconcile(
  object: ScaledObject,
  {
    state = kedaLoop.init(object),
    hpa = null as HpaManifest | null,
    workload = { replicas: 3 } as WorkloadFacts,
  } = {},
): KedaStep {
  return kedaLoop.step(state, now, { kind: 'reconcile', object, workload, hpa });
}
/** As it stands after a first reconcile: state and HPA. */
function settled(object = objectOf()): { state: KedaLoopState; hpa: HpaManifest } {
  const { state, effects } = reconcile(object);
  const hpa = effects.flatMap((effect) => (effect.kind === 'writeHpa' ? [effect.hpa] : []))[0];
  if (!hpa) throw new Error('no HPA was written');
  return { state, hpa };
}
const told = (effects: readonly KedaEffect[]) =>
  effects.filter(({ kind }) => !['status', 'writeHpa'].includes(kind));
const conditionsOf = ({ status }: KedaLoopState) =>
  Object.fromEntries(
    (status.conditions ?? []).map(({ type, ...rest }) => [type, Object.values(rest).join(' | ')]),
  );

const ready = 'True | ScaledObjectReady | ScaledObject is defined correctly and is ready for scaling';
const noFallback = 'False | NoFallbackFound | No fallbacks are active on this scaled object';

describe('the first reconcile of a ScaledObject', () => {
  it('writes finalizer, label and HPA, and starts the loop', () => {
    const { effects, state, decision } = reconcile(
      objectOf({}, { finalizers: ['mine'], labels: { a: 'b' } }),
    );
    expect(told(effects)).toEqual([
      { kind: 'metadata', labels: { a: 'b', ...owner }, finalizers: ['mine', finalizer] },
      event('Normal', 'KEDAScalersStarted', 'Scaler aws-sqs-queue is built'),
      event('Normal', 'KEDAScalersStarted', 'Started scalers watch'),
      { kind: 'startLoop' },
      event('Normal', 'ScaledObjectReady', 'ScaledObject is ready for scaling'),
    ]);
    expect(effects.filter(({ kind }) => kind === 'writeHpa')).toHaveLength(1);
    expect(effects.at(-1)).toEqual({ kind: 'status', status: state.status });
    expect(decision).toMatchObject({
      kind: 'reconcile',
      message: 'ScaledObject is defined correctly and is ready for scaling',
    });
    expect(decision).not.toHaveProperty('error');
    expect(conditionsOf(state)).toEqual({
      Ready: ready,
      Active: 'Unknown',
      Fallback: noFallback,
      Paused: 'False',
    });
    expect(state.status).toMatchObject({
      scaleTargetKind: 'apps/v1.Deployment',
      scaleTargetGVKR: { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments' },
      originalReplicaCount: 3,
      externalMetricNames: ['s0-aws-sqs-orders'],
      hpaName: 'keda-hpa-web',
    });
    expect(state.loop).toEqual({ pollingIntervalMs: 30_000, nextPollAtMs: now });
  });

  it.each([
    ['neither', {}, false],
    ['the finalizer', { finalizers: [] }, true],
    ['the label', { labels: {} }, true],
    ['all labels', { labels: undefined }, true],
    ['the right label', { labels: { 'scaledobject.keda.sh/name': 'other' } }, true],
  ])('when %s is missing: metadata written %p', (_, metadata, written) => {
    const { effects } = reconcile(objectOf({}, metadata as Partial<ScaledObject['metadata']>));
    expect(effects.filter(({ kind }) => kind === 'metadata')).toEqual(
      written ? [{ kind: 'metadata', labels: owner, finalizers: [finalizer] }] : [],
    );
  });

  it('keeps the count it saw first as the original one', () => {
    const { state, hpa } = settled();
    const again = reconcile(objectOf(), { state, hpa, workload: { replicas: 9 } });
    expect(again.effects).toEqual([]);
    expect(again.state.status.originalReplicaCount).toBe(3);
  });

  it('stops before the label when the target has no name', () => {
    const object = objectOf({ scaleTargetRef: { name: '' } }, { labels: { a: 'b' }, finalizers: [] });
    const { effects, decision } = reconcile(object);
    expect(effects[0]).toEqual({ kind: 'metadata', labels: { a: 'b' }, finalizers: [finalizer] });
    expect(decision).toMatchObject({ error: 'ScaledObject.spec.scaleTargetRef.name is missing' });
  });
});

describe('a ScaledObject that is refused', () => {
  const target = "ScaledObject doesn't have correct scaleTargetRef specification";

  it.each<[string, Partial<ScaledObjectSpec>, WorkloadFacts, string, string, KedaEffect[]]>([
    [
      'no such target',
      {},
      { replicas: 0, exists: false },
      `${target}: deployments.apps "web" not found`,
      'deployments.apps "web" not found',
      [event('Warning', 'ScaledObjectCheckFailed', "Target resource doesn't exist")],
    ],
    [
      'no such target in the core group',
      { scaleTargetRef: { name: 'web', apiVersion: 'v1', kind: 'Thing' } },
      { replicas: 0, exists: false },
      `${target}: things "web" not found`,
      'things "web" not found',
      [event('Warning', 'ScaledObjectCheckFailed', "Target resource doesn't exist")],
    ],
    [
      'no scale',
      {},
      { replicas: 0, scaleError: 'get' },
      `${target}: scale unavailable`,
      'scale unavailable',
      [event('Warning', 'ScaledObjectCheckFailed', "Target resource doesn't expose /scale subresource")],
    ],
    [
      'no such version',
      { scaleTargetRef: { name: 'web', apiVersion: 'a/b/c' } },
      { replicas: 0 },
      `${target}: unexpected GroupVersion string: a/b/c`,
      'unexpected GroupVersion string: a/b/c',
      [event('Warning', 'ScaledObjectUpdateFailed', 'unexpected GroupVersion string: a/b/c')],
    ],
    [
      'no trigger',
      { triggers: [] },
      { replicas: 1 },
      "ScaledObject doesn't have correct triggers specification: no triggers defined in the ScaledObject/ScaledJob",
      'no triggers defined in the ScaledObject/ScaledJob',
      [],
    ],
    [
      'min above max',
      { minReplicaCount: 5, maxReplicaCount: 2 },
      { replicas: 1 },
      "ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification: MinReplicaCount=5 must be less than MaxReplicaCount=2",
      'MinReplicaCount=5 must be less than MaxReplicaCount=2',
      [],
    ],
  ])('for %s', (_, spec, workload, message, error, before) => {
    const { effects, decision, state, nextDueAtMs } = reconcile(objectOf(spec), { workload });
    expect(told(effects)).toEqual([...before, event('Warning', 'ScaledObjectCheckFailed', message)]);
    expect(decision).toMatchObject({ kind: 'reconcile', message, error });
    expect(conditionsOf(state)).toMatchObject({
      Ready: `False | ScaledObjectCheckFailed | ${message}`,
      Active: 'Unknown | UnknownState | ScaledObject check failed',
    });
    expect(nextDueAtMs).toBeNull();
  });

  it('says that it is ready once it is again', () => {
    const { state } = reconcile(objectOf({ triggers: [] }));
    const back = reconcile(objectOf(), { state });
    expect(back.effects).toContainEqual(
      event('Normal', 'ScaledObjectReady', 'ScaledObject is ready for scaling'),
    );
    expect(conditionsOf(back.state).Ready).toBe(ready);
  });
});

describe('a paused ScaledObject', () => {
  const paused = annotated({ 'autoscaling.keda.sh/paused': 'true' });

  it('loses its HPA and its loop, once', () => {
    const { state, hpa } = settled();
    const first = reconcile(paused, { state, hpa });
    expect(told(first.effects)).toEqual([
      event('Normal', 'KEDAScalersStopped', 'Stopped scalers watch'),
      { kind: 'stopLoop' },
      { kind: 'deleteHpa', name: 'keda-hpa-web' },
      event('Normal', 'ScaledObjectPaused', 'ScaledObject is paused'),
    ]);
    expect(conditionsOf(first.state)).toMatchObject({
      Paused: 'True | ScaledObjectPaused | ScaledObject is paused',
    });
    expect([first.state.loop, first.state.scalers, first.nextDueAtMs]).toEqual([null, null, null]);
    expect(told(reconcile(paused, { state: first.state }).effects)).toEqual([]);
  });

  it('has nothing to delete without an HPA, and no loop to stop that never ran', () => {
    expect(told(reconcile(paused).effects)).toEqual([
      { kind: 'stopLoop' },
      event('Normal', 'ScaledObjectPaused', 'ScaledObject is paused'),
      event('Normal', 'ScaledObjectReady', 'ScaledObject is ready for scaling'),
    ]);
  });

  it('is unpaused with an event, an HPA and a loop', () => {
    const { state, hpa } = settled();
    const { state: held } = reconcile(paused, { state, hpa });
    const resumed = reconcile(objectOf(), { state: held });
    const message = 'pause annotation removed for ScaledObject';
    expect(resumed.effects).toContainEqual(event('Normal', 'ScaledObjectUnpaused', message));
    expect(resumed.effects.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['writeHpa', 'startLoop']),
    );
    expect(conditionsOf(resumed.state).Paused).toBe(`False | ScaledObjectUnpaused | ${message}`);
  });

  it.each(['paused-scale-in', 'paused-scale-out'])('in one direction (%s) keeps HPA and loop', (name) => {
    const object = annotated({ [`autoscaling.keda.sh/${name}`]: 'true' });
    const { state, hpa } = settled();
    const step = reconcile(object, { state, hpa });
    expect(told(step.effects)).toEqual([event('Normal', 'ScaledObjectPaused', 'ScaledObject is paused')]);
    expect(step.state.loop).toEqual(state.loop);
    expect(told(reconcile(object, { state: step.state, hpa }).effects)).toEqual([]);
  });

  it('at a count takes HPA and loop again until that count is reached', () => {
    const object = annotated({ 'autoscaling.keda.sh/paused-replicas': '5' });
    const { state, hpa } = settled();
    const { state: held } = reconcile(object, { state, hpa });
    const onTheWay = reconcile(object, { state: held, workload: { replicas: 3 } });
    expect(onTheWay.effects.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['writeHpa', 'startLoop']),
    );
    expect(told(reconcile(object, { state: held, workload: { replicas: 5 } }).effects)).toEqual([]);
    expect(
      told(reconcile(object, { state: held, workload: { replicas: 3, exists: false } }).effects),
    ).toEqual([]);
    expect(
      told(reconcile(object, { state: held, workload: { replicas: 3, scaleError: 'get' } }).effects),
    ).toEqual([]);
  });

  it.each([
    ['the annotation is gone', {}, undefined],
    ['it is still there', { 'autoscaling.keda.sh/paused-replicas': '3' }, 3],
    ['another one is there', { 'autoscaling.keda.sh/paused': 'false' }, 3],
  ])('forgets its count when %s', (_, annotations: Record<string, string>, count) => {
    const conditions = initialConditions.map((condition) =>
      condition.type === 'Paused' ? { ...condition, status: 'True' as const } : condition,
    );
    const object = { ...annotated(annotations), status: { conditions, pausedReplicaCount: 3 } };
    const { state } = reconcile(object, { workload: { replicas: 7 } });
    expect(state.status.pausedReplicaCount).toBe(count);
  });
});

describe('a deleted ScaledObject', () => {
  const deleted = (finalizers: string[] | undefined, spec: Partial<ScaledObjectSpec> = {}) => {
    const object = objectOf(spec, { deletionTimestamp: '2026-01-01T00:00:00Z', labels: { a: 'b' } });
    const { finalizers: _none, ...metadata } = object.metadata;
    return finalizers === undefined
      ? { ...object, metadata }
      : { ...object, metadata: { ...metadata, finalizers } };
  };
  const gone = event('Warning', 'ScaledObjectDeleted', 'ScaledObject was deleted');
  const restore = { advanced: { restoreToOriginalReplicaCount: true } };

  it('stops and gives up its own finalizer alone', () => {
    const { state } = settled();
    const step = reconcile(deleted(['mine', finalizer]), { state });
    expect(step.effects).toEqual([
      event('Normal', 'KEDAScalersStopped', 'Stopped scalers watch'),
      { kind: 'stopLoop' },
      { kind: 'metadata', labels: { a: 'b' }, finalizers: ['mine'] },
      gone,
    ]);
    expect(step.decision).toMatchObject({ kind: 'reconcile', message: 'ScaledObject was deleted' });
  });

  it.each([[['mine']], [undefined]])('is left alone with the finalizers %j', (finalizers) => {
    const { state } = settled();
    const step = reconcile(deleted(finalizers), { state });
    expect(step.effects).toEqual([gone]);
    expect(step.state.loop).toEqual(state.loop);
  });

  it.each<[string, WorkloadFacts, boolean]>([
    ['the target is there', { replicas: 9 }, true],
    ['the target is gone', { replicas: 0, exists: false }, false],
    ['its scale cannot be read', { replicas: 9, scaleError: 'get' }, false],
    ['its scale cannot be written', { replicas: 9, scaleError: 'update' }, false],
  ])('restores the original count when asked to and %s', (_, workload, restored) => {
    const { state } = settled();
    const { effects } = reconcile(deleted([finalizer], restore), { state, workload });
    expect(effects.filter(({ kind }) => kind === 'setScale')).toEqual(
      restored ? [{ kind: 'setScale', replicas: 3 }] : [],
    );
  });

  it('restores nothing that it does not know, and nothing unasked', () => {
    const { state } = settled();
    const scales = (step: KedaStep) => step.effects.filter(({ kind }) => kind === 'setScale');
    expect(scales(reconcile(deleted([finalizer]), { state }))).toEqual([]);
    expect(scales(reconcile(deleted([finalizer], restore)))).toEqual([]);
    const { originalReplicaCount: _count, ...status } = state.status;
    expect(scales(reconcile(deleted([finalizer], restore), { state: { ...state, status } }))).toEqual([]);
    const { scaleTargetGVKR: _target, ...other } = state.status;
    expect(scales(reconcile(deleted([finalizer], restore), { state: { ...state, status: other } }))).toEqual(
      [],
    );
  });
});

describe('the scale target', () => {
  it.each([
    ['', '', undefined, { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments' }],
    [
      'apps/v1',
      'StatefulSet',
      undefined,
      { group: 'apps', version: 'v1', kind: 'StatefulSet', resource: 'statefulsets' },
    ],
    ['v1', 'Thing', undefined, { group: '', version: 'v1', kind: 'Thing', resource: 'things' }],
    ['x.io/v2', 'Fish', 'fishes', { group: 'x.io', version: 'v2', kind: 'Fish', resource: 'fishes' }],
    ['a/b/c', 'Fish', undefined, { error: 'unexpected GroupVersion string: a/b/c' }],
  ])('%j %j, resource %p: %j', (apiVersion, kind, resource, expected) => {
    expect(parseTarget(apiVersion, kind, resource)).toEqual(expected);
  });

  const rollout = { group: 'argoproj.io', version: 'v1', kind: 'Rollout', resource: 'rollouts' };
  const deployment = { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments' };
  it.each([
    ['a Deployment', deployment, {}, true],
    ['a Deployment whose scale fails', deployment, { scaleError: 'get' as const }, true],
    ['a Deployment that is gone', deployment, { exists: false }, false],
    ['another kind', rollout, {}, true],
    ['another kind whose scale fails', rollout, { scaleError: 'get' as const }, false],
    ['another kind whose scale refuses writes', rollout, { scaleError: 'update' as const }, true],
    ['a Deployment of another group', { ...deployment, group: 'x' }, { scaleError: 'get' as const }, false],
    ['one that is not known yet', undefined, { scaleError: 'get' as const }, true],
  ])('%s: readable %#', (_, target, facts, readable) => {
    expect(isTargetReadable(objectOf(), target, { replicas: 1, ...facts })).toBe(readable);
  });
});

describe('the status', () => {
  const activity = (known: Record<string, boolean> | undefined, names: string[], active: string[]) => {
    const entries = (flags: Record<string, boolean>) =>
      Object.fromEntries(Object.entries(flags).map(([name, isActive]) => [name, { isActive }]));
    const draft = new StatusDraft({
      externalMetricNames: names,
      ...(known ? { triggersActivity: entries(known) } : {}),
    });
    const before = draft.status;
    updateTriggersActivity(draft, active);
    return draft.status === before ? 'unchanged' : (draft.status.triggersActivity ?? 'cleared');
  };
  it.each([
    [undefined, [], [], 'unchanged'],
    [undefined, ['a'], [], { a: { isActive: false } }],
    [{ a: false }, ['a'], [], 'unchanged'],
    [{ a: false }, ['a'], ['a'], { a: { isActive: true } }],
    [{ a: true, b: true }, ['a'], ['a'], { a: { isActive: true } }],
    [{ a: true }, ['a', 'b'], ['a'], { a: { isActive: true }, b: { isActive: false } }],
    [{ a: true }, [], [], 'cleared'],
    [{}, [], [], 'unchanged'],
  ])('of triggers %j, metrics %j, active %j: %j', (known, names, active, expected) => {
    expect(activity(known, names, active)).toEqual(expected);
  });

  const health = (numberOfFailures: number, status: 'Happy' | 'Failing') => ({ numberOfFailures, status });
  it('takes over only what changed in a copy', () => {
    const before = { health: { a: health(1, 'Failing'), b: health(0, 'Happy') } };
    const stored = { hpaName: 'x', health: { a: health(5, 'Failing'), b: health(2, 'Failing') } };
    expect(patchStatus(stored, before, before)).toBe(stored);
    expect(patchStatus(stored, before, { health: { ...before.health } })).toBe(stored);
    expect(patchStatus(stored, before, { health: { ...before.health, a: health(2, 'Failing') } })).toEqual({
      hpaName: 'x',
      health: { a: health(2, 'Failing'), b: health(2, 'Failing') },
    });
    expect(patchStatus(stored, before, { health: { ...before.health, b: health(1, 'Happy') } })).toEqual({
      hpaName: 'x',
      health: { a: health(5, 'Failing'), b: health(1, 'Failing') },
    });
    expect(patchStatus(stored, before, { health: { ...before.health, a: health(1, 'Happy') } })).toEqual({
      hpaName: 'x',
      health: { a: health(5, 'Happy'), b: health(2, 'Failing') },
    });
    expect(patchStatus({}, {}, { conditions: initialConditions })).toEqual({ conditions: initialConditions });
    expect(patchStatus({}, {}, { health: { c: health(1, 'Failing') } })).toEqual({
      health: { c: health(1, 'Failing') },
    });
  });
});

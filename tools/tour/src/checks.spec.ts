import type { HeaderLine, HpaSyncLine, ManifestLine, TimedLine } from '@scalelab/recording';
import { defaultControllerFlags, hpaSync, type HpaSpec } from '@scalelab/scaling';
import { judge } from './checks';
import type { Evidence, Expectation } from './evidence';

const workload = { namespace: 'shop', name: 'worker' };
const startedAt = '2026-01-01T00:00:00.000Z';
const header: HeaderLine = {
  kind: 'header',
  version: 1,
  startedAt,
  speed: 'demo',
  fidelity: 'full',
  machine: { os: 'linux', arch: 'x64', cpus: 2, memoryMiB: 1, node: '24.0.0' },
  versions: {},
  profile: { kubernetes: '1.34', keda: '2.19' },
  controller: defaultControllerFlags,
};
const spec: HpaSpec = {
  minReplicas: 1,
  maxReplicas: 10,
  metrics: [
    {
      type: 'External',
      external: { metric: { name: 'depth' }, target: { type: 'AverageValue', averageValue: '20' } },
    },
  ],
  behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
};

/** What the lab would have recorded: an HPA that saw these depths at its syncs, 15 s apart. */
function recorded(depths: readonly number[]): TimedLine[] {
  const zero = Date.parse(startedAt);
  const scaleTargetRef = { kind: 'Deployment', name: workload.name };
  const manifest: ManifestLine = {
    kind: 'manifest',
    t: 0,
    action: 'added',
    object: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { namespace: workload.namespace, name: 'worker' },
      spec: { ...spec, scaleTargetRef },
    },
  };
  let state = hpaSync.init({
    spec,
    createdAtMs: zero,
    scaleTarget: { kind: 'Deployment', namespace: workload.namespace, name: workload.name },
  });
  let replicas = 1;
  const syncs = depths.map((depth, at): HpaSyncLine => {
    const t = (at + 1) * 15;
    const input = {
      specReplicas: replicas,
      statusReplicas: replicas,
      externalMetrics: { depth: [String(depth)] },
    };
    const step = hpaSync.step(state, zero + t * 1_000, input);
    state = step.state;
    const from = replicas;
    replicas = step.decision.specReplicasAfter;
    return {
      kind: 'hpaSync',
      t,
      workload,
      hpa: 'worker',
      from,
      to: replicas,
      wanted: null,
      reason: '',
      sentence: '',
      input,
      decision: step.decision,
    };
  });
  return [manifest, ...syncs];
}

const activation: Expectation = { phase: 'activation', kind: 'stays', replicas: 1, because: '3 / 20' };
const out: Expectation = { phase: 'out', kind: 'reaches', replicas: 6, because: '120 / 20' };
const back: Expectation = { phase: 'in', kind: 'returns', replicas: 1, because: 'empty' };
const ids = Array.from({ length: 50 }, (_, n) => `message-${n}`);

/** A run in which everything held. */
const good = (over: Partial<Evidence> = {}): Evidence => ({
  header,
  workload,
  tested: [
    { expectation: activation, fromT: 1, toT: 20 },
    { expectation: out, fromT: 20, toT: 50 },
    { expectation: back, fromT: 50, toT: 80 },
  ],
  observations: [
    { t: 0, replicas: 1, ready: 1 },
    { t: 30.1, replicas: 5, ready: 1 },
    { t: 45.1, replicas: 6, ready: 5 },
    { t: 60.1, replicas: 1, ready: 6 },
  ],
  messages: { sentIds: ids, storedIds: ids.toReversed() },
  requests: { sent: 100, answered: 100, failures: {} },
  lines: recorded([3, 120, 120, 0, 0]),
  ...over,
});

/** What is red, in a few words. */
const red = (evidence: Evidence): string[] => {
  const { expectations, messages, ok } = judge(evidence);
  const broken = expectations
    .filter(({ held }) => !held)
    .map(({ phase, expected }) => `${phase}: ${expected}`);
  if (messages && messages.lost > 0) broken.push(`lost ${messages.lost}`);
  if (messages && messages.duplicates > 0) broken.push(`duplicates ${messages.duplicates}`);
  expect(ok).toBe(broken.length === 0);
  return broken;
};

test('a run in which everything held is green', () => {
  expect(red(good())).toEqual([]);
  expect(judge(good()).expectations).toHaveLength(7);
});

describe('each sabotage turns exactly its own check red', () => {
  test('one message is dropped', () => {
    expect(red(good({ messages: { sentIds: ids, storedIds: ids.slice(1) } }))).toEqual(['lost 1']);
  });

  test('one message takes effect twice', () => {
    expect(red(good({ messages: { sentIds: ids, storedIds: [...ids, 'message-7'] } }))).toEqual([
      'duplicates 1',
    ]);
  });

  test('the autoscaler decides but nothing scales out', () => {
    const frozen = [{ t: 0, replicas: 1, ready: 1 }];
    expect(red(good({ observations: frozen }))).toEqual(['out: reaches 6 (120 / 20)']);
  });

  test('nothing scales in', () => {
    const { observations } = good();
    expect(red(good({ observations: observations.slice(0, -1) }))).toEqual(['in: returns to 1 (empty)']);
  });

  test('something moves below the activation threshold', () => {
    const { observations } = good();
    const moved = [
      ...observations.slice(0, 1),
      { t: 10, replicas: 2, ready: 1 },
      { t: 12, replicas: 1, ready: 1 },
      ...observations.slice(1),
    ];
    expect(red(good({ observations: moved }))).toEqual(['activation: stays at 1 (3 / 20)']);
  });

  test('the recording lies about the signal', () => {
    const lines = good().lines.map((line) =>
      line.kind === 'hpaSync' && line.t === 45
        ? { ...line, input: { ...line.input, externalMetrics: { depth: ['100'] } } }
        : line,
    );
    expect(red(good({ lines }))).toEqual(['out: reaches 6, decided again from the recorded inputs']);
  });

  test('it goes beyond what the arithmetic says', () => {
    const observations = [
      ...good().observations.slice(0, 3),
      { t: 46, replicas: 7, ready: 6 },
      { t: 60.1, replicas: 1, ready: 6 },
    ];
    expect(red(good({ observations }))).toEqual(['out: reaches 6 (120 / 20)']);
  });

  test('one request is not answered', () => {
    expect(red(good({ requests: { sent: 100, answered: 99, failures: { ECONNRESET: 1 } } }))).toEqual([
      'out: all 100 requests answered with 200, from zero replicas',
    ]);
  });

  test('no request was sent at all', () => {
    expect(red(good({ requests: { sent: 0, answered: 0, failures: {} } }))).toHaveLength(1);
  });

  test('nothing was recorded', () => {
    expect(red(good({ lines: [] }))).toEqual([
      'activation: stays at 1, decided again from the recorded inputs',
      'out: reaches 6, decided again from the recorded inputs',
      'in: returns to 1, decided again from the recorded inputs',
    ]);
  });
});

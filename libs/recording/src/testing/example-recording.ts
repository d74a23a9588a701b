import type { DecisionStep, HeaderLine, Recording, TimedLine, WorkloadRef } from '../line';

/** Inputs and traces are short stand-ins here: projections and plots do not look inside. */
export interface ExampleShapes {
  readonly hpaInput: Readonly<Record<string, unknown>>;
  readonly hpaDecision: Readonly<Record<string, unknown>>;
  readonly kedaInput: Readonly<Record<string, unknown>>;
  readonly kedaDecision: Readonly<Record<string, unknown>>;
  readonly scaledJobInput: Readonly<Record<string, unknown>>;
  readonly scaledJobDecision: Readonly<Record<string, unknown>>;
}

export const exampleHeader: HeaderLine = {
  kind: 'header',
  version: 1,
  startedAt: '2026-01-31T12:00:00.000Z',
  speed: 'demo',
  fidelity: 'full',
  machine: { os: 'linux', arch: 'x64', cpus: 2, memoryMiB: 4096, node: '24.0.0' },
  versions: { scalelab: '0.1.0' },
  profile: { kubernetes: '1.34', keda: '2.19' },
  controller: {
    syncPeriodSeconds: 15,
    tolerance: 0.1,
    downscaleStabilisationSeconds: 300,
    cpuInitializationPeriodSeconds: 300,
    initialReadinessDelaySeconds: 30,
  },
};

interface Worker {
  readonly ref: WorkloadRef;
  readonly triggers: readonly {
    readonly type: string;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
  readonly target: number;
  readonly activation: number;
  readonly max: number;
  /** What comes in a second at `t`. */
  readonly load: (t: number) => number;
  /** What one ready replica takes a second. */
  readonly speed: number;
  readonly cooldown: number;
}

type Line = TimedLine<ExampleShapes>;

/** Plays one worker with plain arithmetic: polls every 2 s, syncs every 15 s, start-up 3 s, doubling at most. */
function play(worker: Worker, seconds: number): Line[] {
  const { ref, target, activation, max } = worker;
  const lines: Line[] = [];
  let backlog = 0;
  let desired = 0;
  let ready = 0;
  let lastActive = Number.NEGATIVE_INFINITY;
  const startups: number[] = [];
  const base = (
    t: number,
    from: number,
    to: number,
    wanted: number,
    reason: string,
    sentence: string,
    steps: DecisionStep[],
  ) => ({ t, workload: ref, from, to, wanted, reason, sentence, steps }) as const;
  for (let t = 0; t <= seconds; t++) {
    backlog = Math.max(0, backlog + worker.load(t) - ready * worker.speed);
    while (startups.length && (startups[0] ?? 0) <= t) {
      startups.shift();
      ready = Math.min(ready + 1, desired);
    }
    const scale = (to: number): void => {
      for (let i = desired; i < to; i++) startups.push(t + 3);
      if (to < desired) startups.splice(Math.max(0, to - ready));
      desired = to;
      ready = Math.min(ready, to);
    };
    if (t % 2 === 0) {
      const active = backlog > activation;
      if (active) lastActive = t;
      const from = desired;
      let to = from;
      let reason = active ? 'ScalerActive' : 'ScalerNotActive';
      if (active && from === 0) [to, reason] = [1, 'KEDAScaleTargetActivated'];
      else if (!active && from > 0) {
        if (t - lastActive > worker.cooldown) [to, reason] = [0, 'KEDAScaleTargetDeactivated'];
        else reason = 'ScalerCooldown';
      }
      const wanted = active ? Math.max(from, 1) : 0;
      const left = Math.ceil(worker.cooldown - (t - lastActive));
      const sentence =
        to === from
          ? wanted === to
            ? `${backlog} waiting, nothing to change`
            : `inactive, kept at ${from} for another ${left} s of cooldown`
          : `${backlog} waiting: ${from} -> ${to}`;
      const steps = [
        { rule: 'activation', inputs: { value: backlog, threshold: activation }, result: active },
      ];
      lines.push({
        kind: 'kedaPoll',
        scaledObject: ref.name,
        input: { value: backlog },
        decision: { to },
        ...base(t, from, to, wanted, reason, sentence, steps),
      });
      scale(to);
    }
    if (t > 0 && t % 15 === 0 && desired > 0) {
      const from = desired;
      const raw = Math.ceil(backlog / target);
      const limit = Math.max(from * 2, 4);
      const to = Math.max(1, Math.min(raw, limit, max));
      const reason =
        raw > limit
          ? 'ScaleUpLimit'
          : raw > max
            ? 'TooManyReplicas'
            : raw < 1
              ? 'TooFewReplicas'
              : 'DesiredWithinRange';
      const steps = [
        { rule: 'ceil(value / target)', inputs: { value: backlog, target }, result: raw },
        {
          rule: 'at most max(2 x current, 4) a sync',
          inputs: { current: from, limit },
          result: Math.min(raw, limit),
        },
        { rule: 'between 1 and maxReplicas', inputs: { maxReplicas: max }, result: to },
      ];
      const sentence = `${backlog} / ${target} a replica wants ${raw}: ${from} -> ${to}`;
      lines.push({
        kind: 'hpaSync',
        hpa: `keda-hpa-${ref.name}`,
        input: { specReplicas: from },
        decision: { to },
        ...base(t, from, to, Math.max(1, raw), reason, sentence, steps),
      });
      lines.push({
        kind: 'metricRequest',
        t,
        workload: ref,
        scaledObject: ref.name,
        metric: 's0',
        valueMilli: `${backlog * 1000}`,
        input: {},
        decision: {},
      });
      scale(to);
    }
    lines.push({ kind: 'sample', t, workload: ref, value: backlog, desired, current: desired, ready });
  }
  return lines;
}

/** Two workloads over `seconds` (default 200): a queue worker that empties its queue, and one behind HTTP that stays at 1. */
export function exampleRecording(seconds = 200): Recording<ExampleShapes> {
  const workers: readonly Worker[] = [
    {
      ref: { namespace: 'sqs-worker', name: 'sqs-worker' },
      triggers: [{ type: 'aws-sqs-queue', metadata: { queueLength: '20', activationQueueLength: '5' } }],
      target: 20,
      activation: 5,
      max: 10,
      load: (t) => (t === 10 ? 4 : t === 24 ? 220 : t > 40 && t < 80 ? 9 : 0),
      speed: 1,
      cooldown: 20,
    },
    {
      ref: { namespace: 'http-demo', name: 'http-demo' },
      triggers: [{ type: 'prometheus', metadata: { query: 'x', threshold: '25' } }],
      target: 25,
      activation: 0,
      max: 100,
      load: (t) => (t > 30 && t < 90 ? 8 : 0),
      speed: 2,
      cooldown: 15,
    },
  ];
  const manifests = workers.map((w): Line => ({
    kind: 'manifest',
    t: 0,
    action: 'added',
    object: {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: w.ref.name, namespace: w.ref.namespace },
      spec: {
        scaleTargetRef: { name: w.ref.name },
        minReplicaCount: 0,
        maxReplicaCount: w.max,
        triggers: w.triggers,
      },
    },
  }));
  const [sqs] = workers;
  const ref = sqs?.ref ?? { namespace: '', name: '' };
  const end: Line[] = [
    { kind: 'load', t: 24, workload: ref, description: '220 messages', count: 220 },
    {
      kind: 'expectation',
      t: 22,
      workload: ref,
      phase: 'activation',
      expected: '0 replicas at 4 messages',
      observed: '0',
      held: true,
    },
    {
      kind: 'expectation',
      t: 75,
      workload: ref,
      phase: 'out',
      expected: '>= 8 replicas',
      observed: '10',
      held: true,
    },
    {
      kind: 'expectation',
      t: seconds,
      workload: ref,
      phase: 'in',
      expected: '0 replicas',
      observed: '0',
      held: true,
    },
    { kind: 'messages', t: seconds, workload: ref, sent: 575, stored: 575, lost: 0, duplicates: 0 },
  ];
  const lines = [...manifests, ...workers.flatMap((w) => play(w, seconds)), ...end];
  return { header: exampleHeader, lines: lines.sort((a, b) => a.t - b.t) };
}

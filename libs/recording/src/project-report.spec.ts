import { decisionsOf, projectReport, workloadsOf, type Recording, type TimedLine } from '.';
import { exampleHeader, exampleRecording, type ExampleShapes } from './testing';

const ref = { namespace: 'a', name: 'w' };
const sync = (
  t: number,
  from: number,
  to: number,
  wanted: number | null,
  reason: string,
): TimedLine<ExampleShapes> => ({
  kind: 'hpaSync',
  t,
  workload: ref,
  hpa: 'h',
  from,
  to,
  wanted,
  reason,
  sentence: `${from} -> ${to}`,
  input: {},
  decision: {},
});
const recording = (lines: readonly TimedLine<ExampleShapes>[]): Recording<ExampleShapes> => ({
  header: exampleHeader,
  lines,
});

describe('projectReport', () => {
  it('has exactly the fields of report.json', () => {
    const report = projectReport(exampleRecording());
    expect(Object.keys(report)).toEqual(['version', 'ok', 'startedAt', 'speed', 'machine', 'workloads']);
    const [sqs, http] = report.workloads;
    expect(Object.keys(sqs ?? {})).toEqual([
      'name',
      'namespace',
      'trigger',
      'target',
      'samples',
      'decisions',
      'expectations',
      'messages',
    ]);
    expect(Object.keys(sqs?.samples[0] ?? {})).toEqual(['t', 'value', 'desired', 'current', 'ready']);
    expect(Object.keys(sqs?.decisions[0] ?? {})).toEqual(['t', 'from', 'to', 'reason', 'message']);
    expect(Object.keys(sqs?.expectations[0] ?? {})).toEqual(['phase', 'expected', 'observed', 'held']);
    expect(sqs).toMatchObject({
      name: 'sqs-worker',
      namespace: 'sqs-worker',
      trigger: 'aws-sqs-queue',
      target: 20,
    });
    expect(sqs?.messages).toEqual({ sent: 575, stored: 575, lost: 0, duplicates: 0 });
    expect(http).toMatchObject({ trigger: 'prometheus', target: 25, messages: null, expectations: [] });
    expect(sqs?.samples).toHaveLength(201);
    expect(report).toMatchObject({
      version: 1,
      ok: true,
      startedAt: exampleHeader.startedAt,
      speed: 'demo',
      machine: exampleHeader.machine,
    });
  });

  it.each<[string, TimedLine<ExampleShapes>]>([
    [
      'an expectation that did not hold',
      { kind: 'expectation', t: 1, workload: ref, phase: 'out', expected: '6', observed: '5', held: false },
    ],
    [
      'a lost message',
      {
        kind: 'messages',
        t: 1,
        workload: { namespace: 'sqs-worker', name: 'sqs-worker' },
        sent: 2,
        stored: 1,
        lost: 1,
        duplicates: 0,
      },
    ],
    [
      'a message stored twice',
      {
        kind: 'messages',
        t: 999,
        workload: { namespace: 'sqs-worker', name: 'sqs-worker' },
        sent: 1,
        stored: 2,
        lost: 0,
        duplicates: 1,
      },
    ],
    ['a note of level error', { kind: 'note', t: 1, level: 'error', text: 'the emulator died' }],
  ])('is not ok with %s', (_, line) => {
    const example = exampleRecording(100);
    const position = line.kind === 'messages' ? { ...line, t: 999 } : line;
    expect(projectReport({ ...example, lines: [...example.lines, position] }).ok).toBe(false);
  });

  it('is not ok when nothing was expected', () => {
    expect(projectReport(recording([sync(15, 1, 2, 2, 'x')])).ok).toBe(false);
  });
});

describe('decisionsOf', () => {
  it('keeps every change and the begin of every hold', () => {
    const lines = [
      sync(15, 1, 4, 9, 'ScaleUpLimit'),
      sync(30, 4, 4, 4, 'DesiredWithinRange'),
      sync(45, 4, 4, 2, 'ScaleDownStabilized'),
      sync(60, 4, 4, 1, 'ScaleDownStabilized'),
      sync(75, 4, 4, 4, 'DesiredWithinRange'),
      sync(90, 4, 4, 2, 'ScaleDownStabilized'),
      sync(105, 4, 4, 9, 'TooManyReplicas'),
      sync(120, 4, 2, 2, 'DesiredWithinRange'),
      sync(135, 2, 2, null, 'FailedGetExternalMetric'),
    ];
    expect(decisionsOf(lines).map((l) => l.t)).toEqual([15, 45, 90, 105, 120]);
  });
});

describe('workloadsOf', () => {
  const manifest = (
    kind: string,
    name: string,
    spec: object,
    extra: object = {},
  ): TimedLine<ExampleShapes> => ({
    kind: 'manifest',
    t: 0,
    action: 'added',
    object: { apiVersion: 'x/v1', kind, metadata: { name, namespace: 'a', ...extra }, spec },
  });
  const scaled = (triggers: readonly object[]) =>
    manifest('ScaledObject', 'so', { scaleTargetRef: { name: 'w' }, triggers });

  it.each<[string, object, object]>([
    [
      'kafka',
      { lagThreshold: '7', activationLagThreshold: '3' },
      { target: 7, activation: 3, unit: 'messages' },
    ],
    ['kafka', {}, { target: 10, activation: 0, unit: 'messages' }],
    ['aws-sqs-queue', {}, { target: 5, activation: 0, unit: 'messages' }],
    ['cpu', { value: '70' }, { target: 70, activation: null, unit: '%' }],
    ['cron', { desiredReplicas: '3' }, { target: 1, activation: null, unit: 'replicas' }],
    ['rabbitmq', { value: '20' }, { target: null, activation: null, unit: '' }],
  ])('reads target and activation of %s %j', (type, metadata, expected) => {
    expect(workloadsOf(recording([scaled([{ type, metadata }])]))).toEqual([
      { namespace: 'a', name: 'w', kind: 'Deployment', trigger: type, min: 0, max: 100, ...expected },
    ]);
  });

  it('follows an external-push trigger to its InterceptorRoute', () => {
    const route = manifest('InterceptorRoute', 'r', { scalingMetric: { requestRate: { targetValue: 20 } } });
    const [workload] = workloadsOf(
      recording([scaled([{ type: 'external-push', metadata: { interceptorRoute: 'r' } }]), route]),
    );
    expect(workload).toMatchObject({ trigger: 'external-push', target: 20, unit: 'requests/s' });
  });

  it('joins several triggers, takes a plain HPA, and leaves out the one that KEDA made', () => {
    const hpa = {
      scaleTargetRef: { kind: 'Deployment', name: 'api' },
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 70 } } }],
    };
    const found = workloadsOf(
      recording([
        scaled([
          { type: 'cron', metadata: {} },
          { type: 'cpu', metadata: { value: '60' } },
        ]),
        manifest('HorizontalPodAutoscaler', 'api', hpa),
        manifest(
          'HorizontalPodAutoscaler',
          'keda-hpa-so',
          { ...hpa, scaleTargetRef: { name: 'w' } },
          { ownerReferences: [{ kind: 'ScaledObject' }] },
        ),
      ]),
    );
    expect(found.map((w) => [w.name, w.trigger, w.target, w.unit, w.min, w.max])).toEqual([
      ['w', 'cron + cpu', 1, 'replicas', 0, 100],
      ['api', 'cpu', 70, '%', 2, 9],
    ]);
  });
});

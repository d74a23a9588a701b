import type { HpaInput, HpaPod } from './input';
import { explainHpa, type HpaExplanation } from './explain';
import { hpaRuleAnchor, hpaRules } from './rules';
import type { HpaSpec, MetricSpec } from './spec';
import { hpaSync } from './sync';

const queue = (averageValue = '20'): MetricSpec => ({
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue } },
});
const lag: MetricSpec = {
  type: 'External',
  external: { metric: { name: 'lag' }, target: { type: 'Value', value: '10' } },
};
const cpu: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};
const base: HpaSpec = { minReplicas: 1, maxReplicas: 20, metrics: [queue()] };
const pod = (name: string, use: string | undefined, more: Partial<HpaPod> = {}): HpaPod => ({
  name,
  startedSecondsAgo: 3600,
  readySinceSecondsAgo: 3500,
  metricAgeSeconds: 10,
  metricWindowSeconds: 30,
  ...(use === undefined ? {} : { usage: { app: { cpu: use } } }),
  ...more,
});

/** Explains the last of these syncs, 15 s apart. */
function explain(
  spec: Partial<HpaSpec>,
  ...inputs: readonly (Partial<HpaInput> & { readonly at?: number; readonly queued?: string })[]
): HpaExplanation {
  let state = hpaSync.init({
    spec: { ...base, ...spec },
    createdAtMs: 0,
    podRequests: { app: { cpu: '100m' } },
  });
  let explained: HpaExplanation | undefined;
  let now = 0;
  for (const { at, queued, ...input } of inputs) {
    now = at ?? now + 15_000;
    const replicas = input.specReplicas ?? 0;
    const externalMetrics = queued === undefined ? {} : { queue: [queued] };
    const step = hpaSync.step(state, now, {
      specReplicas: replicas,
      statusReplicas: replicas,
      externalMetrics,
      ...input,
    });
    state = step.state;
    explained = explainHpa(step.decision.trace, { unit: 'messages' });
  }
  if (explained === undefined) throw new Error('nothing to explain');
  return explained;
}

describe('sentences', () => {
  it.each<[string, HpaExplanation]>([
    [
      '3 -> 6: 118 messages / 20 per replica = 5.9, rounded up to 6; limited by the default cap max(2 x 3, 4) = 6',
      explain({}, { specReplicas: 3, queued: '118' }),
    ],
    ['3 -> 5: 100 messages / 20 per replica = 5', explain({}, { specReplicas: 3, queued: '100' })],
    [
      '1 -> 4: 900 messages / 20 per replica = 45; limited by the default cap max(2 x 1, 4) = 4',
      explain({}, { specReplicas: 1, queued: '900' }),
    ],
    [
      '15 -> 20: 900 messages / 20 per replica = 45; limited by maxReplicas 20',
      explain({}, { specReplicas: 15, queued: '900' }),
    ],
    [
      'stays 6: 118 messages / 20 per replica = 5.9, rounded up to 6',
      explain({}, { specReplicas: 6, statusReplicas: 1, queued: '118' }),
    ],
    [
      'stays 10: 190 messages on 10 replicas is 95 % of the target 20 per replica, within the tolerance of 10 %',
      explain({}, { specReplicas: 10, queued: '190' }),
    ],
    [
      'stays 10: wanted 8 (160 messages on 8 replicas is 100 % of the target 20 per replica, within the tolerance of 10 %: the 8 of status.replicas count), stabilised at 10 for another 300 s',
      explain({}, { specReplicas: 10, statusReplicas: 8, queued: '160' }),
    ],
    [
      'stays 6: wanted 2 (40 messages / 20 per replica = 2), stabilised at 6 for another 40 s',
      explain(
        {},
        { at: 15_000, specReplicas: 6, queued: '120' },
        { at: 275_000, specReplicas: 6, queued: '40' },
      ),
    ],
    [
      'stays 6: wanted 2 (40 messages / 20 per replica = 2), stabilised at 6 in this sync for the last time',
      explain(
        {},
        { at: 15_000, specReplicas: 6, queued: '120' },
        { at: 315_000, specReplicas: 6, queued: '40' },
      ),
    ],
    [
      '6 -> 2: 40 messages / 20 per replica = 2',
      explain(
        {},
        { at: 15_000, specReplicas: 6, queued: '120' },
        { at: 315_001, specReplicas: 6, queued: '40' },
      ),
    ],
    [
      '4 -> 8: wanted 2 (40 messages on 2 replicas is 100 % of the target 20 per replica, within the tolerance of 10 %: the 2 of status.replicas count), stabilised at 10 for another 285 s; limited by the default cap max(2 x 4, 4) = 8',
      explain({}, { specReplicas: 2, queued: '200' }, { specReplicas: 4, statusReplicas: 2, queued: '40' }),
    ],
    [
      '5 -> 3: 0 messages / 20 per replica = 0; raised to minReplicas 3',
      explain(
        { minReplicas: 3, behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } },
        { specReplicas: 5, queued: '0' },
      ),
    ],
    [
      'stays 0: the target has 0 replicas, so the HPA is switched off',
      explain({}, { specReplicas: 0, queued: '5' }),
    ],
    ['25 -> 20: above maxReplicas 20', explain({}, { specReplicas: 25, queued: '5' })],
    [
      'stays 25: above maxReplicas 20; the update to 20 was refused: failed to rescale Deployment/default/web: no',
      explain({}, { specReplicas: 25, scaleUpdateError: 'no' }),
    ],
    [
      'undecided: failed to query scale subresource for Deployment/default/web: gone',
      explain({}, { specReplicas: 2, scaleGetError: 'gone' }),
    ],
    [
      "stays 2: no metric is asked, since the target's scale has no selector",
      explain({}, { specReplicas: 2, selector: '' }),
    ],
    [
      'forgotten: the HPA is deleted, and with it what the controller remembered',
      explain({}, { specReplicas: 2, change: { hpaDeletedAtMs: 1 } }),
    ],
    [
      'stays 2: queue failed: unable to get external metric default/queue/nil: no metrics returned from external metrics API',
      explain({}, { specReplicas: 2 }),
    ],
    [
      'stays 2: 100 messages / 20 per replica = 5; limited by the default cap max(2 x 2, 4) = 4; the update to 4 was refused: failed to rescale Deployment/default/web: no',
      explain({}, { specReplicas: 2, queued: '100', scaleUpdateError: 'no' }),
    ],
    [
      '15 -> 20: 9223372036854775.807 messages / 20 per replica = 461168601842738.8, capped at 2147483647; limited by maxReplicas 20',
      explain({}, { specReplicas: 15, queued: '-1' }),
    ],
    [
      'stays 0: 0 messages / target 10 = 0',
      explain({ minReplicas: 0, metrics: [lag] }, { specReplicas: 0, externalMetrics: { lag: ['0'] } }),
    ],
    [
      '0 -> 2: 15 messages / target 10 = 1.5, rounded up to 2',
      explain({ minReplicas: 0, metrics: [lag] }, { specReplicas: 0, externalMetrics: { lag: ['15'] } }),
    ],
  ])('%s', (sentence, explained) => {
    expect(explained.sentence).toBe(sentence);
  });

  it.each<[string, HpaExplanation]>([
    [
      '2 -> 3: 15 messages / target 10 = 1.5; 1.5 x 2 ready pods = 3',
      explain(
        { metrics: [lag] },
        { specReplicas: 2, externalMetrics: { lag: ['15'] }, pods: [pod('a', '1m'), pod('b', '1m')] },
      ),
    ],
    [
      'stays 2: 11 messages / target 10 = 1.1, within the tolerance of 10 %',
      explain({ metrics: [lag] }, { specReplicas: 2, externalMetrics: { lag: ['11'] } }),
    ],
    [
      '2 -> 1: 1000000000000 messages / target 10 = 100000000000; 100000000000 x 1 ready pod = 100000000000, which overflows 32 bits and counts as 0; raised to minReplicas 1',
      explain(
        { metrics: [lag], behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } },
        { specReplicas: 2, externalMetrics: { lag: ['1T'] }, pods: [pod('a', '1m')] },
      ),
    ],
    [
      '2 -> 3: cpu at 75 % of the requests, target 50 %: 1.5; 1.5 x 2 ready pods = 3',
      explain({ metrics: [cpu] }, { specReplicas: 2, pods: [pod('a', '75m'), pod('b', '75m')] }),
    ],
    [
      'stays 2: cpu at 55 % of the requests, target 50 %: 1.1, within the tolerance of 10 %',
      explain({ metrics: [cpu] }, { specReplicas: 2, pods: [pod('a', '55m'), pod('b', '55m')] }),
    ],
    [
      '3 -> 4: cpu at 90 % of the requests, target 50 %: 1.8, counting 1 pod without a sample as idle makes 1.2; 1.2 x 3 pods = 3.6, rounded up to 4',
      explain(
        { metrics: [cpu] },
        { specReplicas: 3, pods: [pod('a', '90m'), pod('b', '90m'), pod('c', undefined)] },
      ),
    ],
    [
      'stays 4: cpu at 90 % of the requests, target 50 %: 1.8, counting 1 pod without a sample as idle and 1 unready pod as idle makes 0.9, within the tolerance of 10 %',
      explain(
        { metrics: [cpu] },
        {
          specReplicas: 4,
          pods: [
            pod('a', '90m'),
            pod('b', '90m'),
            pod('c', undefined),
            pod('d', '90m', { phase: 'Pending' }),
          ],
        },
      ),
    ],
    [
      'stays 3: cpu at 90 % of the requests, target 50 %: 1.8, counting 2 pods without a sample as idle makes 0.6, which would turn the direction: the count is kept',
      explain(
        { metrics: [cpu] },
        { specReplicas: 3, pods: [pod('a', '90m'), pod('b', undefined), pod('c', undefined)] },
      ),
    ],
    [
      'stays 4: cpu at 10 % of the requests, target 50 %: 0.2, counting 2 pods without a sample as full makes 1.1, within the tolerance of 10 %',
      explain(
        { metrics: [cpu] },
        {
          specReplicas: 4,
          pods: [pod('a', '10m'), pod('b', '10m'), pod('c', undefined), pod('d', undefined)],
        },
      ),
    ],
    [
      'stays 2: wanted 1 (rps averages 0.5 messages per pod, target 1: 0.5; 0.5 x 2 ready pods = 1), stabilised at 2 for another 300 s',
      explain(
        {
          metrics: [
            {
              type: 'Pods',
              pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1' } },
            },
          ],
        },
        {
          specReplicas: 2,
          pods: [
            pod('a', undefined, { podMetrics: { rps: '500m' } }),
            pod('b', undefined, { podMetrics: { rps: '0.5' } }),
          ],
        },
      ),
    ],
    [
      '1 -> 2: memory of container app averages 64Mi per pod, target 32Mi: 2; 2 x 1 ready pod = 2',
      explain(
        {
          metrics: [
            {
              type: 'ContainerResource',
              containerResource: {
                name: 'memory',
                container: 'app',
                target: { type: 'AverageValue', averageValue: '32Mi' },
              },
            },
          ],
        },
        { specReplicas: 1, pods: [pod('a', undefined, { usage: { app: { memory: '64Mi' } } })] },
      ),
    ],
  ])('about pods: %s', (sentence, explained) => {
    expect(explained.sentence).toBe(sentence);
  });

  const two = { metrics: [queue(), lag] };
  it.each<[string, HpaExplanation]>([
    [
      '2 -> 4: highest of 2 metrics is queue: 80 messages / 20 per replica = 4; limited by the default cap max(2 x 2, 4) = 4',
      explain(two, { specReplicas: 2, externalMetrics: { queue: ['80'], lag: ['10'] } }),
    ],
    [
      '2 -> 3: highest of 2 metrics is queue: 60 messages / 20 per replica = 3; 1 of 2 metrics failed',
      explain(two, { specReplicas: 2, externalMetrics: { queue: ['60'] } }),
    ],
    [
      'stays 5: the other metric wants 2, but a failed metric forbids to scale down; lag failed: unable to get external metric default/lag/nil: unable to fetch metrics from external metrics API: down',
      explain(two, { specReplicas: 5, externalMetrics: { queue: ['40'] }, metricErrors: { lag: 'down' } }),
    ],
    [
      'stays 5: all 2 metrics failed, first queue failed: unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: a',
      explain(two, { specReplicas: 5, metricErrors: { queue: 'a', lag: 'b' } }),
    ],
    [
      'stays 9: the other metrics want 3, but a failed metric forbids to scale down; lag failed: unable to get external metric default/lag/nil: no metrics returned from external metrics API',
      explain(
        { metrics: [queue(), lag, queue('30')] },
        { specReplicas: 9, externalMetrics: { queue: ['60'] } },
      ),
    ],
  ])('about several metrics: %s', (sentence, explained) => {
    expect(explained.sentence).toBe(sentence);
  });

  const scaleUp = (
    policies: readonly { type: 'Pods' | 'Percent'; value: number; periodSeconds: number }[],
    more = {},
  ) => ({
    behavior: {
      scaleUp: { policies, ...more },
      scaleDown: { policies, stabilizationWindowSeconds: 0, ...more },
    },
  });
  const onePod = { type: 'Pods', value: 1, periodSeconds: 60 } as const;
  const half = { type: 'Percent', value: 50, periodSeconds: 30 } as const;
  it.each<[string, HpaExplanation]>([
    [
      '2 -> 3: 200 messages / 20 per replica = 10; limited by the scaleUp policy 1 pod per 60 s: 2 at the start of the period, so at most 3',
      explain(scaleUp([onePod]), { specReplicas: 2, queued: '200' }),
    ],
    [
      'stays 3: 200 messages / 20 per replica = 10; the scaleUp policy 1 pod per 60 s allows no more change now (2 at the start of the period)',
      explain(scaleUp([onePod]), { specReplicas: 2, queued: '200' }, { specReplicas: 3, queued: '200' }),
    ],
    [
      '8 -> 12: 400 messages / 20 per replica = 20; limited by the scaleUp policy 50 % per 30 s: 8 at the start of the period, so at most 12',
      explain(scaleUp([onePod, half]), { specReplicas: 8, queued: '400' }),
    ],
    [
      '8 -> 9: 400 messages / 20 per replica = 20; limited by the scaleUp policy 1 pod per 60 s: 8 at the start of the period, so at most 9',
      explain(scaleUp([half, onePod], { selectPolicy: 'Min' }), { specReplicas: 8, queued: '400' }),
    ],
    [
      '8 -> 4: 40 messages / 20 per replica = 2; limited by the scaleDown policy 50 % per 30 s: 8 at the start of the period, so at least 4',
      explain(scaleUp([onePod, half]), { specReplicas: 8, queued: '40' }),
    ],
    [
      '8 -> 7: 40 messages / 20 per replica = 2; limited by the scaleDown policy 1 pod per 60 s: 8 at the start of the period, so at least 7',
      explain(scaleUp([half, onePod], { selectPolicy: 'Min' }), { specReplicas: 8, queued: '40' }),
    ],
    [
      'stays 2: 200 messages / 20 per replica = 10; scaleUp is disabled (selectPolicy Disabled)',
      explain(scaleUp([onePod], { selectPolicy: 'Disabled' }), { specReplicas: 2, queued: '200' }),
    ],
    [
      'stays 5: 20 messages / 20 per replica = 1; scaleDown is disabled (selectPolicy Disabled)',
      explain(scaleUp([onePod], { selectPolicy: 'Disabled' }), { specReplicas: 5, queued: '20' }),
    ],
    [
      '2 -> 3: 60 messages / 20 per replica = 3',
      explain(scaleUp([onePod]), { specReplicas: 2, queued: '60' }),
    ],
  ])('about policies: %s', (sentence, explained) => {
    expect(explained.sentence).toBe(sentence);
  });

  it('names the HPAs that select the same pods', () => {
    const { sentence, steps } = explain(
      {},
      { specReplicas: 2, queued: '5', selectingHpas: ['web', 'web-2'] },
    );
    expect(sentence).toBe('stays 2: no metric is asked, since 2 HPAs select the same pods: web, web-2');
    expect(steps).toEqual([
      {
        rule: 'selector-ambiguous',
        inputs: { hpas: 'web, web-2' },
        result: 2,
        docs: 'hpa-selector-ambiguous',
      },
    ]);
  });

  it('leaves units out, or takes them by metric', () => {
    const state = hpaSync.init({ spec: base, createdAtMs: 0 });
    const { trace } = hpaSync.step(state, 15_000, {
      specReplicas: 3,
      statusReplicas: 3,
      externalMetrics: { queue: ['100'] },
    }).decision;
    expect(explainHpa(trace).sentence).toBe('3 -> 5: 100 / 20 per replica = 5');
    expect(explainHpa(trace, { unit: { queue: 'jobs' } }).sentence).toBe(
      '3 -> 5: 100 jobs / 20 per replica = 5',
    );
    expect(explainHpa(trace, { unit: { other: 'jobs' } }).sentence).toBe('3 -> 5: 100 / 20 per replica = 5');
  });
});

describe('steps', () => {
  const rulesOf = ({ steps }: HpaExplanation) => steps.map((s) => `${s.rule}: ${s.result}`);

  it('follow the decision, with the anchor of each rule', () => {
    expect(explain({}, { specReplicas: 3, queued: '118' }).steps).toEqual([
      {
        rule: 'average-value',
        inputs: {
          metric: 'queue',
          type: 'External',
          value: '118',
          target: '20',
          statusReplicas: 3,
          ratio: 118 / 60,
        },
        result: 6,
        docs: 'hpa-average-value',
      },
      {
        rule: 'stabilization-default',
        inputs: { current: 3, wanted: 6, windowSeconds: 300 },
        result: 6,
        docs: 'hpa-stabilization-default',
      },
      { rule: 'default-cap', inputs: { current: 3, wanted: 6, cap: 6 }, result: 6, docs: 'hpa-default-cap' },
    ]);
  });

  it.each<[string[], HpaExplanation]>([
    [['forgotten: memory dropped'], explain({}, { specReplicas: 1, change: { hpaDeletedAtMs: 1 } })],
    [['scale-unreadable: undecided'], explain({}, { specReplicas: 1, scaleGetError: 'x' })],
    [['selector-missing: 1'], explain({}, { specReplicas: 1, selector: '' })],
    [['zero-replicas: 0'], explain({}, { specReplicas: 0 })],
    [['above-max: 20'], explain({}, { specReplicas: 21 })],
    [
      ['below-min: 4', 'update-refused: 3'],
      explain({ minReplicas: 4 }, { specReplicas: 3, scaleUpdateError: 'x' }),
    ],
    [
      [
        'metric-failed: unable to get external metric default/queue/nil: no metrics returned from external metrics API',
        'failed-metric-blocks-down: 2',
      ],
      explain({}, { specReplicas: 2 }),
    ],
    [
      ['average-value: ratio 0.95', 'tolerance: 10', 'stabilization-default: 10'],
      explain({}, { specReplicas: 10, queued: '190' }),
    ],
    [
      [
        'average-value: 5',
        'metric-failed: unable to get external metric default/lag/nil: no metrics returned from external metrics API',
        'highest-metric: 5',
        'stabilization-default: 5',
        'default-cap: 5',
      ],
      explain({ metrics: [queue(), lag] }, { specReplicas: 3, queued: '100' }),
    ],
    [
      ['value: 8', 'stabilization-behavior: 8', 'policies: 7'],
      explain(
        { metrics: [lag], behavior: {} },
        { specReplicas: 3, externalMetrics: { lag: ['40'] }, pods: [pod('a', '1m'), pod('b', '1m')] },
      ),
    ],
    [
      ['average-value: 45', 'stabilization-default: 45', 'default-cap: 30', 'max-replicas: 20'],
      explain({}, { specReplicas: 15, queued: '900' }),
    ],
    [
      ['average-value: 0', 'stabilization-behavior: 0', 'policies: 0', 'min-replicas: 1'],
      explain(
        { behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } },
        { specReplicas: 2, queued: '0' },
      ),
    ],
    [
      ['average-value: 10', 'stabilization-behavior: 10', 'policy-disabled: 2'],
      explain({ behavior: { scaleUp: { selectPolicy: 'Disabled' } } }, { specReplicas: 2, queued: '200' }),
    ],
    [
      [
        'utilization: ratio 1.8',
        'missing-pods: ratio 0.6',
        'direction-turned: 3',
        'stabilization-default: 3',
      ],
      explain(
        { metrics: [cpu] },
        { specReplicas: 3, pods: [pod('a', '90m'), pod('b', undefined), pod('c', undefined)] },
      ),
    ],
    [
      ['average-value: 5', 'stabilization-default: 5', 'default-cap: 4', 'update-refused: 2'],
      explain({}, { specReplicas: 2, queued: '100', scaleUpdateError: 'no' }),
    ],
  ])('%j', (rules, explained) => {
    expect(rulesOf(explained)).toEqual(rules);
  });

  it('tell how long a window still holds, and which policies were applied', () => {
    const held = explain(
      {},
      { at: 15_000, specReplicas: 6, queued: '120' },
      { at: 275_000, specReplicas: 6, queued: '40' },
    );
    expect(held.steps[1]).toMatchObject({
      inputs: { current: 6, wanted: 2, windowSeconds: 300, heldForSeconds: 40 },
      result: 6,
    });
    const limited = explain({ behavior: {} }, { specReplicas: 3, queued: '200' });
    expect(limited.steps[2]?.inputs).toEqual({
      direction: 'scaleUp',
      current: 3,
      wanted: 10,
      policies: '4 pods per 15 s: 3 -> 7, 100 % per 15 s: 3 -> 6',
      selectPolicy: 'Max',
      limit: 7,
    });
  });

  it('tell the tolerance and the pods that were filled in', () => {
    const { steps } = explain(
      { metrics: [cpu] },
      {
        specReplicas: 4,
        pods: [pod('a', '90m'), pod('b', '90m'), pod('c', undefined), pod('d', '90m', { phase: 'Pending' })],
      },
    );
    expect(steps[0]?.inputs).toEqual({
      metric: 'cpu',
      type: 'Resource',
      value: '90 %',
      target: '50 %',
      pods: 4,
      ratio: 1.8,
    });
    expect(steps[1]?.inputs).toEqual({ metric: 'cpu', type: 'Resource', missing: 1, unready: 1, pods: 4 });
    expect(steps[2]).toMatchObject({
      rule: 'tolerance',
      inputs: { ratio: 0.9, from: 0.9, to: 1.1 },
      result: 4,
    });
  });
});

describe('the catalogue', () => {
  it('says every rule in one line, and gives it an anchor', () => {
    for (const [rule, text] of Object.entries(hpaRules)) {
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(hpaRuleAnchor(rule as keyof typeof hpaRules)).toBe(`hpa-${rule}`);
    }
  });
});

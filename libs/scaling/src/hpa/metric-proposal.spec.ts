import { defaultControllerFlags } from './controller-flags';
import type { ContainerResources, HpaInput, HpaPod } from './input';
import { metricProposal } from './metric-proposal';
import { MetricFailure } from './metric-result';
import { planOf } from './plan';
import { hpaProfile } from './profile';
import type { MetricSpec, MetricTarget } from './spec';

const requests: ContainerResources = { app: { cpu: '100m', memory: '100Mi' } };

function ask(metric: MetricSpec, input: Partial<HpaInput>, podRequests = requests, kubernetes = '1.34') {
  const target = { kind: 'Deployment', namespace: 'shop', name: 'web' };
  const plan = planOf(
    { maxReplicas: 100, metrics: [metric] },
    defaultControllerFlags,
    hpaProfile(kubernetes),
    target,
  );
  const [only] = plan.metrics;
  if (only === undefined) throw new Error('no metric');
  return metricProposal(only, plan, { specReplicas: 4, statusReplicas: 4, ...input }, podRequests);
}

function proposalOf(found: ReturnType<typeof ask>): number {
  if (found instanceof MetricFailure) throw new Error(found.detail);
  return found.proposal;
}

function failureOf(found: ReturnType<typeof ask>): MetricFailure {
  if (!(found instanceof MetricFailure)) throw new Error(`it proposed ${found.proposal}`);
  return found;
}

const external = (target: Omit<MetricTarget, 'type'>, selector?: object): MetricSpec =>
  ({
    type: 'External',
    external: {
      metric: { name: 'q', ...(selector === undefined ? {} : { selector }) },
      target: { type: 'Value', ...target },
    },
  }) as MetricSpec;
const object = (target: MetricTarget): MetricSpec => ({
  type: 'Object',
  object: { describedObject: { kind: 'Ingress', name: 'main' }, metric: { name: 'r' }, target },
});
const rps: MetricSpec = {
  type: 'Pods',
  pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
};
const cpu = (averageUtilization = 50): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

/** Pods that have run for an hour, with this cpu usage; undefined: no sample. */
function podsUsing(...usage: readonly (string | undefined)[]): HpaPod[] {
  return usage.map((amount, i) => ({
    name: `p${i}`,
    startedSecondsAgo: 3600,
    readySinceSecondsAgo: 3500,
    metricAgeSeconds: 10,
    metricWindowSeconds: 30,
    ...(amount === undefined
      ? {}
      : { usage: { app: { cpu: amount, memory: '64Mi' } }, podMetrics: { rps: amount } }),
  }));
}

describe('External with AverageValue', () => {
  it.each([
    // values, status replicas, proposal, shown average
    [['118'], 4, 12, '29500m'],
    [['40', '4'], 4, 4, '11'],
    [['44.001'], 4, 5, '11001m'],
    [['36'], 4, 4, '9'],
    [['35.999'], 4, 4, '9'],
    [['0'], 4, 0, '0'],
    [['5.3'], 0, 1, '-9223372036854775808m'],
    [['1'], 10, 1, '100m'],
    // Below zero counts as an overflow: towards the maximum.
    [['-1'], 4, 2147483647, '9223372036854775807m'],
    [['5', '-6', '900'], 4, 2147483647, '9223372036854775807m'],
    [['9e15', '9e15'], 4, 2147483647, '9223372036854775807m'],
    [['1e14'], 4, 2147483647, '25T'],
  ])('%j on %d replicas proposes %d', (values, statusReplicas, proposal, shown) => {
    const found = ask(external({ averageValue: '10' }), { statusReplicas, externalMetrics: { q: values } });
    expect(found).toMatchObject({ proposal, current: { type: 'External', name: 'q', averageValue: shown } });
  });

  it('keeps status.replicas, not spec.replicas, within the tolerance', () => {
    const found = ask(external({ averageValue: '10' }), {
      specReplicas: 9,
      statusReplicas: 5,
      externalMetrics: { q: ['52'] },
    });
    expect(found).toMatchObject({ proposal: 5, trace: { outcome: 'held', base: 5, value: 52_000 } });
  });

  it('goes before a Value that is set as well', () => {
    expect(
      proposalOf(ask(external({ averageValue: '10', value: '1' }), { externalMetrics: { q: ['80'] } })),
    ).toBe(8);
  });

  it.each<[Partial<HpaInput>, string]>([
    [{}, 'no metrics returned from external metrics API'],
    [{ externalMetrics: { q: [] } }, 'no metrics returned from external metrics API'],
    [{ metricErrors: { q: 'down' } }, 'unable to fetch metrics from external metrics API: down'],
  ])('fails on %j', (input, reason) => {
    const { detail, error } = failureOf(ask(external({ averageValue: '10' }), input));
    expect(detail).toBe(`unable to get external metric shop/q/nil: ${reason}`);
    expect(error).toBe(`failed to get q external metric value: failed to get q external metric: ${detail}`);
  });

  it('fails on a selector that cannot be', () => {
    const metric = external({ averageValue: '10' }, { matchExpressions: [{ key: 'k', operator: 'Foo' }] });
    expect(failureOf(ask(metric, { externalMetrics: { q: ['1'] } })).detail).toContain(
      '"Foo" is not a valid',
    );
  });

  it('fails without any target', () => {
    const { detail, error } = failureOf(ask(external({}), { externalMetrics: { q: ['1'] } }));
    expect(detail).toBe(
      'invalid external metric source: neither a value target nor an average value target was set',
    );
    expect(error).toBe(`failed to get q external metric value: ${detail}`);
  });
});

describe('External with Value', () => {
  const metric = external({ value: '10' });

  it.each([
    // values, pods, proposal
    [['30'], podsUsing('1', '1', '1'), 9],
    [['15', '16'], podsUsing('1', '1'), 7],
    [['11'], podsUsing('1'), 4],
    [['9'], [], 4],
    [['0'], podsUsing('1'), 0],
    [
      ['1e9'],
      podsUsing(
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
        '1',
      ),
      -2147483648,
    ],
  ])('%j with those pods proposes that', (values, pods, proposal) => {
    expect(ask(metric, { externalMetrics: { q: values }, pods })).toMatchObject({ proposal });
  });

  it('counts ready pods only', () => {
    const pods = podsUsing('1', '1', '1').map((pod, i) => (i === 0 ? { ...pod, ready: false } : pod));
    expect(ask(metric, { externalMetrics: { q: ['30'] }, pods })).toMatchObject({
      proposal: 6,
      trace: { base: 2 },
    });
  });

  it('asks for no pods at 0 replicas, and knows no tolerance there', () => {
    const found = ask(metric, { specReplicas: 0, externalMetrics: { q: ['10.5'] } });
    expect(found).toMatchObject({ proposal: 2, current: { value: '10500m' } });
  });

  it('fails without pods', () => {
    const { detail, error } = failureOf(ask(metric, { externalMetrics: { q: ['30'] } }));
    expect(detail).toBe(
      'unable to calculate ready pods: no pods returned by selector while calculating replica count',
    );
    expect(error).toBe(`failed to get q external metric value: failed to get external metric q: ${detail}`);
  });

  it('lets the sum wrap, unlike AverageValue', () => {
    const found = ask(metric, {
      externalMetrics: { q: ['9223372036854775', '9223372036854775'] },
      pods: podsUsing('1'),
    });
    expect(found).toMatchObject({ proposal: 0, current: { value: '-1616m' } });
  });
});

describe('Object', () => {
  it('divides by an AverageValue; an overflow is negative', () => {
    const metric = object({ type: 'AverageValue', averageValue: '10' });
    expect(ask(metric, { objectMetrics: { r: '118' } })).toMatchObject({
      proposal: 12,
      current: { type: 'Object', name: 'r', averageValue: '29500m' },
    });
    expect(proposalOf(ask(metric, { objectMetrics: { r: '1e14' } }))).toBe(-2147483648);
    expect(proposalOf(ask(metric, { objectMetrics: { r: '-118' } }))).toBe(-11);
  });

  it('multiplies ready pods by a Value ratio', () => {
    const metric = object({ type: 'Value', value: '10' });
    expect(ask(metric, { objectMetrics: { r: '25' }, pods: podsUsing('1', '1') })).toMatchObject({
      proposal: 5,
      current: { value: '25' },
    });
    expect(failureOf(ask(metric, { objectMetrics: { r: '25' } })).error).toBe(
      'failed to get object metric value: unable to calculate ready pods: no pods returned by selector while calculating replica count',
    );
  });

  it.each([
    [{ type: 'Value', value: '1' }, ''],
    [{ type: 'AverageValue', averageValue: '1' }, 'failed to get r object metric: '],
  ] as const)('fails with %j in the controller’s words', (target, inner) => {
    const { detail, error } = failureOf(ask(object(target), { metricErrors: { r: 'down' } }));
    expect(detail).toBe(
      'unable to get metric r: Ingress on shop main/unable to fetch metrics from custom metrics API: down',
    );
    expect(error).toBe(`failed to get object metric value: ${inner}${detail}`);
    expect(failureOf(ask(object(target), {})).detail).toContain(
      'could not find the metric r for Ingress main',
    );
  });

  it('goes by the field that the type names, or by none', () => {
    const { detail } = failureOf(
      ask(object({ type: 'Value', averageValue: '5' }), { objectMetrics: { r: '1' } }),
    );
    expect(detail).toBe(
      'invalid object metric source: neither a value target nor an average value target was set',
    );
    expect(failureOf(ask(object({ type: 'Utilization', value: '5' }), {})).detail).toBe(detail);
  });
});

describe('Pods', () => {
  it('averages, and multiplies by the ready pods', () => {
    const found = ask(rps, { pods: podsUsing('15', '20', '10') });
    expect(found).toMatchObject({ proposal: 5, current: { type: 'Pods', name: 'rps', averageValue: '15' } });
  });

  it('cuts the average to whole milli-units', () => {
    expect(ask(rps, { pods: podsUsing('10m', '10m', '11m') })).toMatchObject({
      current: { averageValue: '10m' },
    });
  });

  it('does not look at readiness, but at the phase', () => {
    const pods = podsUsing('20', '20').map((pod) => ({ ...pod, ready: false }));
    expect(proposalOf(ask(rps, { pods }))).toBe(4);
    expect(ask(rps, { pods: pods.map((p, i) => (i === 0 ? { ...p, phase: 'Pending' } : p)) })).toMatchObject({
      trace: { pods: { ready: 1, unready: 1, missing: 0, ignored: 0 }, paddedRatio: 1 },
    });
  });

  it.each<[Partial<HpaInput>, string]>([
    [{}, 'unable to get metric rps: no metrics returned from custom metrics API'],
    [{ pods: podsUsing(undefined) }, 'unable to get metric rps: no metrics returned from custom metrics API'],
    [
      { metricErrors: { rps: 'no' } },
      'unable to get metric rps: unable to fetch metrics from custom metrics API: no',
    ],
    [
      { pods: podsUsing('1').map((p) => ({ ...p, deleted: true })) },
      'did not receive metrics for targeted pods (pods might be unready)',
    ],
  ])('fails on %j', (input, detail) => {
    expect(failureOf(ask(rps, input))).toEqual(
      new MetricFailure(detail, `failed to get pods metric value: ${detail}`),
    );
  });
});

describe('Resource utilization', () => {
  it.each([
    // usage per pod of 100m, target %, at 4 replicas: proposal
    [['75m', '75m', '75m', '75m'], 50, 6],
    [['55m', '55m', '55m', '55m'], 50, 4],
    // 55.75 % is cut to 55 % before it is compared.
    [['55m', '55m', '55m', '58m'], 50, 4],
    [['56m', '56m', '56m', '56m'], 50, 5],
    [['10m', '10m', '10m', '10m'], 50, 1],
    [['0', '0', '0', '0'], 50, 0],
    // Missing pods: idle when the others want more ...
    [['80m', '80m', '80m', undefined], 50, 5],
    [['75m', '75m', '75m', undefined], 50, 5],
    [['60m', '60m', '60m', undefined], 50, 4],
    // ... full when they want fewer, by the target where that is above 100 %.
    [['10m', '10m', '10m', undefined], 50, 3],
    [['40m', '40m', '40m', undefined], 50, 4],
    [['30m', '30m', '30m', undefined], 150, 2],
    // Exactly on target with a missing pod: nothing is filled in.
    [['50m', '50m', '50m', undefined], 50, 4],
    // The padded count would be below the current one while the ratio says more.
    [['90m', '90m', undefined, undefined], 80, 4],
  ])('%j at target %d %% proposes %d', (usage, target, proposal) => {
    expect(proposalOf(ask(cpu(target), { pods: podsUsing(...usage) }))).toBe(proposal);
  });

  it('shows percent and average', () => {
    expect(ask(cpu(), { pods: podsUsing('75m', '76m') })).toMatchObject({
      current: { type: 'Resource', name: 'cpu', averageUtilization: 75, averageValue: '75m' },
      trace: { target: 'Utilization', value: 75, ratio: 1.5, base: 2 },
    });
  });

  it('counts unready pods as idle when the others want more, and leaves them out otherwise', () => {
    const young = { startedSecondsAgo: 20, readySinceSecondsAgo: 5, ready: false } as const;
    const pods = podsUsing('90m', '90m', '90m', '500m').map((p, i) => (i === 3 ? { ...p, ...young } : p));
    expect(ask(cpu(), { pods })).toMatchObject({
      proposal: 6,
      trace: { ratio: 1.8, paddedRatio: 1.34, base: 4 },
    });
    const calm = podsUsing('20m', '20m', '20m', '500m').map((p, i) => (i === 3 ? { ...p, ...young } : p));
    expect(ask(cpu(), { pods: calm })).toMatchObject({ proposal: 2, trace: { ratio: 0.4, base: 3 } });
  });

  it('keeps the count when the filling turns the direction', () => {
    const found = ask(cpu(), { pods: podsUsing('80m', undefined, undefined, undefined) });
    expect(found).toMatchObject({
      proposal: 4,
      trace: { outcome: 'reversed', ratio: 1.6, paddedRatio: 0.4 },
    });
    const down = ask(cpu(), { specReplicas: 4, pods: podsUsing('40m', undefined, undefined, undefined) });
    expect(down).toMatchObject({ proposal: 4, trace: { outcome: 'reversed', ratio: 0.8, paddedRatio: 1.7 } });
  });

  it('keeps the count when more pods than replicas would turn it', () => {
    const down = ask(cpu(), { specReplicas: 1, pods: podsUsing('20m', '20m', '20m', '20m', undefined) });
    expect(down).toMatchObject({ proposal: 1, trace: { outcome: 'reversed', paddedRatio: 0.72, base: 5 } });
    const up = ask(cpu(), { specReplicas: 9, pods: podsUsing('90m', '90m', '90m', undefined) });
    expect(up).toMatchObject({ proposal: 9, trace: { outcome: 'reversed', paddedRatio: 1.34, base: 4 } });
  });

  it('goes by the ready pods alone where none is missing, whatever spec.replicas says', () => {
    expect(proposalOf(ask(cpu(), { specReplicas: 9, pods: podsUsing('75m', '75m') }))).toBe(3);
  });

  it('sums the containers; one without the resource leaves the pod without a sample', () => {
    const both: ContainerResources = { app: { cpu: '50m' }, side: { cpu: '50m' } };
    const [pod] = podsUsing('1');
    const pods = [{ ...pod, name: 'a', usage: { app: { cpu: '40m' }, side: { cpu: '35m' } } }];
    expect(ask(cpu(), { pods }, both)).toMatchObject({ proposal: 2, trace: { value: 75 } });
    const half = [...pods, { ...pod, name: 'b', usage: { app: { cpu: '40m' }, side: { memory: '1Mi' } } }];
    expect(ask(cpu(), { pods: half }, both)).toMatchObject({ trace: { pods: { ready: 1, missing: 1 } } });
    const none = [...pods, { ...pod, name: 'c', usage: {} }];
    expect(ask(cpu(), { pods: none }, both)).toMatchObject({ trace: { pods: { ready: 1, missing: 1 } } });
  });

  it.each<[string, Partial<HpaInput>, string]>([
    [
      'without pods',
      {},
      'unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    ],
    [
      'without samples',
      { pods: podsUsing(undefined) },
      'unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    ],
    [
      'when the API fails',
      { metricErrors: { resource: 'gone' } },
      'unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: gone',
    ],
    [
      'when no pod counts',
      { pods: podsUsing('1m').map((p) => ({ ...p, phase: 'Failed' })) },
      'did not receive metrics for targeted pods (pods might be unready)',
    ],
    [
      'without a request',
      { pods: podsUsing('1m', '1m').map((p, i) => (i === 1 ? { ...p, requests: { app: {} } } : p)) },
      'missing request for cpu in container app of Pod p1',
    ],
    [
      'without a request in a failed pod',
      {
        pods: podsUsing('1m', '1m').map((p, i) =>
          i === 1 ? { ...p, phase: 'Failed', requests: { app: {} } } : p,
        ),
      },
      'missing request for cpu in container app of Pod p1',
    ],
    [
      'when nothing is requested',
      { pods: podsUsing('1m').map((p) => ({ ...p, requests: {} })) },
      'no metrics returned matched known pods',
    ],
  ])('fails %s', (_, input, reason) => {
    const { detail, error } = failureOf(ask(cpu(), input));
    expect(detail).toBe(`failed to get cpu utilization: ${reason}`);
    expect(error).toBe(`failed to get cpu resource metric value: ${detail}`);
  });

  it('uses the requests of the pod as a whole where they are set', () => {
    const whole = (podLevelRequests: Record<string, string>) =>
      podsUsing('75m').map((p) => ({ ...p, podLevelRequests }));
    expect(ask(cpu(), { pods: whole({ cpu: '150m' }) })).toMatchObject({ trace: { value: 50 } });
    // Set for another resource only: the containers' sum.
    expect(ask(cpu(), { pods: whole({ memory: '1Gi' }) })).toMatchObject({ trace: { value: 75 } });
    const bare = podsUsing('75m').map((p) => ({
      ...p,
      requests: { app: {} },
      podLevelRequests: { memory: '1Gi' },
    }));
    expect(failureOf(ask(cpu(), { pods: bare })).detail).toContain(
      'missing pod-level request for cpu in Pod p0',
    );
  });

  it('fails without any target', () => {
    const metric: MetricSpec = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization' } },
    };
    expect(failureOf(ask(metric, { pods: podsUsing('1m') })).detail).toBe(
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
    );
  });
});

describe('Resource AverageValue', () => {
  const memory = (averageValue: string): MetricSpec => ({
    type: 'Resource',
    resource: { name: 'memory', target: { type: 'AverageValue', averageValue } },
  });

  it('needs no requests, and prints memory in binary from 1.34', () => {
    const pods = podsUsing('1m', '1m');
    expect(ask(memory('32Mi'), { pods }, {})).toMatchObject({
      proposal: 4,
      current: { averageValue: '64Mi' },
    });
    expect(ask(memory('32Mi'), { pods }, {}, '1.33')).toMatchObject({
      current: { averageValue: '67108864' },
    });
    const named = failureOf(ask(memory('32Mi'), {}));
    expect(named.detail).toContain('failed to get memory usage: ');
  });

  it('fills missing pods with exactly the target', () => {
    const pods = podsUsing('1m', '1m', '1m', undefined);
    expect(ask(memory('128Mi'), { pods })).toMatchObject({
      proposal: 3,
      trace: { ratio: 0.5, paddedRatio: 0.625 },
    });
  });

  it('takes memory of pods that start, other than cpu', () => {
    const pods = podsUsing('1m').map((p) => ({
      ...p,
      startedSecondsAgo: 1,
      readySinceSecondsAgo: 1,
      ready: false,
    }));
    expect(proposalOf(ask(memory('32Mi'), { pods }))).toBe(2);
  });
});

describe('ContainerResource', () => {
  const metric = (container: string): MetricSpec => ({
    type: 'ContainerResource',
    containerResource: { name: 'cpu', container, target: { type: 'Utilization', averageUtilization: 50 } },
  });
  const two: ContainerResources = { app: { cpu: '100m' }, side: {} };

  it('looks at its container alone: usage and request', () => {
    const pods = podsUsing('75m', '75m').map((p) => ({
      ...p,
      usage: { ...p.usage, side: { cpu: '900m' } },
      podLevelRequests: { cpu: '9' },
    }));
    expect(ask(metric('app'), { pods }, two)).toMatchObject({
      proposal: 3,
      current: {
        type: 'ContainerResource',
        name: 'cpu',
        container: 'app',
        averageUtilization: 75,
        averageValue: '75m',
      },
    });
  });

  it.each([
    ['side', { side: { cpu: '1m' } }, 'missing request for cpu in container side of Pod p0'],
    ['other', { app: { cpu: '1m' } }, 'did not receive metrics for targeted pods (pods might be unready)'],
  ])('fails for container %s', (container, usage, reason) => {
    const pods = podsUsing('75m').map((p) => ({ ...p, usage }));
    const { detail, error } = failureOf(ask(metric(container), { pods }, two));
    expect(detail).toBe(`failed to get cpu utilization: ${reason}`);
    expect(error).toBe(`failed to get ${container} container metric value: ${detail}`);
  });
});

describe('other versions', () => {
  const bigPods = podsUsing(...Array<string>(22).fill('1'));

  it('before 1.34 let an external AverageValue overflow', () => {
    const metric = external({ averageValue: '10' });
    expect(ask(metric, { externalMetrics: { q: ['-40'] } }, requests, '1.33')).toMatchObject({
      proposal: -4,
      current: { averageValue: '-10' },
    });
    expect(proposalOf(ask(metric, { externalMetrics: { q: ['1e14'] } }, requests, '1.33'))).toBe(-2147483648);
  });

  it('from 1.35 on cap Value targets', () => {
    const metric = external({ value: '10' });
    expect(
      proposalOf(ask(metric, { externalMetrics: { q: ['1e9'] }, pods: bigPods }, requests, '1.35')),
    ).toBe(2147483647);
    const full = { externalMetrics: { q: ['9223372036854775', '9223372036854775'] }, pods: podsUsing('1') };
    expect(ask(metric, full, requests, '1.35')).toMatchObject({ current: { value: '9223372036854775807m' } });
    const mixed = { externalMetrics: { q: ['-5', '35'] }, pods: podsUsing('1') };
    expect(ask(metric, mixed, requests, '1.35')).toMatchObject({ proposal: 3, current: { value: '30' } });
  });

  it('before 1.34 ignore the requests of the pod as a whole', () => {
    const pods = podsUsing('75m').map((p) => ({ ...p, podLevelRequests: { cpu: '150m' } }));
    expect(ask(cpu(), { pods }, requests, '1.33')).toMatchObject({ trace: { value: 75 } });
  });

  it('from 1.35 on refuse a pod without the container', () => {
    const metric: MetricSpec = {
      type: 'ContainerResource',
      containerResource: {
        name: 'cpu',
        container: 'side',
        target: { type: 'Utilization', averageUtilization: 50 },
      },
    };
    const pods = podsUsing('75m').map((p) => ({ ...p, usage: { side: { cpu: '5m' } } }));
    expect(failureOf(ask(metric, { pods }, requests, '1.35')).detail).toContain(
      'container side not found in Pod p0',
    );
    expect(failureOf(ask(metric, { pods }, requests, '1.34')).detail).toContain(
      'no metrics returned matched known pods',
    );
  });
});

import { trigger } from './registry';
import { emptyRateWindow, recordRequests, windowAverage } from './rate-window';
import { beginRouteCounts, stepRouteCounts } from './route-counts';

const metadata = { scalerAddress: 'keda-http:9090', interceptorRoute: 'web' };
const both = {
  concurrency: { targetValue: 100 },
  requestRate: { targetValue: 20, window: '10s', granularity: '1s' },
};

describe('external-push of the HTTP add-on', () => {
  it('makes one metric a target', () => {
    const parsed = trigger.parse({ type: 'external-push', metadata }, { interceptorRoute: both, index: 1 });
    expect(parsed).toMatchObject({
      metricSpecs: [
        { external: { metric: { name: 's1-http_web_concurrency' }, target: { averageValue: '100' } } },
        { external: { metric: { name: 's1-http_web_rate' }, target: { averageValue: '20' } } },
      ],
    });
  });

  it.each([
    [0, 0, false],
    [3, 0, true],
    [0, 0.1, true],
  ])('concurrency %d and rate %d: active %p', (concurrency, requestRate, isActive) => {
    const parsed = trigger.parse({ type: 'external-push', metadata }, { interceptorRoute: both });
    if (!parsed.ok) throw new Error(parsed.message);
    expect(
      trigger.evaluate(parsed, null, { kind: 'interceptor', concurrency, requestRate }, 0),
    ).toMatchObject({
      metrics: [{ valueMilli: concurrency * 1000 }, { valueMilli: requestRate * 1000 }],
      isActive,
    });
  });

  it('has no metric and no value without its route', () => {
    const parsed = trigger.parse({ type: 'external-push', metadata });
    if (!parsed.ok) throw new Error(parsed.message);
    expect(parsed.metricSpecs).toEqual([]);
    expect(
      trigger.evaluate(parsed, null, { kind: 'interceptor', concurrency: 1, requestRate: 1 }, 0),
    ).toMatchObject({
      ok: false,
      message: 'InterceptorRoute "web" not found',
    });
  });

  it.each([
    [
      {},
      'error parsing external scaler metadata: error parsing external scaler metadata: missing required parameter "scalerAddress" in [triggerMetadata]',
    ],
  ])('refuses %j', (given, message) => {
    expect(trigger.parse({ type: 'external-push', metadata: given })).toMatchObject({ ok: false, message });
  });

  it('refuses Utilization in its own words', () => {
    expect(trigger.parse({ type: 'external-push', metadata, metricType: 'Utilization' })).toMatchObject({
      message: expect.stringContaining('error getting external scaler metric type: ') as string,
    });
  });
});

describe('the rate window', () => {
  const after = (writes: readonly (readonly [second: number, requests: number])[], windowMs = 10_000) =>
    writes.reduce(
      (w, [second, requests]) => recordRequests(w, second * 1000, requests),
      emptyRateWindow(windowMs, 1000),
    );

  it.each([
    ['nothing', [], 5, 0],
    ['one second', [[100, 20]], 100, 20],
    [
      'a part of the window',
      [
        [100, 20],
        [101, 10],
      ],
      101,
      15,
    ],
    [
      'a gap counts as zeros',
      [
        [100, 20],
        [103, 10],
      ],
      103,
      7.5,
    ],
    [
      'a full window drops what is older',
      [[100, 100], ...Array.from({ length: 10 }, (_, i) => [101 + i, 5] as const)],
      110,
      5,
    ],
    [
      'no write for a while: what is older than a window goes',
      [
        [100, 20],
        [109, 10],
      ],
      112,
      1,
    ],
    ['after a whole window all is forgotten', [[100, 20]], 110, 0],
    [
      'a long pause begins anew',
      [
        [100, 20],
        [130, 6],
      ],
      130,
      6,
    ],
    [
      'two writes in one second',
      [
        [100, 20],
        [100.5, 10],
      ],
      100.9,
      30,
    ],
    [
      'a late write still counts',
      [
        [105, 10],
        [103, 20],
      ],
      105,
      10,
    ],
    [
      'a write of a window ago does not',
      [
        [115, 10],
        [105, 20],
      ],
      115,
      10,
    ],
  ] as const)('%s', (_name, writes, at, expected) => {
    expect(windowAverage(after(writes), at * 1000)).toBe(expected);
  });

  it('rounds to three decimals', () => {
    expect(
      windowAverage(
        after([
          [100, 1],
          [101, 0],
          [102, 0],
        ]),
        102_000,
      ),
    ).toBe(0.333);
  });

  it('takes granularities of several seconds and below one', () => {
    let coarse = emptyRateWindow(10_000, 2000);
    for (const second of [100, 101, 102, 103]) coarse = recordRequests(coarse, second * 1000, 4);
    expect(windowAverage(coarse, 103_000)).toBe(8);
    let fine = emptyRateWindow(1000, 250);
    for (const ms of [0, 250, 500, 750]) fine = recordRequests(fine, 5000 + ms, 2);
    expect(windowAverage(fine, 5750)).toBe(2);
  });
});

describe('counts of a route over all interceptors', () => {
  const pod = (concurrency: number, requestCount: number) => ({ concurrency, requestCount });

  it('sums concurrency and the requests since the round before', () => {
    const first = stepRouteCounts(beginRouteCounts(both), 100_000, { a: pod(2, 100), b: pod(1, 50) });
    expect(first).toMatchObject({ concurrency: 3, requestRate: 0 });
    const second = stepRouteCounts(first.state, 101_000, { a: pod(4, 110), b: pod(0, 60), c: pod(1, 500) });
    expect(second).toMatchObject({ concurrency: 5, requestRate: 10 });
  });

  it('takes a counter that fell for a restart', () => {
    const first = stepRouteCounts(beginRouteCounts(both), 100_000, { a: pod(0, 100) });
    expect(stepRouteCounts(first.state, 100_500, { a: pod(0, 7) }).requestRate).toBe(7);
  });

  it('keeps the concurrency of a pod that does not answer, until it is gone', () => {
    const first = stepRouteCounts(beginRouteCounts(both), 100_000, { a: pod(3, 100) });
    const silent = stepRouteCounts(first.state, 100_500, { a: null });
    expect(silent).toMatchObject({ concurrency: 3, requestRate: 0 });
    const gone = stepRouteCounts(silent.state, 101_000, {});
    expect(gone.concurrency).toBe(0);
    expect(stepRouteCounts(gone.state, 101_500, { a: null }).concurrency).toBe(0);
  });

  it('has a window of a minute and buckets of a second by default', () => {
    expect(beginRouteCounts({ requestRate: { targetValue: 1 } }).window.buckets).toHaveLength(60);
    expect(
      beginRouteCounts({ requestRate: { targetValue: 1, window: '0s', granularity: '2s' } }).window.buckets,
    ).toHaveLength(30);
  });
});

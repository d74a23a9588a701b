import { apiData, evaluate, formatNumber, parseQuery, PromqlError, SampleStore } from '..';

const end = 600_000;

/** A counter that grows by 2 a second, scraped every 15 s, with a reset at 300 s; two gauges. */
function example(): SampleStore {
  const store = new SampleStore();
  for (let t = 0; t <= end; t += 15_000) {
    const seconds = t / 1000;
    for (const pod of ['a', 'b']) {
      store.append(
        { __name__: 'ops_total', pod, app: 'web' },
        t,
        seconds < 300 ? 100 + 2 * seconds : 2 * (seconds - 300),
      );
      store.append({ __name__: 'depth', pod }, t, pod === 'a' ? 10 : 30);
    }
  }
  store.append({ __name__: 'limit', pod: 'a', kind: 'x' }, end, 5);
  return store;
}

const store = example();
const query = (text: string, timeMs = end) => {
  const result = evaluate(text, store, timeMs);
  if (result.type === 'scalar' || result.type === 'string') return result.value;
  if (result.type === 'matrix') return result.series;
  return Object.fromEntries(
    result.samples.map(({ labels, value }) => [
      Object.entries(labels)
        .map(([k, v]) => `${k}=${v}`)
        .sort()
        .join(),
      value,
    ]),
  );
};

describe('evaluate', () => {
  it.each<[string, unknown]>([
    ['1 + 2 * 3', 7],
    ['-2 ^ 2', -4],
    ['2 ^ 3 ^ 2', 512],
    ['5 % 3', 2],
    ['4 > bool 3', 1],
    ['1 / 0', Number.POSITIVE_INFINITY],
    ['time()', 600],
    ['"text"', 'text'],
    ['sum(depth)', { '': 40 }],
    ['avg(depth)', { '': 20 }],
    ['count by (pod) (depth)', { 'pod=a': 1, 'pod=b': 1 }],
    ['max without (pod) (depth)', { '': 30 }],
    ['min(depth) by (app)', { '': 10 }],
    ['depth > 20', { '__name__=depth,pod=b': 30 }],
    ['depth > bool 20', { 'pod=a': 0, 'pod=b': 1 }],
    ['20 < depth', { '__name__=depth,pod=b': 30 }],
    ['depth * 2', { 'pod=a': 20, 'pod=b': 60 }],
    ['-depth{pod="a"}', { 'pod=a': -10 }],
    ['depth / on (pod) limit', { 'pod=a': 2 }],
    ['depth - ignoring (kind) limit', { 'pod=a': 5 }],
    ['depth and on (pod) limit', { '__name__=depth,pod=a': 10 }],
    ['depth unless on (pod) limit', { '__name__=depth,pod=b': 30 }],
    ['sum(nothing) or vector(0)', { '': 0 }],
    ['scalar(depth)', Number.NaN],
    ['scalar(depth{pod="a"}) + 1', 11],
    ['count_over_time(depth{pod="a"}[1m])', { 'pod=a': 4 }],
    ['sum_over_time(depth{pod="a"}[1m])', { 'pod=a': 40 }],
    ['last_over_time(depth{pod="a"}[1m])', { '__name__=depth,pod=a': 10 }],
    ['quantile_over_time(0.5, depth{pod="b"}[1m])', { 'pod=b': 30 }],
    ['resets(ops_total{pod="a"}[10m])', { 'app=web,pod=a': 1 }],
    ['depth offset 9m', { '__name__=depth,pod=a': 10, '__name__=depth,pod=b': 30 }],
    ['depth{pod=~"a|x"} + depth{pod=~"a"} offset 1m', { 'pod=a': 20 }],
    ['nothing', {}],
  ])('%s', (text, expected) => {
    expect(query(text)).toEqual(expected);
  });

  it('extrapolates rate and increase to the whole range and bridges a reset', () => {
    // 4 samples over 45 s of the minute; the missing 15 s are one interval, within 1.1 intervals of the start.
    expect(query('rate(ops_total{pod="a"}[1m])')).toEqual({ 'app=web,pod=a': expect.closeTo(2, 12) });
    expect(query('increase(ops_total{pod="a"}[1m])')).toEqual({ 'app=web,pod=a': expect.closeTo(120, 9) });
    // Around the reset (694, 0, 30): the fall counts as a start from zero.
    const across = evaluate('increase(ops_total{pod="a"}[45s])', store, 315_000);
    expect(across).toMatchObject({
      type: 'vector',
      samples: [{ value: expect.closeTo(((30 + 0) / 30) * 45, 9) }],
    });
    expect(query('irate(ops_total{pod="a"}[5m])')).toEqual({ 'app=web,pod=a': 2 });
    expect(query('rate(ops_total{pod="a"}[10s])')).toEqual({});
  });

  it('does not extrapolate a counter below its zero', () => {
    const fresh = new SampleStore();
    fresh.append({ __name__: 'c' }, 40_000, 1);
    fresh.append({ __name__: 'c' }, 55_000, 4);
    // 3 in 15 s: zero was 5 s before the first sample, so 5 s are added there and 5 s at the end.
    const result = evaluate('increase(c[1m])', fresh, 60_000);
    expect(result).toMatchObject({ samples: [{ value: expect.closeTo((3 * 25) / 15, 12) }] });
  });

  it('reads histograms', () => {
    const h = new SampleStore();
    for (const [le, count] of [
      ['1', 50],
      ['2', 90],
      ['+Inf', 100],
    ] as const)
      h.append({ __name__: 'l_bucket', le }, 1_000, count);
    const at = (phi: string) => evaluate(`histogram_quantile(${phi}, l_bucket)`, h, 1_000);
    expect(at('0.5')).toEqual({ type: 'vector', samples: [{ labels: {}, value: 1 }] });
    expect(at('0.7')).toEqual({ type: 'vector', samples: [{ labels: {}, value: 1.5 }] });
    expect(at('0.99')).toEqual({ type: 'vector', samples: [{ labels: {}, value: 2 }] });
  });

  it.each<[string, PromqlError['code'], string]>([
    ['', 'Syntax', ''],
    ['sum(', 'Syntax', 'cannot be read as PromQL'],
    ['{}', 'Syntax', ''],
    ['{job=~".*"}', 'Syntax', 'at least one matcher that does not accept an empty value'],
    ['a{x=~"("}', 'Syntax', 'is no regular expression'],
    ['a{__name__="b"}', 'Syntax', 'must not be set twice'],
    ['1 > 2', 'Type', 'must use bool'],
    ['rate(depth)', 'Type', 'argument 1 of rate must be a matrix, got a vector'],
    ['sum(depth[1m])', 'Type', 'sum takes a vector, got a matrix'],
    ['depth[1m] + 1', 'Type', '+ takes scalars and vectors, got a matrix'],
    ['rate(depth[1m], 2)', 'Syntax', 'rate takes 1 arguments, got 2'],
    ['topk(3, depth)', 'Unsupported', 'the aggregation topk is not supported'],
    ['quantile(0.5, depth)', 'Unsupported', 'the aggregation quantile is not supported'],
    [
      'label_replace(depth, "a", "b", "c", "d")',
      'Unsupported',
      'the function label_replace is not supported',
    ],
    ['deriv(depth[5m])', 'Unsupported', 'the function deriv is not supported'],
    ['depth[5m:1m]', 'Unsupported', 'a subquery is not supported'],
    ['depth @ 5', 'Unsupported', 'the @ modifier is not supported'],
    ['depth * on (pod) group_left limit', 'Unsupported', 'group_left is not supported'],
    ['depth atan2 depth', 'Unsupported', 'the operator atan2 is not supported'],
    ['depth[5m * 2]', 'Unsupported', 'the duration expression 5m * 2 is not supported'],
    ['(depth) offset 5m', 'Type', 'an offset is only allowed once, on a selector'],
  ])('refuses %j as %s', (text, code, message) => {
    const refusal = (() => {
      try {
        return parseQuery(text);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(PromqlError);
    expect(refusal).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each([
    ['depth + on (kind) depth', 'found duplicate series for the match group'],
    ['ops_total + on (app) limit{kind="x"}', ''],
    ['sum by (pod) (depth) + on () limit', 'multiple matches for labels'],
    ['{__name__=~"depth|limit", pod="a"} * 1', ''],
    ['rate({__name__=~"depth|ops_total", pod="a", app=""}[5m])', ''],
  ])('%s fails only where the data are ambiguous', (text, message) => {
    if (message) expect(() => query(text)).toThrow(message);
    else expect(() => query(text)).not.toThrow();
  });

  it('refuses two elements of the same labels once their names are gone', () => {
    const twice = new SampleStore();
    for (const n of ['a', 'b']) for (const t of [1_000, 2_000]) twice.append({ __name__: n }, t, t);
    expect(() => evaluate('rate({__name__=~"a|b"}[1m])', twice, 2_000)).toThrow('same labelset');
  });
});

describe('the answer of the HTTP API', () => {
  it('has times in seconds and values as text', () => {
    expect(apiData(evaluate('sum(depth)', store, 600_500), 600_500)).toEqual({
      resultType: 'vector',
      result: [{ metric: {}, value: [600.5, '40'] }],
    });
    expect(apiData(evaluate('1e-9 * 2', store, 1_000), 1_000)).toEqual({
      resultType: 'scalar',
      result: [1, '0.000000002'],
    });
    expect(apiData(evaluate('depth{pod="a"}[20s]', store, end), end)).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'depth', pod: 'a' },
          values: [
            [585, '10'],
            [600, '10'],
          ],
        },
      ],
    });
  });

  it.each([
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
    [-1.25e-7, '-0.000000125'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [0.1, '0.1'],
  ])('writes %s as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

import { ExpositionError, readExposition } from './exposition-value';
import { type MetricsApiEndpointsObservation } from './observation';
import { evaluateTrigger, parseTrigger } from './registry';
import { readYamlPath, YamlPathError } from './yaml-path';

const exposition = [
  '# HELP jobs Jobs waiting.',
  '# TYPE jobs gauge',
  'jobs{queue="a"} 5',
  'jobs{queue="b",kind="x y"} 7.5 1700000000000',
  '# TYPE took histogram',
  'took_bucket{le="1"} 3',
  'took_sum 2',
  'took_count 3',
  'plain 3',
  'inf +Inf',
].join('\n');

describe('a value out of an exposition', () => {
  it.each([
    ['jobs', 5],
    ['jobs{queue="b"}', 7.5],
    ["jobs{queue='b', kind=`x y`,}", 7.5],
    ['{__name__="jobs",queue="b"}', 7.5],
    // All operators mean equality.
    ['jobs{queue!="b"}', 7.5],
    ['plain', 3],
    ['inf', Infinity],
  ])('%s is %d', (selector, expected) => {
    expect(readExposition(exposition, selector)).toBe(expected);
  });

  it.each([
    ['missing', "metric 'missing' not found"],
    ['jobs{queue="c"}', 'value jobs{queue="c"} not found'],
    ['took', 'value took not found'],
    ['{queue="a"}', "metric '' not found"],
    ['', 'parse error: no series selector'],
    ['jobs{', 'unexpected end of input inside braces'],
    ['jobs{queue="a" x}', 'unexpected end of input inside braces'],
    ['jobs{queue}', 'unexpected character'],
    ['jobs x', 'unexpected text after the selector'],
  ])('%s: %s', (selector, message) => {
    expect(() => readExposition(exposition, selector)).toThrow(message);
  });

  it.each([
    ['jobs', 'expected float as value, got ""'],
    ['jobs five', 'expected float as value, got "five"'],
    ['jobs 1_0', 'expected float as value, got "1_0"'],
    ['1jobs 5', 'invalid metric name or sample'],
    ['jobs{a=5} 1', 'expected a label'],
    ['# TYPE jobs thing\njobs 1', 'unknown metric type "thing"'],
    ['jobs 1\n# TYPE jobs gauge', 'second TYPE line for metric name "jobs", or TYPE reported after samples'],
  ])('refuses %j: %s', (body, message) => {
    expect(() => readExposition(body, 'jobs')).toThrow(ExpositionError);
    expect(() => readExposition(body, 'jobs')).toThrow(message);
  });
});

describe('a scalar out of YAML', () => {
  const body =
    'q:\n  n: 42\n  f: 1.5\n  hex: 0x10\n  old: 010\n  under: 1_000\n  big: 18446744073709551615\n  s: "17"\n  u: many\n  t: true\n  nul: ~\n  list: [5, &x 6]\n  ref: *x\n  inf: -.inf\n  nan: .nan\n  neg: -4\n  bad8: 09\n';

  it.each([
    ['q.n', { kind: 'number', value: 42 }],
    ['q.f', { kind: 'number', value: 1.5 }],
    ['q.hex', { kind: 'number', value: 16 }],
    ['q.old', { kind: 'number', value: 8 }],
    ['q.bad8', { kind: 'number', value: 9 }],
    ['q.under', { kind: 'number', value: 1000 }],
    ['q.neg', { kind: 'number', value: -4 }],
    ['q.big', { kind: 'other', shown: '%!s(uint64=18446744073709551615)' }],
    ['q.s', { kind: 'string', value: '17' }],
    ['q.u', { kind: 'string', value: 'many' }],
    ['q.t', { kind: 'other', shown: '%!s(bool=true)' }],
    ['q.nul', { kind: 'other', shown: '%!s(<nil>)' }],
    ['q.list.1', { kind: 'number', value: 6 }],
    ['q.ref', { kind: 'number', value: 6 }],
    ['q.inf', { kind: 'number', value: -Infinity }],
    ['q.nan', { kind: 'number', value: NaN }],
  ])('%s', (path, expected) => {
    expect(readYamlPath(body, path)).toEqual(expected);
  });

  it.each([
    ['q.missing', "key 'missing' not found in path 'q.missing'"],
    ['q.list', "path 'q.list' does not lead to a value"],
    ['q.list.9', "key '9' not found in path 'q.list.9'"],
  ])('%s: %s', (path, message) => {
    expect(() => readYamlPath(body, path)).toThrow(new YamlPathError(message));
  });

  it('refuses what is no YAML and no mapping', () => {
    expect(() => readYamlPath('a: [1', 'a')).toThrow(/^yaml: /);
    expect(() => readYamlPath('- 1', 'a')).toThrow('the document is not a mapping');
    expect(() => readYamlPath('', 'a')).toThrow("key 'a' not found in path 'a'");
  });
});

describe('aggregation over the endpoints of a Service', () => {
  const ask = (aggregationType: string, answers: MetricsApiEndpointsObservation['answers']) => {
    const metadata = {
      targetValue: '1',
      url: 'http://s.ns/m',
      valueLocation: 'v',
      aggregateFromKubeServiceEndpoints: 'true',
      aggregationType,
    };
    const parsed = parseTrigger({ type: 'metrics-api', metadata });
    if (!parsed.ok) throw new Error(parsed.message);
    const result = evaluateTrigger(parsed, null, { kind: 'endpoints', answers }, 0);
    return result.ok ? result.metrics[0]?.valueMilli : result.message;
  };
  const value = (v: number) => ({ kind: 'http' as const, status: 200, body: `{"v":${v}}` });
  const down = { kind: 'unreachable' as const, message: 'refused' };

  it.each([
    ['average', 4000],
    ['sum', 8000],
    ['max', 6000],
    ['min', 2000],
  ])('%s of 2, 6 and an endpoint that is down is %d', (type, expected) => {
    expect(ask(type, [value(2), down, value(6)])).toBe(expected);
  });

  it('fails when no endpoint answers', () => {
    expect(ask('sum', [down, { kind: 'http', status: 500, body: '' }])).toBe(
      'error requesting metrics endpoint: could not get any metric successfully from the 2 provided endpoints',
    );
    expect(ask('sum', [])).toBe(
      'error requesting metrics endpoint: no endpoints URLs were given for the service name',
    );
  });
});

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
  'x:y{a="1\\"2"} 1',
  'lines{a="b\\nc"} 2',
  'lines{a="b\\tc"} 3',
  'lines{a="b\\rc"} 4',
  'lines{a="b\\\\c"} 6',
  'windows 8\r',
  'took_other 9',
  '  spaced { a = "1" , b = "2" , }   11  ',
  '#TYPE shouted GAUGE',
  '',
  'shouted\t12',
  'own_count 13',
  '# EOF',
  'jobs{kind="xx20y"} 0',
  'dated -14  -1700000000000',
  '# TYPE quantiles summary',
  'quantiles{quantile="0.5"} 3',
  'quantiles_sum 2',
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
    [' jobs { queue = "b" } ', 7.5],
    ['jobs{}', 5],
    ['jobs{queue=~"b"}', 7.5],
    ['jobs{queue!~"b"}', 7.5],
    ['jobs{kind="x y",queue="b"}', 7.5],
    ["jobs{kind='x\\x20y'}", 0],
    ['x:y{a="1\\"2"}', 1],
    ["x:y{a='1\"2'}", 1],
    ['x:y{a=`1"2`}', 1],
    ['lines{a="b\\nc"}', 2],
    ['lines{a="b\\tc"}', 3],
    ['lines{a="b\\rc"}', 4],
    ['lines{a="b\\\\c"}', 6],
    ['windows', 8],
    ['took_other', 9],
    ['spaced{b="2"}', 11],
    ['shouted', 12],
    ['own_count', 13],
    ['dated', -14],
  ])('%s is %d', (selector, expected) => {
    expect(readExposition(exposition, selector)).toBe(expected);
  });

  it.each([
    ['missing', "metric 'missing' not found"],
    ['jobs{queue="c"}', 'value jobs{queue="c"} not found'],
    ['took', 'value took not found'],
    ['quantiles', 'value quantiles not found'],
    ['quantiles{quantile="0.5"}', 'value quantiles{quantile="0.5"} not found'],
    ['quantiles_sum', "metric 'quantiles_sum' not found"],
    ['took_bucket', "metric 'took_bucket' not found"],
    ['jobs{queue="a",kind="x y"}', 'value jobs{queue="a",kind="x y"} not found'],
    ['jobs{queue="a"} x', 'unexpected text after the selector'],
    ['  ', 'parse error: no series selector'],
    ['jobs{?queue="a"}', 'unexpected character'],
    ['jobs{queue="a",  ', 'unexpected end of input inside braces'],
    ['jobs{queue="a"', 'unexpected end of input inside braces'],
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
    ['jobs 0x1p3', 'expected float as value, got "0x1p3"'],
    ['jobs 0X1P3', 'expected float as value, got "0X1P3"'],
    ['a 1\n\njobs x', 'text format parsing error in line 3: expected float as value, got "x"'],
    ['jobs 5 6 7', 'invalid metric name or sample'],
    ['jobs 5 6.5', 'invalid metric name or sample'],
    ['jobs{a="1"b="2"} 1', 'expected a label'],
    ['jobs{="1"} 1', 'expected a label'],
    ['# TYPE jobs gauge gauge\njobs 1', 'unknown metric type "gauge gauge"'],
    ['# TYPE jobs\njobs 1', 'unknown metric type ""'],
    ['1jobs 5', 'invalid metric name or sample'],
    ['jobs{a=5} 1', 'expected a label'],
    ['# TYPE jobs thing\njobs 1', 'unknown metric type "thing"'],
    ['jobs 1\n# TYPE jobs gauge', 'second TYPE line for metric name "jobs", or TYPE reported after samples'],
  ])('refuses %j: %s', (body, message) => {
    expect(() => readExposition(body, 'jobs')).toThrow(ExpositionError);
    expect(new ExpositionError('x').name).toBe('ExpositionError');
    expect(() => readExposition(body, 'jobs')).toThrow(message);
  });
});

describe('a scalar out of YAML', () => {
  const body =
    'q:\n  n: 42\n  f: 1.5\n  hex: 0x10\n  old: 010\n  under: 1_000\n  big: 18446744073709551615\n  s: "17"\n  u: many\n  t: true\n  nul: ~\n  list: [5, &x 6]\n  ref: *x\n  inf: -.inf\n  nan: .nan\n  neg: -4\n  bad8: 09\n' +
    '  bin: 0b101\n  oct: 0o17\n  plus: +7\n  half: .5\n  exp: 1e3\n  expneg: 25E-1\n  exppos: 1.5e+2\n  point: 3.\n' +
    '  f2: 12.25\n  lump: 1_0.5\n  max: 9223372036854775808\n  under63: 9223372036854775807\n  over64: 18446744073709551616\n' +
    "  negbig: -18446744073709551615\n  T: True\n  F: FALSE\n  Null: Null\n  NULL: NULL\n  word: null\n  empty:\n  quoted: 'true'\n" +
    '  truely: untrue\n  truest: trueish\n  infp: +.INF\n  infn: .Inf\n  infx: x.inf\n  infy: .infx\n  nanx: .nanx\n  xnan: x.nan\n' +
    '  ver: 1.2.3\n  date: 2026-01-02\n  neghex: -0x10\n  negold: -010\n  numkey: {1: 5}\n  block: |\n    42\n  e: 1e\n  dash: 1-\n  xe: 5x3\n';

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
    ['q.bin', { kind: 'number', value: 5 }],
    ['q.oct', { kind: 'number', value: 15 }],
    ['q.plus', { kind: 'number', value: 7 }],
    ['q.half', { kind: 'number', value: 0.5 }],
    ['q.exp', { kind: 'number', value: 1000 }],
    ['q.expneg', { kind: 'number', value: 2.5 }],
    ['q.exppos', { kind: 'number', value: 150 }],
    ['q.point', { kind: 'number', value: 3 }],
    ['q.f2', { kind: 'number', value: 12.25 }],
    ['q.lump', { kind: 'number', value: 10.5 }],
    ['q.max', { kind: 'other', shown: '%!s(uint64=9223372036854775808)' }],
    ['q.under63', { kind: 'number', value: 2 ** 63 }],
    ['q.over64', { kind: 'number', value: 2 ** 64 }],
    ['q.negbig', { kind: 'number', value: -(2 ** 64) }],
    ['q.T', { kind: 'other', shown: '%!s(bool=true)' }],
    ['q.F', { kind: 'other', shown: '%!s(bool=false)' }],
    ['q.Null', { kind: 'other', shown: '%!s(<nil>)' }],
    ['q.NULL', { kind: 'other', shown: '%!s(<nil>)' }],
    ['q.word', { kind: 'other', shown: '%!s(<nil>)' }],
    ['q.empty', { kind: 'other', shown: '%!s(<nil>)' }],
    ['q.quoted', { kind: 'string', value: 'true' }],
    ['q.truely', { kind: 'string', value: 'untrue' }],
    ['q.truest', { kind: 'string', value: 'trueish' }],
    ['q.infp', { kind: 'number', value: Infinity }],
    ['q.infn', { kind: 'number', value: Infinity }],
    ['q.infx', { kind: 'string', value: 'x.inf' }],
    ['q.infy', { kind: 'string', value: '.infx' }],
    ['q.nanx', { kind: 'string', value: '.nanx' }],
    ['q.xnan', { kind: 'string', value: 'x.nan' }],
    ['q.ver', { kind: 'string', value: '1.2.3' }],
    ['q.date', { kind: 'string', value: '2026-01-02' }],
    ['q.neghex', { kind: 'number', value: -16 }],
    ['q.negold', { kind: 'number', value: -8 }],
    ['q.numkey.1', { kind: 'number', value: 5 }],
    ['q.e', { kind: 'string', value: '1e' }],
    ['q.dash', { kind: 'string', value: '1-' }],
    ['q.xe', { kind: 'string', value: '5x3' }],
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
    expect(() => readYamlPath('5', 'a')).toThrow('yaml: unmarshal errors: the document is not a mapping');
    expect(() => readYamlPath('a: {b: 1, b: 2}', 'a.b')).not.toThrow();
    expect(() => readYamlPath('a: {b: 1}', 'a.b.c')).not.toThrow();
    expect(new YamlPathError('x').name).toBe('YamlPathError');
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

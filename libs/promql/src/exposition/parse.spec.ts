import { ExpositionError, parseExposition } from './parse';

describe('parseExposition', () => {
  it('reads samples, labels with escapes, timestamps and comments', () => {
    const { samples, families } = parseExposition(
      [
        '# HELP requests_total Requests, "quoted" \\\\ and\\nmore',
        '# TYPE requests_total counter',
        '# just a comment',
        'requests_total{method="post",code="200"} 1027 1395066363000',
        'requests_total { method = "get" , path="C:\\\\DIR\\n\\"x\\"", } 3',
        '',
        'plain 12.47',
        'empty{} 1',
        'bucket{le="+Inf"} +Inf',
        'nothing NaN',
        'small 1.7560473e-07',
        'with_exemplar{le="1"} 8 # {trace_id="a"} 0.67 1520879607.789',
        '# EOF',
      ].join('\n'),
    );
    expect(samples).toEqual([
      {
        labels: { __name__: 'requests_total', method: 'post', code: '200' },
        value: 1027,
        timestampMs: 1395066363000,
      },
      { labels: { __name__: 'requests_total', method: 'get', path: 'C:\\DIR\n"x"' }, value: 3 },
      { labels: { __name__: 'plain' }, value: 12.47 },
      { labels: { __name__: 'empty' }, value: 1 },
      { labels: { __name__: 'bucket', le: '+Inf' }, value: Number.POSITIVE_INFINITY },
      { labels: { __name__: 'nothing' }, value: Number.NaN },
      { labels: { __name__: 'small' }, value: 1.7560473e-7 },
      { labels: { __name__: 'with_exemplar', le: '1' }, value: 8 },
    ]);
    expect(families.get('requests_total')).toEqual({
      type: 'counter',
      help: 'Requests, "quoted" \\ and\nmore',
    });
  });

  it('keeps braces and hashes inside label values', () => {
    expect(parseExposition('a{b="}",c="# x,y=\\"z\\""} 1').samples[0]?.labels).toEqual({
      __name__: 'a',
      b: '}',
      c: '# x,y="z"',
    });
  });

  it.each([
    ['a{b="c" 1', 'line 1: expected name="value" in the labels'],
    ['ok 1\na{b=c} 1', 'line 2: expected name="value" in the labels, got "b=c} 1"'],
    ['a one', 'line 1: expected a value after "a", got "one"'],
    ['a', 'line 1: expected a value'],
    ['a{b="1",b="2"} 1', 'line 1: label b stands twice'],
    ['9a 1', 'line 1: expected a metric name, got "9a 1"'],
    ['<html>', 'line 1: expected a metric name'],
  ])('refuses %j', (text, message) => {
    expect(() => parseExposition(text)).toThrow(ExpositionError);
    expect(() => parseExposition(text)).toThrow(message);
  });
});

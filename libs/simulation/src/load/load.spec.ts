import { generateLoad } from './generator';
import { LoadCursor } from './load-trace';
import { readLoad } from './read-load';

describe('loads', () => {
  it('reads CSV with a heading, relative and absolute times', () => {
    expect(readLoad('time,value\n0,1\n30,2.5\n').points).toEqual([
      [0, 1],
      [30, 2.5],
    ]);
    const absolute = readLoad('2026-01-05T00:00:10Z,4\n2026-01-05T00:00:20Z,\n');
    expect(absolute).toMatchObject({
      points: [
        [0, 4],
        [10, null],
      ],
      startedAtMs: 1_767_571_210_000,
    });
  });

  it('reads JSON lists, and the answer of a range query', () => {
    expect(readLoad('[[0,1],[5,null]]').points).toEqual([
      [0, 1],
      [5, null],
    ]);
    expect(readLoad('{"points":[{"t":0,"value":3}]}').points).toEqual([[0, 3]]);
    const range = {
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: {},
            values: [
              [1_767_571_200, '7'],
              [1_767_571_215, '9'],
            ],
          },
        ],
      },
    };
    expect(readLoad(JSON.stringify(range)).points).toEqual([
      [0, 7],
      [15, 9],
    ]);
  });

  it('counts k6 points a second', () => {
    const point = (time: string, metric = 'http_reqs') =>
      JSON.stringify({ type: 'Point', metric, data: { time, value: 1 } });
    const text = [
      '{"type":"Metric","metric":"http_reqs","data":{}}',
      point('2026-01-05T00:00:00.1Z'),
      point('2026-01-05T00:00:00.9Z'),
      point('2026-01-05T00:00:00.9Z', 'vus'),
      point('2026-01-05T00:00:02Z'),
    ].join('\n');
    expect(readLoad(text).points).toEqual([
      [0, 2],
      [1, 0],
      [2, 1],
    ]);
  });

  it.each([
    ['', /holds no points/],
    ['0,1\n5,x', /value must be a number/],
    ['5,1\n0,1', /not in order/],
    ['{"a":', /is not JSON/],
    ['0,1,2', /two columns/],
  ])('refuses %j', (text, message) => {
    expect(() => readLoad(text)).toThrow(message);
  });

  it('generates what it says, the same for the same seed', () => {
    expect(generateLoad('constant:5/1m')).toEqual({ points: [[0, 5]], seconds: 60 });
    expect(generateLoad('ramp:0..99/100s').points.at(-1)).toEqual([99, 99]);
    expect(generateLoad('poisson:20/60s,seed=4')).toEqual(generateLoad('poisson:20/60s,seed=4'));
    expect(generateLoad('poisson:20/60s,seed=4')).not.toEqual(generateLoad('poisson:20/60s,seed=5'));
    const mean = generateLoad('poisson:20/1h').points.reduce((sum, [, v]) => sum + (v ?? 0), 0) / 3_600;
    expect(Math.abs(mean - 20)).toBeLessThan(0.5);
    const day = generateLoad('daily:10..100').points;
    expect(Math.max(...day.map(([, v]) => v ?? 0))).toBe(100);
    expect(() => generateLoad('ramp:5/10m')).toThrow(/write ramp:FROM\.\.TO\/DURATION/);
  });

  it('holds each value until the next', () => {
    const cursor = new LoadCursor([
      [10, 1],
      [20, null],
    ]);
    expect([0, 10, 19, 20, 99].map((t) => cursor.at(t))).toEqual([0, 1, 1, null, null]);
  });
});

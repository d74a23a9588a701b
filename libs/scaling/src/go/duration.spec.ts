import { parseDurationMs } from './duration';

it.each([
  ['1s', 1000],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['500ms', 500],
  ['1.5s', 1500],
  ['.5s', 500],
  ['10us', 0.01],
  ['10µs', 0.01],
  ['-2s', -2000],
  ['+2s', 2000],
  ['0', 0],
  ['5', undefined],
  ['', undefined],
  ['s', undefined],
  ['1d', undefined],
  ['1s ', undefined],
])('the duration %j is %p ms', (text, expected) => {
  const ms = parseDurationMs(text);
  if (expected === undefined) expect(ms).toBeUndefined();
  else expect(ms).toBeCloseTo(expected, 9);
});

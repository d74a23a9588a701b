import type { Row } from './board';
import { plainLine, table } from './table';

const escape = String.fromCharCode(27);

const row = (over: Partial<Row> = {}): Row => ({
  name: 'sqs-worker',
  value: 118,
  target: 20,
  desired: 6,
  ready: 3,
  why: '3 -> 6: 118 messages / 20 per replica = 5.9',
  recent: [0, 59, 118],
  ...over,
});

test('shows signal / target, wants, ready and why', () => {
  const [head, line] = table([row()], { width: 120, color: false });
  expect(head).toContain('signal / target  wants  ready');
  expect(line).toMatch(/^sqs-worker\s+118 \/ 20\s+6\s+3\s+▁▄█\s+3 -> 6: 118 messages/);
});

test.each([40, 60, 80, 200])('is never wider than the terminal: %i columns', (width) => {
  for (const line of table([row({ why: 'x'.repeat(300) })], { width, color: false }))
    expect(line.length).toBeLessThanOrEqual(width);
});

test('without colour there is no escape code, with colour what waits stands out', () => {
  expect(table([row()], { width: 80, color: false }).join('')).not.toContain(escape);
  expect(table([row()], { width: 80, color: true })[1]).toContain(`${escape}[33m`);
  expect(table([row({ desired: 0, ready: 0 })], { width: 80, color: true })[1]).toContain(`${escape}[90m`);
});

test('an unknown signal is a dash, a fraction is rounded for people', () => {
  expect(plainLine(12.4, row({ value: null, target: null }))).toContain('12 s  sqs-worker      -  wants 6');
  expect(plainLine(0, row({ value: 2.3456 }))).toContain('2.35 / 20');
});

import type { KafkaRecord } from '@scalelab/kafka';
import { readEvent } from './event';

const record = (over: Partial<KafkaRecord> = {}): KafkaRecord => ({
  topic: 'events',
  partition: 2,
  offset: '41',
  key: null,
  value: Buffer.from('{"a":1}'),
  headers: {},
  timestampMs: 0,
  ...over,
});

test('the id is the header, or the place of the record', () => {
  expect(readEvent(record({ headers: { id: 'x' } }))).toEqual({ id: 'x', data: '{"a":1}', work: {} });
  expect(readEvent(record()).id).toBe('events-2-41');
});

test('a work wish is read', () => {
  expect(readEvent(record({ value: Buffer.from('{"work":{"ms":5}}') })).work).toEqual({ ms: 5 });
});

test.each([
  [null, 'the value is null'],
  ['{', 'the value is not JSON'],
  ['[1]', 'the value is an array'],
  ['7', 'the value is 7'],
])('%s is unreadable, with the place and what is allowed', (value, message) => {
  const reading = () => readEvent(record({ value: value === null ? null : Buffer.from(value) }));
  expect(reading).toThrow(message);
  expect(reading).toThrow('events/2@41');
});

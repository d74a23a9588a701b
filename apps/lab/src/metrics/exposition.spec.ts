import { parseExposition } from '@scalelab/promql';
import { Exposition } from './exposition';

test('a page reads back as it was written, whatever labels hold', () => {
  const page = new Exposition();
  const sample = page.family('a_total', 'counter', 'As.');
  sample({ odd: 'a\\b"c\nd', none: undefined, empty: '' }, 1.5);
  sample({}, Infinity);
  page.family('nobody', 'gauge', 'Without samples.');
  const read = parseExposition(page.toString());
  expect(read.samples).toEqual([
    { labels: { __name__: 'a_total', odd: 'a\\b"c\nd' }, value: 1.5 },
    { labels: { __name__: 'a_total' }, value: Infinity },
  ]);
  expect([...read.families.keys()]).toEqual(['a_total']);
  expect(new Exposition().toString()).toBe('');
});

import { Ledger } from './ledger';

const ledgerOf = (...ids: string[]) => {
  const ledger = new Ledger();
  ledger.sent(...ids);
  return ledger;
};

test('a complete store loses and duplicates nothing', () => {
  expect(ledgerOf('a', 'b').count(['b', 'a'])).toEqual({
    sent: 2,
    stored: 2,
    lost: 0,
    duplicates: 0,
    strangers: 0,
  });
});

test('a missing id is lost', () => {
  expect(ledgerOf('a', 'b', 'c').count(['b'])).toMatchObject({ stored: 1, lost: 2 });
});

test('each further effect of an id is a duplicate', () => {
  expect(ledgerOf('a').count(['a', 'a', 'a'])).toMatchObject({ stored: 1, duplicates: 2 });
});

test('ids that nobody sent are counted apart', () => {
  expect(ledgerOf('a').count(['a', 'x'])).toMatchObject({ stored: 1, lost: 0, strangers: 1 });
});

test('sending an id twice is refused', () => {
  expect(() => ledgerOf('a', 'a')).toThrow('id a was sent before');
});

import { ContiguousOffsets } from './contiguous-offsets';

const tracking = (...offsets: string[]) => {
  const tracker = new ContiguousOffsets();
  const places = offsets.map((offset) => tracker.started(offset));
  return { tracker, finish: (offset: string) => tracker.finished(places[offsets.indexOf(offset)] ?? -1) };
};

test('nothing finished, nothing to commit', () => {
  expect(tracking('5', '6').tracker.nextToCommit).toBeNull();
});

test('a later record that finished first waits for the earlier one', () => {
  const { tracker, finish } = tracking('5', '6', '7');
  finish('6');
  finish('7');
  expect(tracker.nextToCommit).toBeNull();
  finish('5');
  expect(tracker.highest).toBe('7');
  expect(tracker.nextToCommit).toBe('8');
});

test('offsets need not be consecutive: compaction and control records leave gaps', () => {
  const { tracker, finish } = tracking('5', '9');
  finish('5');
  expect(tracker.nextToCommit).toBe('6');
  finish('9');
  expect(tracker.nextToCommit).toBe('10');
});

test('offsets beyond 2^53 keep their last digit', () => {
  const { tracker, finish } = tracking('9007199254740993');
  finish('9007199254740993');
  expect(tracker.nextToCommit).toBe('9007199254740994');
});

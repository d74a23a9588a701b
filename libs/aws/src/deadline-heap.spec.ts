import fc from 'fast-check';
import { DeadlineHeap, type Timed } from './deadline-heap';

const timed = (dueAt: number): Timed => ({ dueAt, slot: -1 });

function popAll(heap: DeadlineHeap<Timed>): number[] {
  const popped: number[] = [];
  for (let entry = heap.peek(); entry; entry = heap.peek()) {
    popped.push(entry.dueAt);
    heap.remove(entry);
  }
  return popped;
}

describe('deadline heap', () => {
  it('gives entries in order of their deadline whatever is removed and moved in between', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            due: fc.nat(1_000),
            then: fc.constantFrom('stay', 'remove', 'move'),
            to: fc.nat(1_000),
          }),
        ),
        (steps) => {
          const heap = new DeadlineHeap<Timed>();
          const entries = steps.map(({ due }) => timed(due));
          entries.forEach((entry) => heap.put(entry));
          const expected: number[] = [];
          steps.forEach(({ then, to }, index) => {
            const entry = entries[index]!;
            if (then === 'remove') return heap.remove(entry);
            if (then === 'move') {
              entry.dueAt = to;
              heap.put(entry);
            }
            expected.push(entry.dueAt);
          });
          expect(heap.size).toBe(expected.length);
          expect(popAll(heap)).toEqual(expected.sort((a, b) => a - b));
        },
      ),
      { seed: 3 },
    );
  });

  it('ignores the removal of an entry that is not in', () => {
    const heap = new DeadlineHeap<Timed>();
    const [first, second] = [timed(1), timed(2)];
    heap.put(first);
    heap.put(second);
    heap.remove(first);
    heap.remove(first);
    expect(heap.peek()).toBe(second);
    expect(heap.size).toBe(1);
  });
});

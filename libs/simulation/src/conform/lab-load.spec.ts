import type { LoadLine } from '@scalelab/recording';
import { labLoad } from './lab-load';

const line = (t: number, name: string, description: string, amount: Partial<LoadLine>): LoadLine => ({
  kind: 'load',
  t,
  workload: { namespace: 'a', name },
  description,
  ...amount,
});

describe('loads of a recording', () => {
  it('let a count arrive within a second, and a rate until the next load of that workload', () => {
    const load = labLoad(
      [
        line(0.5, 'w', '3 messages of 20000 ms', { count: 3 }),
        line(4.2, 'api', '2 requests/s of 118 ms CPU', { rate: 2 }),
        line(6, 'w', '10 messages of 400 ms', { count: 10 }),
        line(7.9, 'api', 'none', { rate: 0 }),
      ],
      'w',
      20,
      0.1,
    );
    expect(load.points).toEqual([
      [0, 0],
      [1, 3],
      [2, 0],
      [5, 2],
      [6, 12],
      [7, 2],
      [8, 0],
    ]);
    // What the API's requests asked for is done when they arrive in this queue.
    expect(load.service).toEqual([
      [1, 20.1],
      [5, 0.1],
      [6, 0.5],
      [8, 0.1],
    ]);
  });

  it('leaves the time of items to the model where none is told', () => {
    expect(labLoad([line(1, 'w', '76 requests', { count: 76 })], 'w', 5, 0.1).service).toBeUndefined();
  });
});

import { disagreement } from './agreement';

const options = { width: 15, from: 0, to: 120, heldSeconds: 15 };

describe('agreement of two timelines', () => {
  it('allows a step to come earlier or later by the width', () => {
    const recorded = [
      [0, 1],
      [30, 4],
      [75, 1],
    ] as const;
    const shifted = (by: number) => recorded.map(([t, count]) => [t === 0 ? 0 : t + by, count] as const);
    expect(disagreement(shifted(14), recorded, options)).toBeUndefined();
    expect(disagreement(shifted(-14), recorded, options)).toBeUndefined();
    expect(disagreement(shifted(17), recorded, options)).toMatchObject({
      outside: 'simulated',
      count: 1,
      t: 45,
    });
    expect(disagreement(shifted(-17), recorded, options)).toMatchObject({
      outside: 'simulated',
      count: 4,
      t: 13,
    });
  });

  it('does not take a count that was only passed for one that was held', () => {
    const recorded = [
      [0, 0],
      [15, 6],
      [30, 10],
    ] as const;
    const simulated = [
      [0, 0],
      [15, 3],
      [30, 10],
    ] as const;
    expect(disagreement(simulated, recorded, { ...options, heldSeconds: 60 })).toBeUndefined();
    expect(disagreement(simulated, recorded, options)).toEqual({
      t: 15,
      outside: 'simulated',
      count: 3,
      band: [0, 10],
    });
  });

  it('looks only from the first to the last second', () => {
    const late = [
      [0, 1],
      [110, 2],
    ] as const;
    expect(disagreement(late, [[0, 1]], options)).toMatchObject({ t: 110 });
    expect(disagreement(late, [[0, 1]], { ...options, to: 109 })).toBeUndefined();
  });
});

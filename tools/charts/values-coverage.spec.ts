import { charts, coverage } from './coverage-process';

describe('values of the charts', () => {
  jest.setTimeout(180_000);
  const unchanged = new Map<string, number>();
  let seen = 0;

  it.each(charts)('of %s: each of its own keys changes something that is rendered', async (chart) => {
    const covered = await coverage(chart);
    if (!covered) return;
    const { keys } = covered;
    seen += 1;
    const own = keys.filter(({ path }) => !path.startsWith('global.'));
    expect(own.length).toBeGreaterThan(150);
    expect(own.filter(({ changed }) => !changed).map(({ path }) => path)).toEqual([]);
    for (const { path, changed } of keys)
      if (path.startsWith('global.')) unchanged.set(path, (unchanged.get(path) ?? 0) + (changed ? 0 : 1));
  });

  it('each shared key changes something in some chart', () => {
    if (seen === 0) return;
    expect(unchanged.size).toBeGreaterThan(15);
    expect([...unchanged].filter(([, charts]) => charts === seen).map(([path]) => path)).toEqual([]);
  });

  it('a key that no template reads is found', async () => {
    const covered = await coverage('http-demo', '--sabotage');
    if (!covered) return;
    expect(covered.keys.filter(({ changed, path }) => !changed && !path.startsWith('global.'))).toEqual([
      { path: 'unused', changed: false },
    ]);
  });
});

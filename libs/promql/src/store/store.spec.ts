import { evaluate, Matcher, SampleStore, ScrapeTarget } from '..';

const name = (n: string, labels: Record<string, string> = {}) => ({ __name__: n, ...labels });
const value = (store: SampleStore, query: string, timeMs: number) => {
  const result = evaluate(query, store, timeMs);
  return result.type === 'vector' ? result.samples.map((s) => s.value) : [];
};

describe('SampleStore', () => {
  it('takes the newest sample within the lookback of five minutes, its left end left out', () => {
    const store = new SampleStore();
    store.append(name('a'), 1_000, 1);
    store.append(name('a'), 2_000, 2);
    expect(value(store, 'a', 999)).toEqual([]);
    expect(value(store, 'a', 1_999)).toEqual([1]);
    expect(value(store, 'a', 301_999)).toEqual([2]);
    expect(value(store, 'a', 302_000)).toEqual([]);
    const second = evaluate('a', store, 302_000, { semantics: 2 });
    expect(second).toEqual({ type: 'vector', samples: [{ labels: { __name__: 'a' }, value: 2 }] });
  });

  it('does not see a series after its staleness marker, and ranges skip the marker', () => {
    const store = new SampleStore();
    store.append(name('a'), 1_000, 1);
    expect(store.markStale(name('a'), 2_000)).toBe(true);
    expect(value(store, 'a', 2_000)).toEqual([]);
    expect(value(store, 'count_over_time(a[1m])', 3_000)).toEqual([1]);
    store.append(name('a'), 4_000, 3);
    expect(value(store, 'a', 4_000)).toEqual([3]);
    expect(store.markStale(name('never'), 1)).toBe(false);
  });

  it('refuses samples that are not newer and counts them', () => {
    const store = new SampleStore();
    expect(store.append(name('a'), 2, 1)).toBe(true);
    expect(store.append(name('a'), 2, 1)).toBe(false);
    expect(store.append(name('a'), 1, 1)).toBe(false);
    expect(store.refused).toBe(2);
  });

  it('stays within its bounds of time, samples and series', () => {
    const store = new SampleStore({ retentionMs: 1_000, maxSamplesPerSeries: 50, maxSeries: 3 });
    for (let t = 0; t < 10_000; t += 10) store.append(name('busy'), t, t);
    expect(value(store, 'count_over_time(busy[1h])', 10_000)).toEqual([50]);
    store.append(name('b'), 10_000, 1);
    store.append(name('c'), 10_000, 1);
    expect(store.append(name('d'), 10_000, 1)).toBe(false);
    expect(store.seriesCount).toBe(3);
    for (let t = 10_010; t < 13_000; t += 10) store.append(name('busy'), t, t);
    expect(store.seriesCount).toBe(1);
    expect(store.append(name('d'), 13_000, 1)).toBe(true);
  });

  it('treats an empty label as none', () => {
    const store = new SampleStore();
    store.append(name('a', { x: '' }), 1, 1);
    store.append(name('a'), 2, 2);
    expect(store.seriesCount).toBe(1);
  });
});

describe('Matcher', () => {
  it.each([
    ['=', 'a', 'a', true],
    ['!=', 'a', '', true],
    ['=~', 'a|b', 'b', true],
    ['=~', 'a', 'ab', false],
    ['=~', '.*', '', true],
    ['=~', '(?i)ABC', 'abc', true],
    ['=~', 'a.b', 'a\nb', true],
    ['!~', 'a+', 'aaa', false],
    ['!~', 'a+', 'b', true],
  ] as const)('%s %j on %j: %s', (operator, pattern, text, expected) => {
    expect(new Matcher('x', operator, pattern).accepts(text)).toBe(expected);
  });
});

describe('ScrapeTarget', () => {
  const target = { job: 'web', instance: '127.0.0.1:8080' };

  it('adds the labels of the target, keeps clashing ones as exported, and reports up', () => {
    const store = new SampleStore();
    new ScrapeTarget(store, target).succeed('a{job="mine",x="1"} 5\n', 1_000, 0.25);
    expect(evaluate('a', store, 1_000)).toEqual({
      type: 'vector',
      samples: [
        {
          labels: { __name__: 'a', job: 'web', exported_job: 'mine', instance: '127.0.0.1:8080', x: '1' },
          value: 5,
        },
      ],
    });
    expect(value(store, 'up', 1_000)).toEqual([1]);
    expect(value(store, 'scrape_duration_seconds', 1_000)).toEqual([0.25]);
    new ScrapeTarget(store, target, { honorLabels: true }).succeed('b{job="mine"} 5\n', 2_000, 0);
    expect(value(store, 'b{job="mine"}', 2_000)).toEqual([5]);
  });

  it('ends a series that the target no longer exposes', () => {
    const store = new SampleStore();
    const scrape = new ScrapeTarget(store, target);
    scrape.succeed('a 1\nb 1\n', 1_000, 0);
    scrape.succeed('a 2\n', 2_000, 0);
    expect(value(store, 'a', 2_000)).toEqual([2]);
    expect(value(store, 'b', 2_000)).toEqual([]);
  });

  it('ends all series when a scrape fails or does not parse, and sees them again afterwards', () => {
    const store = new SampleStore();
    const scrape = new ScrapeTarget(store, target);
    scrape.succeed('a 1\n', 1_000, 0);
    scrape.fail(2_000, 3);
    expect(value(store, 'a', 2_000)).toEqual([]);
    expect(value(store, 'up', 2_000)).toEqual([0]);
    scrape.succeed('a 1\n', 3_000, 0);
    expect(value(store, 'a', 3_000)).toEqual([1]);
    expect(() => scrape.succeed('<html>', 4_000, 0)).toThrow('line 1');
    expect(value(store, 'a', 4_000)).toEqual([]);
    expect(value(store, 'up', 4_000)).toEqual([0]);
  });

  it('takes everything away with a removed target', () => {
    const store = new SampleStore();
    const scrape = new ScrapeTarget(store, target);
    scrape.succeed('a 1\n', 1_000, 0);
    scrape.remove(2_000);
    expect(value(store, '{job="web"}', 2_000)).toEqual([]);
  });

  it('relabels and drops', () => {
    const store = new SampleStore();
    const relabel = (labels: Readonly<Record<string, string>>) =>
      labels.__name__ === 'drop' ? undefined : { ...labels, added: 'yes' };
    new ScrapeTarget(store, target, { relabel }).succeed('drop 1\nkeep 1\n', 1_000, 0);
    expect(value(store, '{added="yes"}', 1_000)).toEqual([1]);
    expect(value(store, 'drop', 1_000)).toEqual([]);
  });
});

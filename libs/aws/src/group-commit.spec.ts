import { VirtualClock } from '@scalelab/testing';
import { GroupCommit, type GroupCommitOptions, type Outcome } from './group-commit';

function build(options: Partial<GroupCommitOptions<string, string>> = {}) {
  const clock = new VirtualClock();
  const calls: string[][] = [];
  const commits = new GroupCommit<string, string>({
    commit: async (items) => {
      calls.push([...items]);
      return items.map((item): Outcome<string> => ({ kind: 'done', result: item.toUpperCase() }));
    },
    maxItems: 3,
    lingerMs: 5,
    random: () => 0.5,
    clock,
    ...options,
  });
  return { clock, calls, commits };
}

describe('group commit', () => {
  it('shares a call among those that come within the linger and gives each its own result', async () => {
    const { clock, calls, commits } = build();
    const results = Promise.all([commits.add('a'), commits.add('b')]);
    await clock.advance(4);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(calls).toEqual([['a', 'b']]);
    expect(await results).toEqual(['A', 'B']);
  });

  it('calls at once when full', async () => {
    const { calls, commits } = build();
    expect(await Promise.all(['a', 'b', 'c'].map((item) => commits.add(item)))).toEqual(['A', 'B', 'C']);
    expect(calls).toEqual([['a', 'b', 'c']]);
  });

  it('never exceeds the bytes of a call, but lets a lone large item go', async () => {
    const { clock, calls, commits } = build({ maxItems: 10, maxBytes: 4, sizeOf: (item) => item.length });
    const adds = ['aa', 'bb', 'c', 'dddddd', 'e'].map((item) => commits.add(item));
    await clock.advance(10);
    await Promise.all(adds);
    expect(calls).toEqual([['aa', 'bb'], ['c'], ['dddddd'], ['e']]);
  });

  it('keeps items of one key in calls of their own, in order', async () => {
    const { clock, calls, commits } = build({ keyOf: (item) => item[0]! });
    const adds = ['a1', 'a2', 'b1'].map((item) => commits.add(item));
    await clock.advance(10);
    await Promise.all(adds);
    expect(calls).toEqual([['a1', 'b1'], ['a2']]);
  });

  it('gathers while all calls are busy', async () => {
    const open: (() => void)[] = [];
    const calls: string[][] = [];
    const { clock, commits } = build({
      maxCalls: 1,
      commit: async (items) => {
        calls.push([...items]);
        await new Promise<void>((resolve) => open.push(resolve));
        return items.map((item) => ({ kind: 'done', result: item }));
      },
    });
    const adds = [commits.add('a')];
    await clock.advance(5);
    adds.push(commits.add('b'), commits.add('c'));
    await clock.advance(50);
    expect(calls).toEqual([['a']]);
    open.shift()!();
    await clock.advance(0);
    expect(calls).toEqual([['a'], ['b', 'c']]);
    open.shift()!();
    await Promise.all(adds);
  });

  it('tries only the items that may be tried again, with waits that grow, and gives up after the last try', async () => {
    const tries: { at: number; items: string[] }[] = [];
    const { clock, commits } = build({
      attempts: 3,
      backoff: { base: 100, cap: 1_000 },
      commit: async (items) => {
        tries.push({ at: clock.now(), items: [...items] });
        return items.map((item) =>
          item === 'bad' ? { kind: 'again', error: new Error('throttled') } : { kind: 'done', result: item },
        );
      },
    });
    const good = commits.add('good');
    const bad = commits.add('bad').catch((error: Error) => error.message);
    await clock.advance(2_000);
    expect(await good).toBe('good');
    expect(await bad).toBe('throttled');
    // Half of the ceilings 100 and 200, and the linger of 5 before each call.
    expect(tries).toEqual([
      { at: 5, items: ['good', 'bad'] },
      { at: 60, items: ['bad'] },
      { at: 165, items: ['bad'] },
    ]);
  });

  it('treats a call that rejects as a try of each of its items', async () => {
    let calls = 0;
    const { clock, commits } = build({
      commit: async (items) => {
        calls += 1;
        if (calls === 1) throw new Error('connection lost');
        return items.map((item) => ({ kind: 'done', result: item }));
      },
    });
    const adds = Promise.all([commits.add('a'), commits.add('b')]);
    await clock.advance(5_000);
    expect(await adds).toEqual(['a', 'b']);
    expect(calls).toBeGreaterThan(1);
  });

  it('flush calls at once, retries at once, and resolves when all is settled', async () => {
    let calls = 0;
    const { clock, commits } = build({
      commit: async (items) => {
        calls += 1;
        return items.map((item) =>
          calls === 1 ? { kind: 'again', error: new Error('x') } : { kind: 'done', result: item },
        );
      },
      backoff: { base: 1_000, cap: 1_000 },
    });
    const add = commits.add('a');
    await clock.advance(5);
    expect(calls).toBe(1);
    const flushed = commits.flush();
    await clock.advance(0);
    await flushed;
    expect(await add).toBe('a');
    expect(commits.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('flush with nothing in it resolves', async () => {
    await build().commits.flush();
  });
});

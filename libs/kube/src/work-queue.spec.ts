import { VirtualClock } from '@scalelab/testing';
import { WorkQueue } from './work-queue';

describe('WorkQueue', () => {
  let clock: VirtualClock;
  beforeEach(() => {
    clock = new VirtualClock(1_000_000);
  });
  const gate = () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    return { open, opened };
  };

  it('handles a key once however often it was added', async () => {
    const queue = new WorkQueue({ scheduler: clock });
    const handled: string[] = [];
    for (let i = 0; i < 5; i++) queue.add('a');
    queue.add('b');
    expect(queue.length).toBe(2);
    queue.run((key) => Promise.resolve(void handled.push(key)));
    await clock.advance(0);
    expect(handled).toEqual(['a', 'b']);
  });

  it('handles a key again that was added while it was handled, and never twice at once', async () => {
    const queue = new WorkQueue({ scheduler: clock, concurrency: 3 });
    const { open, opened } = gate();
    let active = 0;
    let most = 0;
    let times = 0;
    queue.run(async () => {
      most = Math.max(most, ++active);
      times++;
      await opened;
      active--;
    });
    queue.add('a');
    await clock.advance(0);
    queue.add('a');
    queue.add('a');
    await clock.advance(0);
    open();
    await clock.advance(0);
    expect([times, most]).toEqual([2, 1]);
  });

  it('works on several keys at once, up to its concurrency', async () => {
    const queue = new WorkQueue({ scheduler: clock, concurrency: 2 });
    const { open, opened } = gate();
    const begun: string[] = [];
    queue.run(async (key) => {
      begun.push(key);
      await opened;
    });
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await clock.advance(0);
    expect(begun).toEqual(['a', 'b']);
    open();
    await clock.advance(0);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('retries a failing key with doubled waits up to the longest, and forgets the failures after a success', async () => {
    const attempts: number[] = [];
    const failures: number[] = [];
    let failing = true;
    const queue = new WorkQueue({
      scheduler: clock,
      retryBaseMs: 10,
      retryMaxMs: 50,
      onError: (_key, _error, count) => failures.push(count),
    });
    queue.run(() => {
      attempts.push(clock.now() - 1_000_000);
      return failing ? Promise.reject(new Error('no')) : Promise.resolve();
    });
    queue.add('a');
    await clock.advance(200);
    expect(attempts).toEqual([0, 10, 30, 70, 120, 170]);
    expect(failures).toEqual([1, 2, 3, 4, 5, 6]);
    failing = false;
    await clock.advance(100);
    failing = true;
    attempts.length = 0;
    queue.add('a');
    await clock.advance(15);
    expect(attempts).toHaveLength(2);
    queue.stop();
  });

  it('of several delays the earliest counts', async () => {
    const handled: number[] = [];
    const queue = new WorkQueue({ scheduler: clock });
    queue.run(() => Promise.resolve(void handled.push(clock.now() - 1_000_000)));
    queue.addAfter('a', 500);
    queue.addAfter('a', 100);
    queue.addAfter('a', 300);
    await clock.advance(1000);
    expect(handled).toEqual([100]);
    expect(clock.pending).toBe(0);
  });

  it('stops: nothing waits, nothing is taken', async () => {
    const handled: string[] = [];
    const queue = new WorkQueue({ scheduler: clock });
    queue.run((key) => Promise.resolve(void handled.push(key)));
    queue.add('a');
    queue.addAfter('b', 10);
    queue.stop();
    queue.add('c');
    await clock.advance(100);
    expect(handled).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

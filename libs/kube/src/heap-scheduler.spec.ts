import { seededRandom, waitFor } from '@scalelab/testing';
import { HeapScheduler } from './heap-scheduler';
import { WakeHeap } from './wake-heap';

describe('HeapScheduler', () => {
  it('wakes in order of time, and what is overdue at once but not within the call', async () => {
    const scheduler = new HeapScheduler();
    const woken: string[] = [];
    const now = scheduler.now();
    scheduler.wakeAt(now + 40, () => woken.push('late'));
    scheduler.wakeAt(now + 10, () => {
      woken.push('early');
      scheduler.wakeAt(now + 20, () => woken.push('nested'));
    });
    scheduler.wakeAt(now - 1000, () => woken.push('overdue'));
    const cancel = scheduler.wakeAt(now + 15, () => woken.push('cancelled'));
    cancel();
    expect(woken).toEqual([]);
    await waitFor(() => woken.length === 4);
    expect(woken).toEqual(['overdue', 'early', 'nested', 'late']);
    expect(scheduler.now() - now).toBeGreaterThanOrEqual(40);
    scheduler.stop();
  });

  it('goes on after a wake-up that throws, and tells of it', async () => {
    const errors: unknown[] = [];
    const scheduler = new HeapScheduler({ onError: (error) => errors.push(error) });
    let after = false;
    scheduler.wakeAt(0, () => {
      throw new Error('once');
    });
    scheduler.wakeAt(1, () => (after = true));
    await waitFor(() => after);
    expect(errors).toEqual([new Error('once')]);
    scheduler.stop();
  });

  it('holds no timer when every wake-up was cancelled', () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const scheduler = new HeapScheduler();
    const cancels = [60_000, 30_000].map((ms) => scheduler.wakeAt(scheduler.now() + ms, () => undefined));
    const timers = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length - before;
    expect(timers()).toBe(1);
    for (const cancel of cancels) cancel();
    expect(timers()).toBe(0);
  });

  it('forgets everything when it stops, and refuses a time that is none', async () => {
    const scheduler = new HeapScheduler();
    let woken = false;
    scheduler.wakeAt(scheduler.now() + 5, () => (woken = true));
    expect(() => scheduler.wakeAt(NaN, () => undefined)).toThrow('wakeAt: atMs is NaN');
    scheduler.stop();
    scheduler.wakeAt(0, () => (woken = true));
    const other = new HeapScheduler();
    await new Promise<void>((resolve) => other.wakeAt(other.now() + 20, resolve));
    other.stop();
    expect(woken).toBe(false);
  });
});

describe('WakeHeap', () => {
  it('gives wake-ups back in order whatever was pushed and cancelled', () => {
    const random = seededRandom(7);
    const heap = new WakeHeap();
    const expected: { atMs: number; order: number }[] = [];
    const popped: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const atMs = random.int(0, 500);
      const wake = heap.push(atMs, () => popped.push(i));
      if (random.next() < 0.4) heap.cancel(wake);
      else expected.push({ atMs, order: i });
    }
    expected.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    expect(heap.nextDueAtMs()).toBe(expected[0]?.atMs);
    for (let fn = heap.popDue(500); fn !== undefined; fn = heap.popDue(500)) fn();
    expect(popped).toEqual(expected.map(({ order }) => order));
    expect(heap.nextDueAtMs()).toBeUndefined();
  });

  it('does not grow when a far deadline is set and cancelled again and again', () => {
    const heap = new WakeHeap();
    for (let i = 0; i < 10_000; i++) heap.cancel(heap.push(1e12 + i, () => undefined));
    expect(heap.size).toBeLessThan(200);
  });
});

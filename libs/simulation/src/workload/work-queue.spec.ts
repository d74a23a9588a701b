import fc from 'fast-check';
import { defaultModel } from './workload-model';
import { WorkQueue } from './work-queue';

const queueOf = (model: Partial<typeof defaultModel>): WorkQueue =>
  new WorkQueue({ ...defaultModel, ...model }, 0);

describe('the queue of the workload model', () => {
  it('works at the rate of its hands and keeps the rest waiting', () => {
    const queue = queueOf({ serviceSeconds: 2 });
    for (let t = 1; t <= 100; t++) queue.tick(t * 1_000, 1_000, 3, 4);
    // 4 hands at 2 s are 2 a second, of 3 that arrive; the last 4 are under way.
    expect(queue.done).toBeGreaterThanOrEqual(194);
    expect(queue.done).toBeLessThanOrEqual(200);
    expect(queue.arrived).toBe(300);
    expect(queue.inFlight).toBe(4);
  });

  it('keeps the rate of items shorter than a tick', () => {
    const queue = queueOf({ serviceSeconds: 0.3 });
    for (let t = 1; t <= 300; t++) queue.tick(t * 1_000, 1_000, 50, 3);
    expect(queue.done).toBe(3_000);
    expect(queue.inFlight).toBe(3);
  });

  it('ages what nobody takes, and counts it at the end', () => {
    const queue = queueOf({ initialBacklog: 5 });
    for (let t = 1; t <= 60; t++) queue.tick(t * 1_000, 1_000, 0, 0);
    expect(queue.oldestSeconds(60_000)).toBe(60);
    queue.close(60_000);
    expect(queue.waits.quantile(0.5)).toBe(60);
    expect(queue.drainSeconds).toBeNull();
  });

  it('does failed items again', () => {
    const queue = queueOf({ serviceSeconds: 1, failureRate: 0.5, initialBacklog: 100 });
    for (let t = 1; t <= 50; t++) queue.tick(t * 1_000, 1_000, 0, 2);
    expect(queue.done).toBeLessThan(60);
    expect(queue.done + queue.backlog).toBe(100);
  });

  it('gives items of different lengths their own time, first come first served', () => {
    const queue = queueOf({ serviceSeconds: 99 });
    queue.tick(1_000, 1_000, 2, 3, 10);
    queue.tick(2_000, 1_000, 20, 3, 0.5);
    // Two hands work for 10 s; the third does two of the brief ones a second.
    expect({ done: queue.done, busy: queue.busyHands }).toEqual({ done: 2, busy: 3 });
    for (let t = 3; t <= 10; t++) queue.tick(t * 1_000, 1_000, 0, 3);
    expect({ done: queue.done, inFlight: queue.inFlight }).toEqual({ done: 18, inFlight: 3 });
    queue.tick(11_000, 1_000, 0, 3);
    expect({ done: queue.done, waiting: queue.waiting }).toEqual({ done: 22, waiting: 0 });
  });

  it('keeps items of a pod that died in flight until they come back to the end of the queue', () => {
    const queue = queueOf({ serviceSeconds: 20 });
    queue.tick(1_000, 1_000, 10, 10);
    const [lost] = queue.lose(4);
    expect(lost).toEqual({ count: 4, serviceSeconds: 20 });
    expect({ begun: queue.begunCount, inFlight: queue.inFlight }).toEqual({ begun: 6, inFlight: 10 });
    if (lost) queue.comeBack(6_000, lost);
    expect({ waiting: queue.waiting, inFlight: queue.inFlight }).toEqual({ waiting: 4, inFlight: 6 });
    for (let t = 7; t <= 27; t++) queue.tick(t * 1_000, 1_000, 0, 10);
    expect(queue.done).toBe(10);
  });

  it('neither loses nor invents items, whatever arrives and whoever works', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 50, noNaN: true }), fc.integer({ min: 0, max: 20 })), {
          maxLength: 60,
        }),
        fc.double({ min: 0.05, max: 9, noNaN: true }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (ticks, serviceSeconds, failureRate) => {
          const queue = queueOf({ serviceSeconds, failureRate });
          let arrived = 0;
          for (const [i, [rate, hands]] of ticks.entries()) {
            queue.tick((i + 1) * 1_000, 1_000, rate, hands);
            arrived += rate;
          }
          expect(Math.abs(queue.arrived - arrived)).toBeLessThan(1.001);
          const underWay = queue.arrived - queue.done - queue.waiting;
          expect(underWay).toBeGreaterThanOrEqual(0);
          if (serviceSeconds >= 1) expect(queue.inFlight).toBe(underWay);
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });
});

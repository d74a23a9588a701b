import fc from 'fast-check';
import { defaultModel } from './workload-model';
import { WorkQueue } from './work-queue';

/** The same queue with every item on its own and no short cut: what `WorkQueue` has to come out as. */
class ItemByItem {
  private readonly waiting: number[] = [];
  private begun: number[] = [];
  private carry = 0;
  private arrivalCarry = 0;
  private brief = 0;
  done = 0;
  readonly waits: number[] = [];

  constructor(private readonly serviceSeconds: number) {}

  tick(nowMs: number, rate: number, hands: number): void {
    this.done += this.begun.filter((doneMs) => doneMs <= nowMs).length;
    this.begun = this.begun.filter((doneMs) => doneMs > nowMs);
    this.arrivalCarry += rate;
    for (; this.arrivalCarry >= 1 - 1e-9; this.arrivalCarry--) this.waiting.push(nowMs);
    this.brief = 0;
    const free = hands - this.begun.length;
    if (this.serviceSeconds >= 1) {
      for (let i = 0; i < free && this.waiting.length > 0; i++) {
        this.begin(nowMs);
        this.begun.push(nowMs + this.serviceSeconds * 1_000);
      }
      return;
    }
    if (free > 0 && this.waiting.length > 0) this.carry += free / this.serviceSeconds;
    while (this.carry >= 1 && this.waiting.length > 0) {
      this.begin(nowMs);
      this.carry--;
      this.brief += this.serviceSeconds;
      this.done++;
    }
    if (this.waiting.length === 0) this.carry = 0;
  }

  private begin(nowMs: number): void {
    this.waits.push((nowMs - (this.waiting.shift() ?? 0)) / 1_000);
  }

  get state() {
    return {
      done: this.done,
      waiting: this.waiting.length,
      inFlight: this.begun.length + Math.ceil(this.brief - 1e-9),
    };
  }
}

describe('the queue in batches', () => {
  it('comes out, tick by tick, as one that moves every item on its own', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ rate: fc.integer({ min: 0, max: 30 }), hands: fc.integer({ min: 0, max: 12 }) }),
          {
            minLength: 1,
            maxLength: 80,
          },
        ),
        fc.constantFrom(0.25, 0.5, 1, 2, 5),
        (ticks, serviceSeconds) => {
          const queue = new WorkQueue({ ...defaultModel, serviceSeconds }, 0);
          const items = new ItemByItem(serviceSeconds);
          for (const [i, { rate, hands }] of ticks.entries()) {
            queue.tick((i + 1) * 1_000, 1_000, rate / 4, hands);
            items.tick((i + 1) * 1_000, rate / 4, hands);
            const { done, waiting, inFlight } = queue;
            expect({ done, waiting, inFlight }).toEqual(items.state);
          }
          const sorted = items.waits.sort((a, b) => a - b);
          expect(queue.waits.max).toBe(sorted.at(-1) ?? 0);
          if (sorted.length > 0)
            expect(queue.waits.quantile(0.95)).toBe(
              Math.floor(sorted[Math.ceil(sorted.length * 0.95 - 1e-9) - 1] ?? 0),
            );
        },
      ),
      { seed: 3, numRuns: 400 },
    );
  });
});

import { VirtualClock } from '@scalelab/testing';
import type { AwsError } from './aws-error';
import type { EntryFailure, VisibilityChange } from './queue-port';
import { fakeQueues } from './testing';
import { VisibilityKeeper } from './visibility-keeper';

type Answer = (changes: readonly VisibilityChange[]) => EntryFailure[] | Promise<EntryFailure[]>;

function build(answer: Answer = () => [], maxHoldMs = 1_000_000) {
  const clock = new VirtualClock();
  const calls: { at: number; changes: readonly VisibilityChange[] }[] = [];
  const errors: AwsError[] = [];
  let extended = 0;
  const keeper = new VisibilityKeeper({
    queues: fakeQueues({
      async changeVisibilityBatch(_url, changes) {
        calls.push({ at: clock.now(), changes });
        return answer(changes);
      },
    }),
    queueUrl: 'queue',
    visibilitySeconds: 30,
    maxHoldMs,
    clock,
    random: () => 0.5,
    onExtended: (messages) => (extended += messages),
    onError: (error) => errors.push(error),
  });
  const lost: string[] = [];
  const hold = (handle: string) => keeper.hold(handle, clock.now(), () => lost.push(handle));
  return { clock, calls, errors, keeper, hold, lost, extended: () => extended };
}

const handles = (call: { changes: readonly VisibilityChange[] }) => call.changes.map((c) => c.receiptHandle);

describe('visibility keeper', () => {
  it('extends at half time, counted from receive, for as long as a message is held', async () => {
    const { clock, calls, hold } = build();
    hold('a');
    await clock.advance(14_999);
    expect(calls).toHaveLength(0);
    await clock.advance(30_001);
    expect(calls.map(({ at }) => at)).toEqual([15_000, 30_000, 45_000]);
    expect(calls[0]!.changes).toEqual([{ receiptHandle: 'a', seconds: 30 }]);
  });

  it('extends in one call those that are due soon, ten a call', async () => {
    const { clock, calls, hold, extended } = build();
    for (let index = 0; index < 12; index += 1) {
      hold(`m${index}`);
      await clock.advance(100);
    }
    await clock.advance(14_000);
    expect(calls.map((call) => call.changes.length)).toEqual([10, 2]);
    expect(calls[0]!.at).toBe(calls[1]!.at);
    expect(extended()).toBe(12);
  });

  it('leaves a message alone that was dropped before its deadline', async () => {
    const { clock, calls, keeper, hold } = build();
    const [first] = [hold('a'), hold('b')];
    keeper.drop(first!);
    await clock.advance(15_000);
    expect(calls.map(handles)).toEqual([['b']]);
  });

  it('says nothing of a message that was deleted while its extension was on the way', async () => {
    let answer = (_failures: EntryFailure[]) => {};
    const { clock, calls, errors, keeper, hold, lost } = build(
      () => new Promise((resolve) => (answer = resolve)),
    );
    const held = hold('a');
    await clock.advance(15_000);
    expect(calls).toHaveLength(1);
    keeper.drop(held);
    answer([{ index: 0, code: 'ReceiptHandleIsInvalid', message: 'gone', senderFault: true }]);
    await clock.advance(60_000);
    expect({ lost, errors, calls: calls.length }).toEqual({ lost: [], errors: [], calls: 1 });
  });

  it('reports a message lost when the queue says it is no longer ours, and keeps the others', async () => {
    const stale = { index: 0, code: 'ReceiptHandleIsInvalid', message: 'expired', senderFault: true };
    const { clock, calls, hold, lost, extended } = build(([first]) =>
      first!.receiptHandle === 'a' ? [stale] : [],
    );
    hold('a');
    hold('b');
    await clock.advance(30_000);
    expect(lost).toEqual(['a']);
    expect(extended()).toBe(2);
    expect(calls.map(handles)).toEqual([['a', 'b'], ['b']]);
  });

  it('tries again while there is time when the queue is at fault, and gives up at the deadline', async () => {
    const { clock, calls, errors, hold, lost } = build(() => {
      throw new Error('service unavailable');
    });
    hold('a');
    await clock.advance(31_000);
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.at(-1)!.at).toBeLessThanOrEqual(30_100);
    expect(errors.every(({ code }) => code === 'VisibilityFailed')).toBe(true);
    expect(lost).toEqual(['a']);
  });

  it('stops extending at the longest hold', async () => {
    const { clock, calls, hold, lost } = build(() => [], 40_000);
    hold('a');
    await clock.advance(100_000);
    expect(calls.map(({ at }) => at)).toEqual([15_000, 30_000]);
    expect(lost).toEqual(['a']);
  });

  it('covers a failed message until its release, and makes the release the last word', async () => {
    let finishExtension = () => {};
    const { clock, calls, keeper, hold } = build(() =>
      calls.length === 1 ? new Promise((resolve) => (finishExtension = () => resolve([]))) : [],
    );
    const held = hold('a');
    await clock.advance(15_000);
    const released = keeper.release(held, 7);
    await clock.advance(1_000);
    expect(calls).toHaveLength(1);
    finishExtension();
    await clock.advance(0);
    await released;
    expect(calls[1]!.changes).toEqual([{ receiptHandle: 'a', seconds: 7 }]);
    await clock.advance(120_000);
    expect(calls).toHaveLength(2);
  });

  it('reports a release that failed for good once, and lets the timeout do its work', async () => {
    const { clock, errors, keeper, hold } = build(() => {
      throw new Error('service unavailable');
    });
    const released = keeper.release(hold('a'), 0);
    await clock.advance(10_000);
    await released;
    expect(errors.map(({ code }) => code)).toEqual(['VisibilityFailed']);
    expect(keeper.size).toBe(0);
  });
});

import { VirtualClock } from '@scalelab/testing';
import { QueueConsumer, type Handler, type ReceivedMessage, type VisibilityChange } from './index';
import { fakeQueues } from './testing';

const message = (body: string, groupId: string): ReceivedMessage => ({
  id: body,
  receiptHandle: `r-${body}`,
  body: JSON.stringify(body),
  receiveCount: 1,
  sentAtMs: 0,
  groupId,
  attributes: {},
});

/** One receive brings all messages, later ones nothing; deletes and releases are recorded. */
function build(messages: readonly ReceivedMessage[], handler: Handler<string>) {
  const clock = new VirtualClock();
  const deleted: string[] = [];
  const changes: VisibilityChange[] = [];
  let first = true;
  const consumer = new QueueConsumer<string>({
    queues: fakeQueues({
      async receive({ waitSeconds }) {
        if (first) {
          first = false;
          return messages;
        }
        await new Promise<void>((resolve) => clock.wakeAt(clock.now() + waitSeconds * 1_000, resolve));
        return [];
      },
      async deleteBatch(_url, handles) {
        deleted.push(...handles);
        return [];
      },
      async changeVisibilityBatch(_url, batch) {
        changes.push(...batch);
        return [];
      },
    }),
    queueUrl: 'http://host/0/work.fifo',
    handler,
    retryBackoff: { base: 0, cap: 0 },
    random: () => 0.5,
    clock,
  });
  consumer.start();
  return { clock, consumer, deleted, changes };
}

describe('FIFO groups', () => {
  it('run in order inside a group and side by side across groups', async () => {
    const log: string[] = [];
    const finish = new Map<string, () => void>();
    const messages = [message('a1', 'a'), message('a2', 'a'), message('b1', 'b'), message('b2', 'b')];
    const { clock } = build(messages, ({ body }) => {
      log.push(body);
      return new Promise((resolve) => finish.set(body, resolve));
    });
    await clock.advance(0);
    expect(log).toEqual(['a1', 'b1']);
    finish.get('b1')!();
    await clock.advance(100);
    expect(log).toEqual(['a1', 'b1', 'b2']);
    finish.get('a1')!();
    await clock.advance(100);
    expect(log).toEqual(['a1', 'b1', 'b2', 'a2']);
  });

  it('start the next message only after the delete of the one before is done', async () => {
    const log: string[] = [];
    const { clock, deleted } = build([message('a1', 'a'), message('a2', 'a')], async ({ body }) => {
      log.push(`${body} after ${deleted.length} deletes`);
    });
    await clock.advance(200);
    expect(log).toEqual(['a1 after 0 deletes', 'a2 after 1 deletes']);
  });

  it('give back the rest of a group when one fails, last first and the failed one with them, and start none of them', async () => {
    const log: string[] = [];
    const messages = ['a1', 'a2', 'a3', 'a4'].map((body) => message(body, 'a'));
    const { clock, consumer, deleted, changes } = build(
      [...messages, message('b1', 'b')],
      async ({ body }) => {
        log.push(body);
        if (body === 'a2') throw new Error('no');
      },
    );
    await clock.advance(500);
    expect(log).toEqual(['a1', 'b1', 'a2']);
    expect(deleted).toEqual(['r-a1', 'r-b1']);
    expect(changes.map(({ receiptHandle }) => receiptHandle)).toEqual(['r-a4', 'r-a3', 'r-a2']);
    expect(consumer.inFlight).toBe(0);
  });

  it('are kept hidden from receive time on while they wait behind a slow one', async () => {
    const finish: (() => void)[] = [];
    const log: string[] = [];
    const messages = [message('a1', 'a'), message('a2', 'a')];
    const { clock, changes } = build(messages, ({ body }) => {
      log.push(body);
      return new Promise((resolve) => finish.push(resolve));
    });
    await clock.advance(50_000);
    expect(log).toEqual(['a1']);
    expect(changes.filter(({ receiptHandle }) => receiptHandle === 'r-a2')).toHaveLength(3);
    finish[0]!();
    await clock.advance(100);
    expect(log).toEqual(['a1', 'a2']);
  });

  it('are given back unstarted by a drain, while the running one finishes', async () => {
    const finish: (() => void)[] = [];
    const messages = ['a1', 'a2', 'a3'].map((body) => message(body, 'a'));
    const { clock, consumer, deleted, changes } = build(
      messages,
      () => new Promise((resolve) => finish.push(resolve)),
    );
    await clock.advance(0);
    const drained = consumer.drain({ graceMs: 20_000 });
    await clock.advance(1_000);
    expect(changes.map(({ receiptHandle }) => receiptHandle)).toEqual(['r-a3', 'r-a2']);
    finish[0]!();
    await clock.advance(10_000);
    expect(await drained).toEqual({ finished: 1, released: 2, pollsCut: 0 });
    expect(deleted).toEqual(['r-a1']);
    expect(finish).toHaveLength(1);
  });
});

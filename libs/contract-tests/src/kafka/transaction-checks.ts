import type { Producer } from 'kafkajs';
import { type ContractContext, readAll } from './contract-context';

const transactional = (context: ContractContext, transactionalId: string): Promise<Producer> =>
  context.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });

/** Transactions through kafkajs. */
export function transactionChecks(context: ContractContext): void {
  describe('transactions', () => {
    it('shows what was committed and hides what was aborted', async () => {
      const topic = await context.topic('transactional', 2);
      const producer = await transactional(context, context.name('writer'));
      const write = async (value: string, commit: boolean) => {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value: `${value}-0`, partition: 0 }] });
        await transaction.send({ topic, messages: [{ value: `${value}-1`, partition: 1 }] });
        await (commit ? transaction.commit() : transaction.abort());
      };
      await write('first', true);
      await write('lost', false);
      await write('second', true);
      const seen = await readAll(context, topic, 4);
      expect(seen.map(({ value }) => value).toSorted()).toEqual([
        'first-0',
        'first-1',
        'second-0',
        'second-1',
      ]);
    });

    it('holds back readers of committed messages, not others, while a transaction is open', async () => {
      const topic = await context.topic('open');
      const producer = await transactional(context, context.name('writer'));
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: 'pending' }] });
      const eager = await readAll(context, topic, 1, { readUncommitted: true });
      expect(eager.map(({ value }) => value)).toEqual(['pending']);
      let early = 0;
      const patient = readAll(context, topic, 1).then((seen) => (early = seen.length));
      await (await context.producer()).send({ topic, messages: [{ value: 'behind' }] });
      expect(early).toBe(0);
      await transaction.commit();
      expect(await patient).toBeGreaterThan(0);
    });

    it('commits the offsets of a group with the transaction, or not at all', async () => {
      const topic = await context.topic('moving');
      const consumerGroupId = context.name('moving');
      const admin = await context.admin();
      const producer = await transactional(context, context.name('writer'));
      const committed = async () => {
        const [fetched] = await admin.fetchOffsets({ groupId: consumerGroupId, topics: [topic] });
        return fetched?.partitions[0]?.offset;
      };
      const move = async (offset: string, commit: boolean) => {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value: 'effect' }] });
        const topics = [{ topic, partitions: [{ partition: 0, offset }] }];
        await transaction.sendOffsets({ consumerGroupId, topics });
        await (commit ? transaction.commit() : transaction.abort());
      };
      await move('7', true);
      expect(await committed()).toBe('7');
      await move('9', false);
      expect(await committed()).toBe('7');
    });

    it('fences a producer when another takes its transactional id', async () => {
      const topic = await context.topic('fenced');
      const id = context.name('writer');
      const old = await transactional(context, id);
      const opened = await old.transaction();
      await opened.send({ topic, messages: [{ value: 'of the old one' }] });
      const young = await transactional(context, id);
      const transaction = await young.transaction();
      await transaction.send({ topic, messages: [{ value: 'of the young one' }] });
      await transaction.commit();
      await expect(opened.commit()).rejects.toThrow();
      expect((await readAll(context, topic, 1)).map(({ value }) => value)).toEqual(['of the young one']);
    });
  });
}

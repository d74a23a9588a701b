import { waitFor } from '@scalelab/testing';
import type { Consumer } from 'kafkajs';
import type { ContractContext } from './contract-context';
import { silentMember } from './silent-member';

/** Messages seen by value, counted, whoever saw them. */
class Seen {
  readonly counts = new Map<string, number>();

  add(value: Buffer | null): void {
    const key = value?.toString() ?? '';
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}

async function consume(consumer: Consumer, topic: string, seen: Seen): Promise<void> {
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 100,
    eachMessage: ({ message }) => {
      seen.add(message.value);
      return Promise.resolve();
    },
  });
}

const groupState = async (context: ContractContext, groupId: string) => {
  const { groups } = await (await context.admin()).describeGroups([groupId]);
  return groups[0]!;
};

const settled = (context: ContractContext, groupId: string, members: number) =>
  waitFor(
    async () => {
      const group = await groupState(context, groupId);
      return (
        group.members.length === members &&
        (members === 0 ? group.state === 'Empty' : group.state === 'Stable')
      );
    },
    { what: `${groupId} with ${members} members`, timeoutMs: 15_000, intervalMs: 50 },
  );

const lagOf = async (context: ContractContext, groupId: string, topic: string): Promise<number> => {
  const admin = await context.admin();
  const ends = await admin.fetchTopicOffsets(topic);
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return ends.reduce((sum, { partition, high }) => {
    const at = committed?.partitions.find((candidate) => candidate.partition === partition)?.offset ?? '-1';
    return sum + Number(high) - Math.max(0, Number(at));
  }, 0);
};

/** Consumer groups through kafkajs. */
export function groupChecks(context: ContractContext, messages: number): void {
  describe('groups', () => {
    it('goes on at the committed offset after the member left', async () => {
      const topic = await context.topic('resumed');
      const groupId = context.name('resuming');
      const producer = await context.producer();
      const seen = new Seen();
      await producer.send({ topic, messages: [{ value: '1' }, { value: '2' }] });
      const first = await context.consumer({ groupId });
      await consume(first, topic, seen);
      await waitFor(() => seen.counts.size === 2, { what: 'the first two' });
      await first.disconnect();
      await producer.send({ topic, messages: [{ value: '3' }] });
      await consume(await context.consumer({ groupId }), topic, seen);
      await waitFor(() => seen.counts.size === 3, { what: 'the third' });
      expect([...seen.counts]).toEqual([
        ['1', 1],
        ['2', 1],
        ['3', 1],
      ]);
    });

    it('loses nothing while a group goes from 1 to 3 members and back to 1 under load', async () => {
      const topic = await context.topic('rebalanced', 8);
      const groupId = context.name('rebalancing');
      const producer = await context.producer();
      const seen = new Seen();
      const sent: string[] = [];
      let sending = true;
      const load = (async () => {
        while (sending || sent.length < messages) {
          const batch = Array.from({ length: 50 }, (_unused, index) => `${sent.length + index}`);
          await producer.send({ topic, messages: batch.map((value) => ({ key: value, value })) });
          sent.push(...batch);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })();
      const members = [await context.consumer({ groupId }, 'member-1')];
      await consume(members[0]!, topic, seen);
      await settled(context, groupId, 1);
      for (const clientId of ['member-2', 'member-3']) {
        const member = await context.consumer({ groupId }, clientId);
        members.push(member);
        await consume(member, topic, seen);
      }
      await settled(context, groupId, 3);
      const { members: three } = await groupState(context, groupId);
      expect(three.map(({ clientId }) => clientId).toSorted()).toEqual(['member-1', 'member-2', 'member-3']);
      await members[0]!.disconnect();
      await members[1]!.disconnect();
      await settled(context, groupId, 1);
      sending = false;
      await load;
      await waitFor(() => seen.counts.size === sent.length, {
        what: `all ${sent.length} messages`,
        timeoutMs: 30_000,
      });
      expect([...seen.counts.keys()].toSorted()).toEqual(sent.toSorted());
    }, 60_000);

    it('describes and lists a group with members and without', async () => {
      const topic = await context.topic('described', 2);
      const groupId = context.name('described');
      const consumer = await context.consumer({ groupId }, 'the-client');
      await consume(consumer, topic, new Seen());
      await settled(context, groupId, 1);
      const group = await groupState(context, groupId);
      expect(group).toMatchObject({ groupId, protocolType: 'consumer', errorCode: 0 });
      expect(group.members[0]).toMatchObject({ clientId: 'the-client' });
      expect(group.members[0]!.memberAssignment.length).toBeGreaterThan(0);
      const admin = await context.admin();
      expect((await admin.listGroups()).groups).toContainEqual({ groupId, protocolType: 'consumer' });
      await consumer.disconnect();
      await settled(context, groupId, 0);
      expect(await groupState(context, context.name('unheard-of'))).toMatchObject({
        state: 'Dead',
        members: [],
      });
    });

    it('tells the lag of a group, with members and after they left', async () => {
      const topic = await context.topic('lagging', 2);
      const groupId = context.name('lagging');
      const producer = await context.producer();
      const values = Array.from({ length: 40 }, (_unused, index) => ({
        value: `${index}`,
        partition: index % 2,
      }));
      await producer.send({ topic, messages: values });
      expect(await lagOf(context, groupId, topic)).toBe(40);
      const consumer = await context.consumer({ groupId });
      await consume(consumer, topic, new Seen());
      await waitFor(async () => (await lagOf(context, groupId, topic)) === 0, { what: 'no lag' });
      await consumer.disconnect();
      await producer.send({ topic, messages: values.slice(0, 7) });
      expect(await lagOf(context, groupId, topic)).toBe(7);
    });

    it('moves the offsets of a group without members', async () => {
      const topic = await context.topic('moved');
      const groupId = context.name('moved');
      const admin = await context.admin();
      await (
        await context.producer()
      ).send({ topic, messages: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] });
      await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '2' }] });
      const [fetched] = await admin.fetchOffsets({ groupId, topics: [topic] });
      expect(fetched?.partitions).toMatchObject([{ partition: 0, offset: '2' }]);
      const seen = new Seen();
      await consume(await context.consumer({ groupId }), topic, seen);
      await waitFor(() => seen.counts.size === 1, { what: 'the last message' });
      expect([...seen.counts]).toEqual([['c', 1]]);
    });

    it('hands the partitions of a member that went silent to another', async () => {
      const topic = await context.topic('silent', 2);
      const groupId = context.name('silent');
      const seen = new Seen();
      // A consumer whose process stops without a word: its socket stays open, its heartbeats end.
      const wire = await silentMember(context, groupId, topic);
      const consumer = await context.consumer({ groupId });
      await consume(consumer, topic, seen);
      await settled(context, groupId, 1);
      await (
        await context.producer()
      ).send({
        topic,
        messages: [
          { value: 'p0', partition: 0 },
          { value: 'p1', partition: 1 },
        ],
      });
      await waitFor(() => seen.counts.size === 2, { what: 'both partitions' });
      wire.close();
    });

    it('deletes a group once nobody is in it', async () => {
      const topic = await context.topic('left');
      const groupId = context.name('deleted');
      const admin = await context.admin();
      const consumer = await context.consumer({ groupId });
      await consume(consumer, topic, new Seen());
      await settled(context, groupId, 1);
      await expect(admin.deleteGroups([groupId])).rejects.toThrow();
      await consumer.disconnect();
      await settled(context, groupId, 0);
      expect(await admin.deleteGroups([groupId])).toMatchObject([{ groupId, errorCode: 0 }]);
      expect((await admin.listGroups()).groups.map((group) => group.groupId)).not.toContain(groupId);
    });
  });
}

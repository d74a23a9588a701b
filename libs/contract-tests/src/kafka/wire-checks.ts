import { buildBatch, ErrorCode, messages, type WireClient } from '@scalelab/kafka-broker/testing';
import { waitFor } from '@scalelab/testing';
import { type ContractContext, readAll } from './contract-context';
import { silentMember } from './silent-member';

const record = (value: string) => ({ key: null, value: Buffer.from(value) });

async function produce(wire: WireClient, topic: string, records: Buffer) {
  const response = await wire.call(messages.produce, 7, {
    acks: -1,
    timeoutMs: 5_000,
    topics: [{ name: topic, partitions: [{ index: 0, records }] }],
  });
  const { errorCode, baseOffset } = response.topics[0]!.partitions[0]!;
  return { errorCode, baseOffset };
}

async function fetchFrom(wire: WireClient, topic: string, fetchOffset: number) {
  const response = await wire.call(messages.fetch, 11, {
    replicaId: -1,
    maxWaitMs: 100,
    minBytes: 1,
    maxBytes: 1_000_000,
    isolationLevel: 0,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }] }],
  });
  return response.topics[0]!.partitions[0]!;
}

/** What a real client never does, or does only when the network fails it. */
export function wireChecks(context: ContractContext): void {
  describe('on the wire', () => {
    it('answers a batch that was sent twice with the offset it had, and stores it once', async () => {
      const topic = await context.topic('twice');
      const wire = await context.wire();
      const identity = await wire.call(messages.initProducerId, 1, {
        transactionalId: null,
        transactionTimeoutMs: 60_000,
      });
      expect(identity.errorCode).toBe(ErrorCode.NONE);
      const { producerId, producerEpoch } = identity;
      const batch = (value: string, baseSequence: number) =>
        buildBatch([record(value), record(value)], {
          timestampMs: Date.now(),
          producerId,
          producerEpoch,
          baseSequence,
        });
      const first = batch('first', 0);
      expect(await produce(wire, topic, first)).toEqual({ errorCode: 0, baseOffset: 0 });
      expect(await produce(wire, topic, batch('second', 2))).toEqual({ errorCode: 0, baseOffset: 2 });
      expect(await produce(wire, topic, first)).toEqual({ errorCode: 0, baseOffset: 0 });
      expect(await produce(wire, topic, batch('third', 9))).toMatchObject({
        errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      });
      const seen = await readAll(context, topic, 4);
      expect(seen.map(({ value }) => value)).toEqual(['first', 'first', 'second', 'second']);
    });

    it('refuses a batch whose CRC is wrong', async () => {
      const topic = await context.topic('damaged');
      const wire = await context.wire();
      const batch = buildBatch([record('right')], { timestampMs: Date.now() });
      const damaged = Buffer.from(batch);
      damaged[damaged.length - 3]! ^= 1;
      expect((await produce(wire, topic, damaged)).errorCode).toBe(ErrorCode.CORRUPT_MESSAGE);
      expect(await produce(wire, topic, batch)).toEqual({ errorCode: 0, baseOffset: 0 });
    });

    it('keeps a batch as it came: only its place in the log is written into it', async () => {
      const topic = await context.topic('verbatim');
      const wire = await context.wire();
      const batch = buildBatch([record('a'), record('b')], { timestampMs: 1_700_000_000_000 });
      await produce(wire, topic, batch);
      await produce(wire, topic, batch);
      const { records } = await fetchFrom(wire, topic, 0);
      const second = records!.subarray(batch.length);
      // Everything behind base offset, length, leader epoch and magic.
      expect(second.subarray(17)).toEqual(batch.subarray(17));
      expect(second.readBigInt64BE(0)).toBe(2n);
    });

    it('refuses commits of a generation that is over and of members that it does not know', async () => {
      const topic = await context.topic('generation');
      const groupId = context.name('fenced');
      const member = await silentMember(context, groupId, topic);
      const commit = async (memberId: string, generationId: number, committedOffset: number) => {
        const response = await member.wire.call(messages.offsetCommit, 5, {
          groupId,
          generationId,
          memberId,
          topics: [
            { name: topic, partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: null }] },
          ],
        });
        return response.topics[0]!.partitions[0]!.errorCode;
      };
      const { memberId, generationId } = member;
      expect(await commit(memberId, generationId, 5)).toBe(ErrorCode.NONE);
      expect(await commit(memberId, generationId - 1, 1)).toBe(ErrorCode.ILLEGAL_GENERATION);
      expect(await commit('somebody', generationId, 2)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
      expect(await commit('', -1, 3)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
      // The session ends, and with it the right to commit.
      await waitFor(
        async () => (await commit(memberId, generationId + 1, 4)) === ErrorCode.UNKNOWN_MEMBER_ID,
        {
          what: 'the session to end',
          intervalMs: 100,
          timeoutMs: 15_000,
        },
      );
      const fetched = await member.wire.call(messages.offsetFetch, 5, {
        groupId,
        topics: [{ name: topic, partitionIndexes: [0] }],
      });
      expect(fetched.topics[0]!.partitions[0]!.committedOffset).toBe(5);
    });

    it('says that an offset is out of range when retention took it, and serves the log from its new start', async () => {
      const mebibyte = 1_048_576;
      const topic = await context.topic('retained', 1, {
        'retention.bytes': String(2 * mebibyte),
        'segment.bytes': String(mebibyte),
      });
      const wire = await context.wire();
      const value = 'x'.repeat(100_000);
      let count = 0;
      const send = async () => {
        const batch = buildBatch([record(`${count} ${value}`)], { timestampMs: Date.now() });
        expect(await produce(wire, topic, batch)).toEqual({ errorCode: 0, baseOffset: count });
        count += 1;
      };
      while (count < 60) await send();
      const admin = await context.admin();
      const low = await waitFor(async () => Number((await admin.fetchTopicOffsets(topic))[0]?.low), {
        what: 'retention to take the first messages',
        timeoutMs: 15_000,
        intervalMs: 100,
      });
      expect((await fetchFrom(wire, topic, 0)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
      expect((await fetchFrom(wire, topic, count + 1)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
      expect(await fetchFrom(wire, topic, low)).toMatchObject({ errorCode: ErrorCode.NONE });
      const seen = await readAll(context, topic, count - low);
      expect(seen.map(({ offset }) => Number(offset))).toEqual(
        Array.from({ length: count - low }, (_unused, index) => low + index),
      );
      expect(seen.map((message) => message.value?.split(' ')[0])).toEqual(
        Array.from({ length: count - low }, (_unused, index) => `${low + index}`),
      );
      expect(seen.every((message) => message.value?.endsWith(value))).toBe(true);
    }, 30_000);
  });
}

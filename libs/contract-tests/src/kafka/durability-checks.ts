import type { Producer } from 'kafkajs';
import { ErrorCode, messages } from '@scalelab/kafka-broker/testing';
import { waitFor } from '@scalelab/testing';
import { type ContractContext, readAll } from './contract-context';

/** SIGKILL while messages are written: what was acknowledged is there afterwards, once. */
export function durabilityChecks(context: ContractContext, count: number): void {
  it(`has each of ${count} acknowledged messages once after a SIGKILL under load and a restart`, async () => {
    const topic = await context.topic('durable', 4);
    const producer = await context.producer({ idempotent: true, maxInFlightRequests: 1 });
    const acknowledged: string[] = [];
    const perRequest = 500;
    const send = async (from: number) => {
      const values = Array.from({ length: perRequest }, (_unused, index) => `${from + index}`);
      await producer.send({ topic, acks: -1, messages: values.map((value) => ({ key: value, value })) });
      acknowledged.push(...values);
    };
    const groupId = context.name('committed');
    await commitAs(context, groupId, topic, 3);
    let from = 0;
    for (; from < count / 2; from += perRequest) await send(from);
    const killed = context.broker.killAndRestart?.();
    // The producer retries through the kill: the request in flight may arrive twice and must count once.
    for (; from < count; from += perRequest) await send(from);
    await killed;
    expect(await offsetOf(context, groupId, topic)).toBe('3');
    const seen = (await readAll(context, topic, count, {}, 60_000)).map(({ value }) => value);
    expect(seen).toHaveLength(acknowledged.length);
    expect(new Set(seen)).toEqual(new Set(acknowledged));
    await sendOne(producer, topic);
  }, 180_000);
}

async function sendOne(producer: Producer, topic: string): Promise<void> {
  const [sent] = await producer.send({ topic, messages: [{ value: 'after' }] });
  expect(sent?.errorCode).toBe(0);
}

async function commitAs(
  context: ContractContext,
  groupId: string,
  topic: string,
  offset: number,
): Promise<void> {
  const wire = await context.wire();
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }];
  const commit = () =>
    wire.call(messages.offsetCommit, 5, {
      groupId,
      generationId: -1,
      memberId: '',
      topics: [{ name: topic, partitions }],
    });
  await waitFor(async () => (await commit()).topics[0]?.partitions[0]?.errorCode === ErrorCode.NONE, {
    what: 'the commit of an offset',
  });
}

async function offsetOf(
  context: ContractContext,
  groupId: string,
  topic: string,
): Promise<string | undefined> {
  const admin = await context.admin();
  const [fetched] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return fetched?.partitions.find(({ partition }) => partition === 0)?.offset;
}

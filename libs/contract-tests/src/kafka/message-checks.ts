import { CompressionTypes } from 'kafkajs';
import { waitFor } from '@scalelab/testing';
import { type ContractContext, readAll } from './contract-context';

/** Producing and reading through kafkajs. */
export function messageChecks(context: ContractContext): void {
  describe('messages', () => {
    it('gives consecutive offsets to acknowledged messages', async () => {
      const topic = await context.topic('acknowledged');
      const producer = await context.producer();
      const send = () => producer.send({ topic, acks: -1, messages: [{ value: 'a' }, { value: 'b' }] });
      expect((await send())[0]).toMatchObject({ partition: 0, errorCode: 0, baseOffset: '0' });
      expect((await send())[0]).toMatchObject({ partition: 0, errorCode: 0, baseOffset: '2' });
    });

    it.each([0, 1])('stores messages sent with acks=%i', async (acks) => {
      const topic = await context.topic('acks');
      const producer = await context.producer();
      await producer.send({ topic, acks, messages: [{ value: 'one' }, { value: 'two' }] });
      expect((await readAll(context, topic, 2)).map(({ value }) => value)).toEqual(['one', 'two']);
    });

    it('keeps key, value, headers and the time of the producer, and nulls', async () => {
      const topic = await context.topic('whole');
      const producer = await context.producer();
      const timestamp = String(Date.now() - 3_600_000);
      await producer.send({
        topic,
        messages: [
          { key: 'k', value: 'wörld', headers: { trace: 'abc', twice: ['1', '2'] }, timestamp },
          { key: 'tombstone', value: null },
        ],
      });
      const consumer = await context.consumer({ groupId: context.name('whole') });
      await consumer.subscribe({ topic, fromBeginning: true });
      const seen: unknown[] = [];
      await consumer.run({
        eachMessage: ({ message }) => {
          const { trace, twice } = message.headers ?? {};
          seen.push({
            key: message.key?.toString(),
            value: message.value?.toString() ?? null,
            trace: trace?.toString(),
            twice: Array.isArray(twice) ? twice.map(String) : undefined,
            time: seen.length === 0 ? message.timestamp : undefined,
          });
          return Promise.resolve();
        },
      });
      await waitFor(() => seen.length === 2, { what: 'both messages' });
      expect(seen).toEqual([
        { key: 'k', value: 'wörld', trace: 'abc', twice: ['1', '2'], time: timestamp },
        { key: 'tombstone', value: null },
      ]);
    });

    it('carries gzip batches through', async () => {
      const topic = await context.topic('gzip');
      const producer = await context.producer();
      const messages = Array.from({ length: 200 }, (_unused, index) => ({ value: `${index} `.repeat(50) }));
      await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
      const seen = await readAll(context, topic, 200);
      expect(seen.map(({ value }) => value)).toEqual(messages.map(({ value }) => value));
    });

    it('takes messages of an idempotent producer', async () => {
      const topic = await context.topic('idempotent', 3);
      const producer = await context.producer({ idempotent: true, maxInFlightRequests: 1 });
      const values = Array.from({ length: 300 }, (_unused, index) => `value ${index}`);
      for (let index = 0; index < values.length; index += 50) {
        const messages = values.slice(index, index + 50).map((value) => ({ key: value, value }));
        await producer.send({ topic, messages });
      }
      const seen = (await readAll(context, topic, values.length)).map(({ value }) => value);
      expect(seen.toSorted()).toEqual(values.toSorted());
    });

    it('refuses a message beyond max.message.bytes and goes on', async () => {
      const topic = await context.topic('limited', 1, { 'max.message.bytes': '2000' });
      const producer = await context.producer();
      await expect(producer.send({ topic, messages: [{ value: 'x'.repeat(5_000) }] })).rejects.toThrow(
        /large/i,
      );
      await producer.send({ topic, messages: [{ value: 'small' }] });
      expect((await readAll(context, topic, 1)).map(({ value }) => value)).toEqual(['small']);
    });

    it('lets a reader get on that allows fewer bytes than one message has', async () => {
      const topic = await context.topic('large');
      const producer = await context.producer();
      const values = [1, 2, 3].map((index) => String(index).repeat(100_000));
      for (const value of values) await producer.send({ topic, messages: [{ value }] });
      const seen = await readAll(context, topic, 3, { maxBytesPerPartition: 1_000, maxBytes: 1_000 });
      expect(seen.map(({ value }) => value)).toEqual(values);
    });

    it('wakes a waiting reader as soon as a message comes', async () => {
      const topic = await context.topic('awaited');
      const consumer = await context.consumer({ groupId: context.name('waiting'), maxWaitTimeInMs: 2_000 });
      await consumer.subscribe({ topic, fromBeginning: true });
      const arrivals: number[] = [];
      const fetching = new Promise<void>((resolve) =>
        consumer.on(consumer.events.FETCH_START, () => resolve()),
      );
      await consumer.run({
        eachMessage: () => {
          arrivals.push(performance.now());
          return Promise.resolve();
        },
      });
      await fetching;
      const sentAt = performance.now();
      await (await context.producer()).send({ topic, messages: [{ value: 'now' }] });
      await waitFor(() => arrivals.length === 1, { what: 'the message' });
      // Far below the two seconds that the reader allows the broker to wait.
      expect(arrivals[0]! - sentAt).toBeLessThan(1_000);
    });
  });
}

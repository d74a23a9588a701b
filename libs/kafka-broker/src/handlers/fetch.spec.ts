import { waitFor } from '@scalelab/testing';
import { type Broker, startBroker } from '../index';
import { buildBatch, ErrorCode, messages, WireClient } from '../testing';

describe('fetch', () => {
  let broker: Broker;
  let client: WireClient;
  beforeEach(async () => {
    broker = await startBroker({ topics: [{ name: 't', partitions: 3 }] });
    client = await WireClient.connect(`127.0.0.1:${broker.port}`);
  });
  afterEach(async () => {
    client.close();
    await broker.close();
  });

  const produce = async (index: number, bytes: number) => {
    // On a connection of its own: one request waits behind another.
    const feeder = await WireClient.connect(`127.0.0.1:${broker.port}`);
    const records = buildBatch([{ key: null, value: Buffer.alloc(bytes, 'x') }], { timestampMs: 0 });
    const topics = [{ name: 't', partitions: [{ index, records }] }];
    await feeder.call(messages.produce, 7, { acks: -1, timeoutMs: 1_000, topics });
    feeder.close();
    return records.length;
  };

  interface Wanted {
    readonly maxWaitMs?: number;
    readonly minBytes?: number;
    readonly maxBytes?: number;
    readonly partitionMaxBytes?: number;
    readonly partitions?: readonly number[];
    readonly fetchOffset?: number;
    readonly sessionId?: number;
  }

  const fetch = async (wanted: Wanted = {}) => {
    const { maxWaitMs = 0, minBytes = 1, maxBytes = 1e6, partitionMaxBytes = 1e6, sessionId = 0 } = wanted;
    const partitions = (wanted.partitions ?? [0, 1, 2]).map((partition) => ({
      partition,
      fetchOffset: wanted.fetchOffset ?? 0,
      partitionMaxBytes,
    }));
    const topics = [{ topic: 't', partitions }];
    const limits = { maxWaitMs, minBytes, maxBytes, sessionId, replicaId: -1, isolationLevel: 0 };
    return client.call(messages.fetch, 11, { ...limits, topics });
  };
  const sizes = ({ topics }: Awaited<ReturnType<typeof fetch>>) =>
    topics[0]!.partitions.map(({ records }) => records?.length ?? 0);

  it('waits until minBytes are there over all partitions', async () => {
    const size = await produce(0, 1_000);
    const answer = fetch({ maxWaitMs: 10_000, minBytes: size * 3 });
    let answered = false;
    void answer.then(() => (answered = true));
    await waitFor(() => broker.stats().requestsTotal['Fetch'] === 1, { what: 'the fetch' });
    await produce(1, 1_000);
    expect(answered).toBe(false);
    await produce(2, 1_000);
    expect(sizes(await answer)).toEqual([size, size, size]);
  });

  it('gives what there is when the wait is over', async () => {
    const size = await produce(0, 1_000);
    const began = performance.now();
    expect(sizes(await fetch({ maxWaitMs: 120, minBytes: 1e6 }))).toEqual([size, 0, 0]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(110);
  });

  it('does not wait with an error, and names it for its partition alone', async () => {
    const size = await produce(0, 1_000);
    const { topics } = await fetch({ maxWaitMs: 60_000, minBytes: 1e6, partitions: [0, 7] });
    expect(topics[0]!.partitions).toMatchObject([
      { errorCode: ErrorCode.NONE, highWatermark: 1 },
      { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, highWatermark: -1 },
    ]);
    expect(topics[0]!.partitions[0]!.records).toHaveLength(size);
  });

  it('keeps to the byte limits of the answer and of each partition, in whole batches', async () => {
    let size = 0;
    for (const index of [0, 0, 0, 1, 1, 1]) size = await produce(index, 1_000);
    expect(sizes(await fetch({ partitionMaxBytes: size * 2 + 5 }))).toEqual([size * 2, size * 2, 0]);
    expect(sizes(await fetch({ maxBytes: size * 4 + 5 }))).toEqual([size * 3, size, 0]);
    expect(sizes(await fetch({ maxBytes: size * 3 }))).toEqual([size * 3, 0, 0]);
    // The first with messages gives one batch, whatever the limits.
    expect(sizes(await fetch({ maxBytes: 10, partitions: [2, 1, 0] }))).toEqual([0, size, 0]);
  });

  it('ends the wait when the topic is deleted', async () => {
    const answer = fetch({ maxWaitMs: 60_000 });
    await waitFor(() => broker.stats().requestsTotal['Fetch'] === 1, { what: 'the fetch' });
    const other = await WireClient.connect(`127.0.0.1:${broker.port}`);
    await other.call(messages.deleteTopics, 1, { topicNames: ['t'], timeoutMs: 1_000 });
    other.close();
    const { topics } = await answer;
    expect(topics[0]!.partitions[0]!.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  });

  it('knows no fetch sessions', async () => {
    expect((await fetch({ sessionId: 5 })).errorCode).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    expect((await fetch()).sessionId).toBe(0);
  });

  it('tells a producer that wants no answer of a failure by ending its connection', async () => {
    const topics = [{ name: 'unknown', partitions: [{ index: 0, records: null }] }];
    const refused = client.call(messages.produce, 7, { acks: 0, timeoutMs: 1_000, topics });
    await expect(refused).rejects.toThrow(/closed the connection/);
  });
});

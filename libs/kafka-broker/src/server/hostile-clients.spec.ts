import { connect } from 'node:net';
import { once } from 'node:events';
import { seededRandom, waitFor } from '@scalelab/testing';
import { type Broker, type Logger, startBroker } from '../index';
import { routes } from '../handlers';
import { ByteWriter } from '../protocol/byte-writer';
import { ErrorCode } from '../protocol/error-codes';
import { writeRequestHeader } from '../protocol/header';
import { apiVersions, metadata } from '../protocol/messages';
import { buildBatch, messages, WireClient } from '../testing';

describe('a broker and clients that do not keep to the protocol', () => {
  const warnings: { context: object; message: string }[] = [];
  const errors: object[] = [];
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (context, message) => warnings.push({ context, message }),
    error: (context) => errors.push(context),
  };
  let broker: Broker;
  const address = () => `${broker.host}:${broker.port}`;

  beforeEach(async () => {
    warnings.length = 0;
    errors.length = 0;
    broker = await startBroker({
      logger,
      topics: [{ name: 't' }],
      maxRequestBytes: 100_000,
      maxConnections: 8,
    });
  });
  afterEach(() => broker.close());

  async function stillAnswers(): Promise<void> {
    const client = await WireClient.connect(address());
    const { topics } = await client.call(metadata, 1, { topics: null });
    expect(topics.map(({ name }) => name)).toEqual(['t']);
    client.close();
  }

  /** Sends the frame and waits until the broker ends the connection. */
  async function closedAfter(body: Buffer): Promise<void> {
    const client = await WireClient.connect(address());
    const closed = once(client.socket, 'close');
    client.sendFrame(body);
    await closed;
  }

  const header = (apiKey: number, apiVersion: number) => {
    const writer = new ByteWriter();
    writeRequestHeader(writer, { apiKey, apiVersion, correlationId: 1, clientId: 'x' }, false);
    return Buffer.concat(writer.finish());
  };

  it.each([
    ['an API that is not served', header(999, 0), /API key 999 is not served/],
    ['a version from the future', header(metadata.key, 99), /Metadata version 99, served are 0 to 12/],
    ['a request without its body', header(metadata.key, 1), /bytes wanted|a length/],
    ['a header that is cut short', Buffer.from([0, 3]), /bytes wanted/],
    ['an empty request', Buffer.alloc(0), /bytes wanted/],
  ])('closes the connection on %s and logs the reason', async (_name, body, reason) => {
    await closedAfter(body);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({
      message: 'connection closed: malformed request',
      context: { reason: expect.stringMatching(reason) as string },
    });
    expect(broker.stats().malformedTotal).toBe(1);
    await stillAnswers();
  });

  it('closes the connection on a request beyond maxRequestBytes before it has come', async () => {
    const socket = connect({ host: broker.host, port: broker.port });
    const closed = once(socket, 'close');
    socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
    await closed;
    expect(warnings[0]?.context).toMatchObject({
      reason: expect.stringContaining('allowed are 0 to 100000') as string,
    });
    await stillAnswers();
  });

  it('tells a client that asks ApiVersions in an unknown version what it serves', async () => {
    const client = await WireClient.connect(address());
    const answer = once(client.socket, 'data');
    client.sendFrame(header(apiVersions.key, 127));
    const [frame] = (await answer) as [Buffer];
    expect(frame.readInt32BE(4)).toBe(1);
    expect(frame.readInt16BE(8)).toBe(ErrorCode.UNSUPPORTED_VERSION);
    expect(frame.readInt32BE(10)).toBe(routes.length);
    client.close();
  });

  it('lives through random bytes behind every API and version', async () => {
    const random = seededRandom(2026);
    for (const { api } of routes) {
      for (let version = api.versions[0]; version <= api.versions[1]; version += 1) {
        const client = await WireClient.connect(address());
        const closed = once(client.socket, 'close');
        // Small numbers are likelier to be lengths that fit than any bytes are.
        const noise = Buffer.from(
          Array.from({ length: random.int(0, 80) }, () =>
            random.next() < 0.7 ? random.int(0, 2) : random.int(0, 255),
          ),
        );
        client.sendFrame(Buffer.concat([header(api.key, version), noise]));
        client.sendFrame(header(999, 0));
        client.socket.on('error', () => undefined);
        // A fetch or a join may be answered late; the client does not wait.
        await Promise.race([
          closed,
          once(client.socket, 'data'),
          new Promise((resolve) => setTimeout(resolve, 20)),
        ]);
        client.close();
      }
    }
    expect(errors).toEqual([]);
    expect(broker.stats().malformedTotal).toBeGreaterThan(50);
    await waitFor(() => broker.stats().connections === 0, { what: 'all connections to end' });
    const client = await WireClient.connect(address());
    expect((await client.call(apiVersions, 0, {})).errorCode).toBe(ErrorCode.NONE);
    client.close();
  });

  it('refuses connections beyond maxConnections, and takes new ones when others end', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => WireClient.connect(address())));
    await waitFor(() => broker.stats().connections === 8, { what: 'eight connections' });
    const extra = await WireClient.connect(address());
    await once(extra.socket, 'close');
    expect(broker.stats().connectionsRefusedTotal).toBe(1);
    clients[0]?.close();
    await waitFor(() => broker.stats().connections === 7, { what: 'a free place' });
    await stillAnswers();
    for (const client of clients) client.close();
  });

  it('holds back answers from a client that does not read them', async () => {
    const feeder = await WireClient.connect(address());
    const value = Buffer.alloc(90_000, 'x');
    for (let index = 0; index < 10; index += 1) {
      const records = buildBatch([{ key: null, value }], { timestampMs: 0 });
      const topics = [{ name: 't', partitions: [{ index: 0, records }] }];
      await feeder.call(messages.produce, 7, { acks: -1, timeoutMs: 1_000, topics });
    }
    feeder.close();
    const deaf = await WireClient.connect(address());
    deaf.socket.pause();
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }];
    const requests = 60;
    for (let index = 0; index < requests; index += 1) {
      const fetch = { replicaId: -1, maxWaitMs: 0, minBytes: 1, maxBytes: 1_000_000, isolationLevel: 0 };
      const answer = deaf.call(messages.fetch, 4, { ...fetch, topics: [{ topic: 't', partitions }] });
      answer.catch(() => undefined);
    }
    const answered = () => broker.stats().requestsTotal['Fetch'] ?? 0;
    let before = -1;
    await waitFor(
      () => {
        const settled = answered() === before && before > 0;
        before = answered();
        return settled;
      },
      { what: 'the broker to hold back', intervalMs: 200 },
    );
    // 54 MB are asked for; what was given is in the sockets' buffers.
    expect(answered()).toBeLessThan(requests / 2);
    await stillAnswers();
    deaf.socket.resume();
    await waitFor(() => answered() === requests, {
      what: 'the rest, once the client reads',
      timeoutMs: 10_000,
    });
    deaf.close();
  });
});

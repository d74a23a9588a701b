import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@scalelab/testing';
import { startFaultProxy, type FaultProxy, type ProxiedCall } from './index';

let server: Server;
let proxy: FaultProxy;
let served: { operation: string; body: unknown }[];
let held: (() => void)[];
let hold = false;

beforeEach(async () => {
  served = [];
  held = [];
  hold = false;
  server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk) => (text += chunk));
    req.on('end', () => {
      served.push({
        operation: String(req.headers['x-amz-target']).split('.').at(-1)!,
        body: JSON.parse(text),
      });
      const answer = () =>
        res.setHeader('content-type', 'application/x-amz-json-1.0').end('{"Successful":[{"Id":"1"}]}');
      if (hold) held.push(answer);
      else answer();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startFaultProxy({ target: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function call(operation: string, body: object, signal?: AbortSignal) {
  const service = /Item/.test(operation) ? 'DynamoDB_20120810' : 'AmazonSQS';
  const answer = await fetch(proxy.url, {
    method: 'POST',
    headers: { 'x-amz-target': `${service}.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const entries = (...ids: string[]) => ({ QueueUrl: 'q', Entries: ids.map((Id) => ({ Id })) });

describe('fault proxy', () => {
  it('passes calls through and remembers them', async () => {
    expect(await call('SendMessage', { a: 1 })).toEqual({ status: 200, body: { Successful: [{ Id: '1' }] } });
    expect(served).toEqual([{ operation: 'SendMessage', body: { a: 1 } }]);
    expect(proxy.of('SendMessage')).toEqual([
      expect.objectContaining({ status: 200, aborted: false, body: { a: 1 } }),
    ]);
    expect(proxy.of('Other')).toEqual([]);
  });

  it('throttles as each service does, without the call reaching it', async () => {
    proxy.inject({ operation: '*', fault: { kind: 'throttle' }, times: 2 });
    const queue = await call('SendMessage', {});
    const table = await call('PutItem', {});
    expect([queue.status, queue.body.__type]).toEqual([400, 'com.amazonaws.sqs#RequestThrottled']);
    expect(table.body.__type).toContain('ProvisionedThroughputExceededException');
    expect(served).toEqual([]);
    expect((await call('SendMessage', {})).status).toBe(200);
  });

  it('answers server errors only to the operation that the rule names, until it is taken out', async () => {
    const takeOut = proxy.inject({ operation: 'PutItem', fault: { kind: 'serverError', status: 503 } });
    expect((await call('SendMessage', {})).status).toBe(200);
    expect((await call('PutItem', {})).status).toBe(503);
    takeOut();
    expect((await call('PutItem', {})).status).toBe(200);
  });

  it('loses requests before, and answers after, the service did its work', async () => {
    proxy.inject({ operation: 'SendMessage', fault: { kind: 'lostRequest' }, times: 1 });
    await expect(call('SendMessage', {})).rejects.toThrow();
    expect(served).toEqual([]);
    proxy.inject({ operation: 'SendMessage', fault: { kind: 'lostResponse' }, times: 1 });
    await expect(call('SendMessage', {})).rejects.toThrow();
    expect(served).toHaveLength(1);
  });

  it('holds back entries of a batch and reports them as failed', async () => {
    proxy.inject({
      operation: 'DeleteMessageBatch',
      fault: { kind: 'failedEntries', entries: 2, senderFault: true, code: 'X' },
      times: 1,
    });
    const { body } = await call('DeleteMessageBatch', entries('0', '1', '2'));
    expect(served).toEqual([{ operation: 'DeleteMessageBatch', body: entries('2') }]);
    expect(body).toMatchObject({
      Successful: [{ Id: '1' }],
      Failed: [
        { Id: '0', SenderFault: true, Code: 'X' },
        { Id: '1', SenderFault: true, Code: 'X' },
      ],
    });
  });

  it('does not call the service when no entry is left', async () => {
    proxy.inject({ operation: 'SendMessageBatch', fault: { kind: 'failedEntries' } });
    const { body } = await call('SendMessageBatch', entries('0'));
    expect(body).toMatchObject({
      Successful: [],
      Failed: [{ Id: '0', SenderFault: false, Code: 'InternalError' }],
    });
    expect(served).toEqual([]);
  });

  it('leaves items of a batch write unprocessed', async () => {
    proxy.inject({ operation: 'BatchWriteItem', fault: { kind: 'unprocessed', items: 2 } });
    const { body } = await call('BatchWriteItem', { RequestItems: { t: [1, 2], u: [3] } });
    expect(served[0]!.body).toEqual({ RequestItems: { t: [1] } });
    expect(body.UnprocessedItems).toEqual({ t: [2], u: [3] });
  });

  it('delays', async () => {
    proxy.inject({ operation: 'SendMessage', fault: { kind: 'latency', ms: 60 } });
    await call('SendMessage', {});
    const [first] = proxy.of('SendMessage') as (ProxiedCall & { settledAt: number })[];
    expect(first!.settledAt - first!.startedAt).toBeGreaterThanOrEqual(55);
  });

  it('hits the same calls again with the same seed', async () => {
    const hits = async () => {
      const other = await startFaultProxy({ target: proxy.url, seed: 42 });
      other.inject({ operation: '*', fault: { kind: 'serverError' }, probability: 0.5 });
      const statuses: number[] = [];
      for (let n = 0; n < 20; n += 1) {
        const headers = { 'x-amz-target': 'AmazonSQS.SendMessage' };
        statuses.push((await fetch(other.url, { method: 'POST', headers, body: '{}' })).status);
      }
      await other.close();
      return statuses;
    };
    const first = await hits();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await hits()).toEqual(first);
  });

  it('tells the service that its client has gone, as an aborted long poll does', async () => {
    hold = true;
    const abort = new AbortController();
    const gone = call('ReceiveMessage', {}, abort.signal).catch((error: Error) => error.name);
    await waitFor(() => held.length === 1);
    abort.abort();
    expect(await gone).toBe('AbortError');
    await waitFor(() => proxy.of('ReceiveMessage')[0]!.aborted);
  });
});

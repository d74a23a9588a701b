import RequestQueue from 'kafkajs/src/network/requestQueue';
import { waitFor } from '@scalelab/testing';
import { keepIdleQueuesAsleep } from './idle-request-queue';

const logger = { debug: () => undefined, warn: () => undefined };

function queue() {
  const sent: number[] = [];
  const requests = new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 5_000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: '127.0.0.1:9092',
    logger,
  });
  const push = (correlationId: number) =>
    requests.push({
      entry: { correlationId, resolve: () => undefined, reject: () => undefined },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  const answer = (correlationId: number) =>
    requests.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 });
  return { requests, sent, push, answer };
}

keepIdleQueuesAsleep();

test('a queue with nothing left to send sets no timer', () => {
  const { requests, push, answer } = queue();
  push(1);
  answer(1);
  expect(requests.throttleCheckTimeoutId).toBeNull();
});

test('a request that had to wait is sent after the answer, and then the queue falls asleep', async () => {
  const { requests, sent, push, answer } = queue();
  push(1);
  push(2);
  expect(sent).toEqual([1]);
  expect(requests.throttleCheckTimeoutId).not.toBeNull();
  answer(1);
  expect(sent).toEqual([1, 2]);
  answer(2);
  await waitFor(() => requests.throttleCheckTimeoutId === null, { what: 'the last look at the queue' });
});

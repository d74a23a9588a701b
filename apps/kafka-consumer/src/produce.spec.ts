import type { KafkaProducer, OutgoingRecord } from '@scalelab/kafka';
import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createHealth } from '@scalelab/service';
import request from 'supertest';
import { buildApp } from './app';

const producing = (send: KafkaProducer['send']): KafkaProducer => ({
  connect: async () => undefined,
  close: async () => undefined,
  send,
});

const appWith = (send: KafkaProducer['send']) =>
  buildApp({
    logger: createLogger({ name: 'spec', level: 'silent' }),
    metrics: createMetrics({ service: 'kafka-consumer', defaults: false }),
    health: createHealth(),
    producer: producing(send),
    topic: 'events',
  });

test('POST /produce writes that many records, each with its id, and answers with the ids', async () => {
  const sent: [string, readonly OutgoingRecord[]][] = [];
  const app = appWith(async (topic, records) => void sent.push([topic, records]));
  const { body, status } = await request(app)
    .post('/produce')
    .send({ count: 3, key: 'a', value: { x: 1 } });
  expect(status).toBe(202);
  expect(body).toEqual({
    topic: 'events',
    ids: [expect.any(String), expect.any(String), expect.any(String)],
  });
  expect(new Set((body as { ids: string[] }).ids).size).toBe(3);
  expect(sent).toEqual([
    [
      'events',
      (body as { ids: string[] }).ids.map((id) => ({ key: 'a', value: '{"x":1}', headers: { id } })),
    ],
  ]);
});

test.each([
  [{ count: 0 }, 'count is the number 0; a whole number from 1 to 10000 is allowed'],
  [{ count: 10_001 }, 'count is the number 10001'],
  [{ count: '5' }, 'count is the string "5"'],
  [{ count: 1.5 }, 'count is the number 1.5'],
  [{ key: 7 }, 'key is the number 7; a string is allowed'],
  [{ value: [1] }, 'value is an array; a JSON object is allowed'],
  [{ coun: 1 }, 'coun is unknown; count, key and value are allowed'],
  [[1], 'the body is an array'],
])('%j is a 400 that says what is allowed', async (body, message) => {
  const answer = await request(appWith(() => Promise.reject(new Error('must not send'))))
    .post('/produce')
    .send(body as object);
  expect(answer.status).toBe(400);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect((answer.body as { detail: string }).detail).toContain(message);
});

test('a body that is no JSON is a 400, and one that is too large a 413', async () => {
  const app = appWith(async () => undefined);
  expect((await request(app).post('/produce').set('content-type', 'application/json').send('{')).status).toBe(
    400,
  );
  const large = JSON.stringify({ value: { text: 'x'.repeat(1_100_000) } });
  expect(
    (await request(app).post('/produce').set('content-type', 'application/json').send(large)).status,
  ).toBe(413);
});

test('a broker that does not take the records is a 502 with the reason', async () => {
  const answer = await request(appWith(() => Promise.reject(new Error('no leader'))))
    .post('/produce')
    .send({});
  expect(answer.status).toBe(502);
  expect((answer.body as { detail: string }).detail).toBe('Kafka did not take the records: no leader');
});

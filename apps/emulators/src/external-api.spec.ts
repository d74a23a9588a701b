import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import request from 'supertest';
import { buildExternalApi, keysOf } from './external-api';

const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const api = buildExternalApi({
  keys: keysOf(['development=dev-key', 'production=prod=key']),
  lines: 3,
  logger: createLogger({ name: 'test', level: 'silent' }),
  metrics: createMetrics({ service: 'test', defaults: false }),
  now: () => now,
});

describe('external API stand-in', () => {
  it.each([
    ['authorization', 'Bearer dev-key'],
    ['x-api-key', 'dev-key'],
  ])("answers an environment's logs for its key in %s", async (header, value) => {
    const { body } = await request(api).get('/logs?env=development').set(header, value).expect(200);
    const { environment, logs } = body as {
      environment: string;
      logs: { time: string; environment: string }[];
    };
    expect(environment).toBe('development');
    expect(logs.map(({ time }) => time)).toEqual([
      '2026-01-02T03:04:03.000Z',
      '2026-01-02T03:04:04.000Z',
      '2026-01-02T03:04:05.000Z',
    ]);
    expect(new Set(logs.map((line) => line.environment))).toEqual(new Set(['development']));
  });

  it('tells the same line for the same second, another for another environment', async () => {
    const logs = async (env: string, key: string) =>
      JSON.stringify(
        ((await request(api).get(`/logs?env=${env}`).set('x-api-key', key)).body as { logs: unknown }).logs,
      );
    expect(await logs('development', 'dev-key')).toBe(await logs('development', 'dev-key'));
    expect(await logs('development', 'dev-key')).not.toBe(await logs('production', 'prod=key'));
  });

  it.each([
    ['no key', {}, 'no key given: send it as Authorization: Bearer KEY or x-api-key: KEY'],
    ['a wrong key', { 'x-api-key': 'nonsense' }, 'the key is not the key of environment production'],
    [
      "another environment's key",
      { authorization: 'Bearer dev-key' },
      'the key is not the key of environment production',
    ],
  ])('refuses %s with 401', async (_name, headers, detail) => {
    const { body } = await request(api).get('/logs?env=production').set(headers).expect(401);
    expect(body).toMatchObject({ code: 'Unauthorized', detail });
  });

  it.each([
    ['/logs', 'env is missing, allowed: development, production'],
    ['/logs?env=moon', 'env is "moon", allowed: development, production'],
  ])('refuses %s with 400', async (path, detail) => {
    const { body } = await request(api).get(path).set('x-api-key', 'dev-key').expect(400);
    expect(body).toMatchObject({ code: 'BadRequest', detail });
  });
});

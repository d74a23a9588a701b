import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import { loadConfig, Secret } from '@scalelab/config';
import { createLogWriter } from '@scalelab/log-writer';
import { testDeps } from '@scalelab/service/testing';
import { freePort, tempDir } from '@scalelab/testing';
import request from 'supertest';
import { buildApp } from './app';
import { schema } from './config';
import { createExternalLogs, type ExternalLogsOptions } from './external-logs';
import { isPlaceholderUrl } from './placeholder-url';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** An external API for one test. */
async function external(listener: RequestListener) {
  const seen: IncomingMessage[] = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming);
    listener(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { seen, url: `http://127.0.0.1:${(server.address() as { port: number }).port}` };
}

function build(options: Partial<ExternalLogsOptions> = {}) {
  const dir = join(tempDir(), 'logs');
  const deps = testDeps('backend-api');
  const externalLogs = createExternalLogs({
    url: 'http://external-api.invalid/',
    keys: { development: new Secret('dev-key'), staging: new Secret('staging-key'), production: undefined },
    timeoutMs: 2000,
    maxBytes: 1000,
    ...options,
  });
  const app = buildApp({ writer: createLogWriter({ dir }), processingMs: 0, externalLogs, ...deps });
  return { ...deps, dir, app };
}

const download = (app: ReturnType<typeof build>['app'], query: string) =>
  request(app).get(`/download_external_logs${query}`);

describe('GET /', () => {
  it('writes a message to a new file and answers with the same message', async () => {
    const { app, dir } = build();
    const { text, status } = await request(app).get('/');
    expect(status).toBe(200);
    const [file] = readdirSync(dir);
    expect(readFileSync(join(dir, file ?? ''), 'utf8')).toBe(`${text}\n`);
  });
});

describe('GET /download_external_logs', () => {
  it("passes on the external API's answer, asked with the environment's key, id and trace", async () => {
    const api = await external((_incoming, response) => {
      response.setHeader('content-type', 'application/x-ndjson');
      response.end('{"a":1}\n');
    });
    const { app, sample } = build({ url: `${api.url}/v1/logs?tenant=7` });
    const answer = await download(app, '?env=staging').set('x-request-id', 'r-1');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/x-ndjson');
    const [incoming] = api.seen;
    expect(incoming?.url).toBe('/v1/logs?tenant=7&env=staging');
    expect(incoming?.headers).toMatchObject({
      authorization: 'Bearer staging-key',
      'x-request-id': 'r-1',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
    });
    expect(await sample('backend_api_external_downloads_total{outcome="ok"}')).toBe(1);
  });

  it.each([
    ['', 'nothing'],
    ['?env=', 'text'],
    ['?env=prod', 'text'],
    ['?env=Production', 'text'],
    ['?env=__proto__', 'text'],
    ['?env=staging&env=production', 'more than one value'],
  ])('refuses %j as an invalid environment', async (query, kind) => {
    const answer = await download(build().app, query);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      detail: 'Invalid environment',
      errors: [{ field: 'env', detail: `given ${kind}, allowed: one of development, staging, production` }],
    });
  });

  const reasonOf = async (options: Partial<ExternalLogsOptions>, env = 'development') => {
    const { app, sample, logs } = build(options);
    const answer = await download(app, `?env=${env}`);
    expect(answer.status).toBe(502);
    expect(answer.body).toMatchObject({ code: 'UpstreamFailed', title: 'Bad Gateway' });
    expect(await sample('backend_api_external_downloads_total{outcome="failed"}')).toBe(1);
    expect(JSON.stringify([answer.body, logs.lines()])).not.toContain('dev-key');
    return (answer.body as { detail: string }).detail;
  };

  it('answers 502 when the URL is a placeholder', async () => {
    expect(await reasonOf({})).toBe(
      'the external API failed: EXTERNAL_API_URL is a placeholder, set it to the API',
    );
  });

  it('answers 502 when the environment has no key', async () => {
    expect(await reasonOf({ url: 'http://127.0.0.1:9' }, 'production')).toBe(
      'the external API failed: EXTERNAL_INTEGRATION_KEY_PRODUCTION is not set',
    );
  });

  it('answers 502 when the API refuses the key', async () => {
    const { url } = await external((_incoming, response) => void response.writeHead(403).end('hunter2'));
    expect(await reasonOf({ url })).toBe('the external API failed: it answered 403 Forbidden');
  });

  it('answers 502 when the API redirects, since the key must not travel', async () => {
    const { url } = await external(
      (_incoming, response) => void response.writeHead(302, { location: '/x' }).end(),
    );
    expect(await reasonOf({ url })).toBe('the external API failed: it answered 302 Found');
  });

  it('answers 502 when nobody listens', async () => {
    const port = await freePort();
    expect(await reasonOf({ url: `http://127.0.0.1:${port}` })).toContain(
      `connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  });

  it.each(['headers', 'the rest of its body'])(
    'answers 502 when the API does not send %s in time',
    async (what) => {
      const { url } = await external((_incoming, response) => {
        if (what !== 'headers') response.write('begun');
      });
      expect(await reasonOf({ url, timeoutMs: 150 })).toBe(
        'the external API failed: it did not answer within 150 ms',
      );
    },
  );

  it('answers 502 when the API breaks off', async () => {
    const { url } = await external((_incoming, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await reasonOf({ url })).toMatch(/^the external API failed: terminated/);
  });

  it('answers 502 when the answer is too large', async () => {
    const { url } = await external((_incoming, response) => void response.end('x'.repeat(1001)));
    expect(await reasonOf({ url })).toBe('the external API failed: its answer is larger than 1000 bytes');
  });
});

describe('isPlaceholderUrl', () => {
  it.each([
    'http://external-api.invalid/',
    'https://api.example.com/x',
    'http://x.test',
    'https://dummy-url.com',
    'http://my.dummy.io',
    'http://placeholder',
  ])('knows %s', (url) => expect(isPlaceholderUrl(url)).toBe(true));
  it.each([
    'http://emulators.lab-system:4580',
    'https://api.contest.com',
    'http://127.0.0.1:1',
    'https://dummyco.com',
  ])('leaves %s alone', (url) => expect(isPlaceholderUrl(url)).toBe(false));
});

describe('settings', () => {
  it('have defaults, and keys only where given', () => {
    const config = loadConfig(schema, { EXTERNAL_INTEGRATION_KEY_STAGING: 'k' });
    expect(config).toMatchObject({
      PORT: 5000,
      LOG_DIR: '/logs',
      PROCESSING_MS: 3000,
      EXTERNAL_API_URL: 'http://external-api.invalid/',
      EXTERNAL_TIMEOUT_MS: 5000,
      EXTERNAL_MAX_BYTES: 5_242_880,
    });
    expect(config.EXTERNAL_INTEGRATION_KEY_STAGING?.reveal()).toBe('k');
    expect(config.EXTERNAL_INTEGRATION_KEY_PRODUCTION).toBeUndefined();
  });

  it.each([
    ['EXTERNAL_API_URL', 'ftp://x'],
    ['EXTERNAL_API_URL', 'emulators:4580'],
    ['EXTERNAL_TIMEOUT_MS', '0'],
    ['EXTERNAL_MAX_BYTES', '1.5'],
    ['PROCESSING_MS', 'x'],
  ])('refuse %s=%s', (key, value) => {
    expect(() => loadConfig(schema, { [key]: value })).toThrow(`${key}: given`);
  });
});

import { createServer, type RequestListener, type Server } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@scalelab/config';
import { startProgram } from '@scalelab/service/testing';
import { freePort, tempDir } from '@scalelab/testing';
import { runCheck } from './check';
import { createChecks } from './checks';
import { schema } from './config';
import { healthLine } from './health-line';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

const entry = join(__dirname, 'main.ts');
const lineForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (PASS|FAIL) \S+ \S+ (\d{3}|-) \d+ms .+$/;

describe('runCheck', () => {
  const check = (url: string, timeoutMs = 2000) => runCheck({ name: 'x', url }, timeoutMs);

  it('passes on a 2xx status', async () => {
    const url = await serve((_request, response) => void response.writeHead(204).end());
    expect(await check(url)).toMatchObject({ passed: true, status: 204, reason: 'ok' });
  });

  it('fails with what a problem document says', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(502, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ detail: 'the external API failed: refused' }));
    });
    expect(await check(url)).toMatchObject({
      passed: false,
      status: 502,
      reason: 'the external API failed: refused',
    });
  });

  it.each(['{}', 'no JSON', '{"detail":5}'])(
    'fails with the status phrase when the problem is %j',
    async (body) => {
      const url = await serve((_request, response) => {
        response.writeHead(503, { 'content-type': 'application/problem+json' }).end(body);
      });
      expect(await check(url)).toMatchObject({ passed: false, status: 503, reason: 'Service Unavailable' });
    },
  );

  it('fails with the reason when nobody listens', async () => {
    const port = await freePort();
    const result = await check(`http://127.0.0.1:${port}/`);
    expect(result).toMatchObject({ passed: false, status: undefined });
    expect(result.reason).toContain(`ECONNREFUSED 127.0.0.1:${port}`);
  });

  it('fails when there is no answer in time', async () => {
    const url = await serve(() => undefined);
    expect(await check(url, 100)).toMatchObject({
      passed: false,
      status: undefined,
      reason: 'no full answer within 100 ms',
    });
  });

  it('fails when the body does not end in time', async () => {
    const url = await serve((_request, response) => void response.write('begun'));
    expect(await check(url, 100)).toMatchObject({
      passed: false,
      status: 200,
      reason: 'no full answer within 100 ms',
    });
  });
});

describe('healthLine', () => {
  const result = { name: 'backend-api', url: 'http://b/', passed: true, status: 200, ms: 12, reason: 'ok' };

  it('has its fixed form', () => {
    expect(healthLine(result, Date.UTC(2026, 0, 2, 3, 4, 5))).toBe(
      '2026-01-02T03:04:05.000Z PASS backend-api http://b/ 200 12ms ok',
    );
  });

  it('stays one line, and shows a missing status', () => {
    expect(healthLine({ ...result, passed: false, status: undefined, reason: ' a\n b\r\n' }, 0)).toBe(
      '1970-01-01T00:00:00.000Z FAIL backend-api http://b/ - 12ms a b',
    );
  });
});

describe('createChecks', () => {
  it('asks backend-api, its download and data-api', () => {
    const checks = createChecks({
      backendUrl: 'http://b.ns/',
      dataUrl: 'http://d.ns/',
      environment: 'staging',
    });
    expect(checks).toEqual([
      { name: 'backend-api', url: 'http://b.ns/' },
      { name: 'external-logs', url: 'http://b.ns/download_external_logs?env=staging' },
      { name: 'data-api', url: 'http://d.ns/' },
    ]);
  });

  it('stays below the root that it is given', () => {
    const [, download] = createChecks({
      backendUrl: 'http://b/api/',
      dataUrl: 'http://d/',
      environment: 'staging',
    });
    expect(download?.url).toBe('http://b/api/download_external_logs?env=staging');
  });
});

describe('the job', () => {
  it('appends a line a check and exits with 0 when all passed', async () => {
    const url = await serve((_request, response) => void response.end('fine'));
    const file = join(tempDir(), 'made/health.log');
    const run = () =>
      startProgram(entry, { BACKEND_URL: url, DATA_URL: url, HEALTH_LOG_FILE: file }).exited();
    expect((await run()).code).toBe(0);
    expect((await run()).code).toBe(0);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(line).toMatch(lineForm);
    expect(lines.slice(0, 3).map((line) => line.split(' ').slice(1, 5))).toEqual([
      ['PASS', 'backend-api', url, '200'],
      ['PASS', 'external-logs', `${url}download_external_logs?env=development`, '200'],
      ['PASS', 'data-api', url, '200'],
    ]);
  });

  it('exits with 1 and one FAIL line when one check failed', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/') return void response.end('fine');
      response.writeHead(502, { 'content-type': 'application/problem+json; charset=utf-8' });
      response.end(JSON.stringify({ detail: 'the external API failed: EXTERNAL_API_URL is a placeholder' }));
    });
    const file = join(tempDir(), 'health.log');
    const job = startProgram(entry, {
      BACKEND_URL: url,
      DATA_URL: url,
      HEALTH_LOG_FILE: file,
      EXTERNAL_ENV: 'staging',
    });
    expect((await job.exited()).code).toBe(1);
    const failed = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes(' FAIL '));
    expect(failed).toEqual([
      expect.stringMatching(
        / FAIL external-logs \S+\?env=staging 502 \d+ms the external API failed: EXTERNAL_API_URL is a placeholder$/,
      ),
    ]);
    expect(job.logged('check failed')).toHaveLength(1);
    expect(job.logged('done')[0]).toMatchObject({ allPassed: false });
  });

  it('bounds each check, and all of them run at once', async () => {
    const url = await serve(() => undefined);
    const file = join(tempDir(), 'health.log');
    const env = { BACKEND_URL: url, DATA_URL: url, HEALTH_LOG_FILE: file, CHECK_TIMEOUT_MS: '300' };
    const job = startProgram(entry, env);
    expect((await job.exited()).code).toBe(1);
    const times = [...readFileSync(file, 'utf8').matchAll(/ (\d+)ms no full answer within 300 ms/g)].map(
      ([, ms]) => Number(ms),
    );
    expect(times).toHaveLength(3);
    for (const ms of times) expect(ms).toBeLessThan(2000);
  });

  it('says in one line that its file cannot be written and exits with 1', async () => {
    const inTheWay = join(tempDir(), 'file');
    writeFileSync(inTheWay, '');
    const job = startProgram(entry, { HEALTH_LOG_FILE: join(inTheWay, 'health.log') });
    expect((await job.exited()).code).toBe(1);
    expect(job.stderr()).toMatch(
      /^health-check: HEALTH_LOG_FILE \S+ cannot be written: (ENOTDIR|EEXIST).*\n$/,
    );
  });

  it('exits with 2 and names every wrong variable', async () => {
    const job = startProgram(entry, { BACKEND_URL: 'b', EXTERNAL_ENV: 'prod', CHECK_TIMEOUT_MS: '0' });
    expect((await job.exited()).code).toBe(2);
    expect(job.stderr().trimEnd().split('\n')).toEqual([
      'health-check: 3 settings are wrong:',
      expect.stringContaining('BACKEND_URL: given text, allowed: an absolute URL'),
      '  EXTERNAL_ENV: given text, allowed: one of development, staging, production',
      '  CHECK_TIMEOUT_MS: given an integer, allowed: an integer of milliseconds from 1 to 300000',
    ]);
  });
});

describe('settings', () => {
  it('have the in-cluster names as defaults', () => {
    expect(loadConfig(schema, {})).toEqual({
      LOG_LEVEL: 'info',
      START_DELAY_MS: 0,
      BACKEND_URL: 'http://backend-api-service-unique.backend-namespace/',
      DATA_URL: 'http://data-api-service-unique.data-namespace/',
      EXTERNAL_ENV: 'development',
      HEALTH_LOG_FILE: '/var/log/health_check.log',
      CHECK_TIMEOUT_MS: 10_000,
    });
  });
});

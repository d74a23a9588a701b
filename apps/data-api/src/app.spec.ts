import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@scalelab/config';
import { createLogWriter } from '@scalelab/log-writer';
import { startService } from '@scalelab/service';
import { testDeps } from '@scalelab/service/testing';
import { tempDir, waitFor } from '@scalelab/testing';
import request from 'supertest';
import { buildApp } from './app';
import { schema } from './config';

function build(processingMs = 0) {
  const dir = join(tempDir(), 'logs');
  const deps = testDeps('data-api');
  return { ...deps, dir, app: buildApp({ writer: createLogWriter({ dir }), processingMs, ...deps }) };
}

describe('GET /', () => {
  it('writes a message to a new file and answers with the same message', async () => {
    const { app, dir, sample } = build();
    const answers = [await request(app).get('/'), await request(app).get('/')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const files = readdirSync(dir);
    expect(files).toHaveLength(2);
    const written = files.map((file) => readFileSync(join(dir, file), 'utf8').trimEnd());
    expect(answers.map(({ text }) => text).sort()).toEqual(written.sort());
    expect(await sample('data_api_processed_total{outcome="ok"}')).toBe(2);
    expect(await sample('data_api_processing_seconds_count')).toBe(2);
  });

  it('takes its processing time, and shows the work in flight', async () => {
    const { app, sample } = build(200);
    const begin = performance.now();
    const answer = request(app)
      .get('/')
      .then((response) => response);
    await waitFor(async () => (await sample('data_api_in_flight')) === 1);
    expect((await answer).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(199);
    expect(await sample('data_api_in_flight')).toBe(0);
  });

  it('answers 500 without a word of the disk when the file cannot be written, and logs why', async () => {
    const { app, dir, logs, sample } = build();
    rmSync(dir, { recursive: true, force: true });
    writeFileSync(dir, 'a file where the folder should be');
    const answer = await request(app).get('/');
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: 'Internal' });
    expect(answer.text).not.toContain(dir);
    expect(JSON.stringify(logs.of('request failed'))).toContain('ENOTDIR');
    expect(await sample('data_api_processed_total{outcome="failed"}')).toBe(1);
  });

  it('writes nothing for a client that left', async () => {
    const { app, dir, sample } = build(60_000);
    const service = await startService({ app, port: 0, lingerMs: 0 });
    const leave = new AbortController();
    const answer = fetch(service.url, { signal: leave.signal });
    await waitFor(async () => (await sample('data_api_in_flight')) === 1);
    leave.abort();
    await expect(answer).rejects.toThrow();
    await waitFor(async () => (await sample('data_api_in_flight')) === 0);
    await service.stop('test is over');
    expect(() => readdirSync(dir)).toThrow('ENOENT');
  });

  it('answers 404 elsewhere and 405 to other methods', async () => {
    const { app } = build();
    expect((await request(app).get('/nope')).status).toBe(404);
    expect((await request(app).post('/').send({})).status).toBe(405);
  });
});

describe('settings', () => {
  it('have defaults', () => {
    expect(loadConfig(schema, {})).toMatchObject({ PORT: 5000, LOG_DIR: '/logs', PROCESSING_MS: 3000 });
  });

  it.each([
    ['PROCESSING_MS', '3s'],
    ['PROCESSING_MS', '-1'],
    ['PROCESSING_MS', '600001'],
    ['PORT', '-1'],
  ])('refuse %s=%s', (key, value) => {
    expect(() => loadConfig(schema, { [key]: value })).toThrow(`${key}: given`);
  });
});

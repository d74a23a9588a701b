import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom, tempDir } from '@scalelab/testing';
import { loadConfig, settings } from '@scalelab/config';
import { createLogWriter, logWriterSettings } from './index';

describe('log writer', () => {
  it('writes one message to one new file and makes the folder', async () => {
    const dir = join(tempDir(), 'a/b');
    const random = seededRandom(1);
    const writer = createLogWriter({
      dir,
      random: () => random.next(),
      now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    });
    await writer.prepare();
    const { message, file } = await writer.write();
    expect(message).toMatch(/^(INFO|DEBUG|WARN) .+ [0-9a-f]{6} .+$/);
    expect(readdirSync(dir).map((name) => join(dir, name))).toEqual([file]);
    expect(file).toMatch(/log_2026-01-02T03-04-05\.006Z_[0-9a-f]{8}\.log$/);
    expect(readFileSync(file, 'utf8')).toBe(`${message}\n`);
  });

  it('gives a hundred messages of one moment a hundred files', async () => {
    const dir = tempDir();
    const writer = createLogWriter({ dir, now: () => 0 });
    const written = await Promise.all(Array.from({ length: 100 }, () => writer.write()));
    expect(new Set(written.map(({ file }) => file)).size).toBe(100);
    expect(readdirSync(dir)).toHaveLength(100);
  });

  it('takes another name when a file of that name exists', async () => {
    const dir = tempDir();
    // Three numbers make a message, one a name: the first two messages get the same name at first.
    const numbers = [0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0.7];
    const writer = createLogWriter({ dir, random: () => numbers.shift() ?? 0, now: () => 0 });
    await writer.write();
    await writer.write();
    expect(readdirSync(dir)).toHaveLength(2);
  });

  it('gives up when every name is taken, and never overwrites', async () => {
    const dir = tempDir();
    const writer = createLogWriter({ dir, random: () => 0, now: () => 0 });
    const { file } = await writer.write();
    writeFileSync(file, 'kept');
    await expect(writer.write()).rejects.toMatchObject({ code: 'Internal', context: { file } });
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });

  it('makes the folder again when it went missing', async () => {
    const dir = join(tempDir(), 'logs');
    const writer = createLogWriter({ dir });
    await writer.prepare();
    rmSync(dir, { recursive: true });
    await writer.write();
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('tells at start which folder cannot be made, and what to set', async () => {
    const root = tempDir();
    writeFileSync(join(root, 'file'), '');
    const dir = join(root, 'file/logs');
    await expect(createLogWriter({ dir }).prepare()).rejects.toMatchObject({
      message: expect.stringMatching(
        /^the folder .*file\/logs cannot be made \(ENOTDIR.*set LOG_DIR to a folder/,
      ),
    });
    mkdirSync(join(root, 'ok'));
    await expect(createLogWriter({ dir: join(root, 'ok') }).prepare()).resolves.toBeUndefined();
  });

  it('has the defaults of the services', () => {
    expect(loadConfig(settings(logWriterSettings), {})).toEqual({ LOG_DIR: '/logs', PROCESSING_MS: 3000 });
  });
});

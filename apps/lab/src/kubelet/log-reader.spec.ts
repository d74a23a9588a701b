import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeapScheduler } from '@scalelab/kube';
import { tempDir, waitFor } from '@scalelab/testing';
import { LogKeeper } from './log-keeper';
import { readLog, type LogOptions } from './log-reader';

const folder = tempDir();
const scheduler = new HeapScheduler();
const file = join(folder, 'log');

afterAll(() => scheduler.stop());

async function read(options: LogOptions): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readLog(file, options, () => true, scheduler)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test.each([
  [{}, 'one\ntwo\nthree\n'],
  [{ tailLines: 2 }, 'two\nthree\n'],
  [{ tailLines: 9 }, 'one\ntwo\nthree\n'],
  [{ tailLines: 0 }, ''],
  [{ limitBytes: 5 }, 'one\nt'],
])('reads %j', async (options, text) => {
  writeFileSync(file, 'one\ntwo\nthree\n');
  expect(await read(options)).toBe(text);
});

test('finds the tail of a log longer than a chunk', async () => {
  const line = (n: number) => `${n}`.padStart(999, '.') + '\n';
  writeFileSync(file, Array.from({ length: 300 }, (_, n) => line(n)).join(''));
  expect(await read({ tailLines: 150 })).toBe(Array.from({ length: 150 }, (_, n) => line(n + 150)).join(''));
});

test('follows what is written later, across a cut, until the program has ended', async () => {
  writeFileSync(file, 'first\n');
  let over = false;
  let text = '';
  const done = (async () => {
    for await (const chunk of readLog(file, { follow: true }, () => over, scheduler))
      text += chunk.toString();
  })();
  await waitFor(() => text === 'first\n', { what: 'the start' });
  appendFileSync(file, 'second\n');
  await waitFor(() => text.endsWith('second\n'), { what: 'the second line' });
  await new LogKeeper({ scheduler, files: () => [file], limitBytes: 5, onError: () => undefined }).check();
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('first\nsecond\n');
  appendFileSync(file, 'third\n');
  await waitFor(() => text.endsWith('third\n'), { what: 'the line behind the cut' });
  over = true;
  await done;
  expect(text).toBe('first\nsecond\nthird\n');
});

test('a log that was never written is an error', async () => {
  await expect(
    read.call(undefined, {}).then(() => readLog(join(folder, 'none'), {}, () => true, scheduler).next()),
  ).rejects.toThrow('ENOENT');
});

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir, waitFor } from '@scalelab/testing';
import { batchedDestination, type BatchedDestinationOptions } from './destination';

function file(options: BatchedDestinationOptions = {}) {
  const path = join(tempDir(), 'out');
  const fd = openSync(path, 'a');
  const destination = batchedDestination({ fd, ...options });
  const flush = () => new Promise<void>((resolve) => destination.flush(() => resolve()));
  return { destination, flush, text: () => readFileSync(path, 'utf8'), close: () => closeSync(fd) };
}

describe('batchedDestination', () => {
  it('writes after the delay, in order', async () => {
    const { destination, text, close } = file({ maxDelayMs: 20 });
    destination.write('a\n');
    destination.write('b\n');
    expect(text()).toBe('');
    await waitFor(() => text() === 'a\nb\n');
    close();
  });

  it('writes a full batch without waiting', async () => {
    const { destination, text, close } = file({ maxDelayMs: 600_000, batchLength: 4 });
    destination.write('a\n');
    destination.write('b\n');
    await waitFor(() => text() === 'a\nb\n');
    close();
  });

  it('has everything out in order when flush calls back', async () => {
    const { destination, flush, text, close } = file({ maxDelayMs: 600_000 });
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} é\n`);
    for (const line of lines) destination.write(line);
    await flush();
    expect(text()).toBe(lines.join(''));
    await flush();
    close();
  });

  it('has everything out when flushSync returns', () => {
    const { destination, text, close } = file({ maxDelayMs: 600_000 });
    destination.write('last words\n');
    destination.flushSync();
    expect(text()).toBe('last words\n');
    close();
  });

  it('drops what a slow reader leaves no room for, and says how much', async () => {
    const { destination, flush, text, close } = file({ maxDelayMs: 600_000, batchLength: 4, maxBuffered: 8 });
    destination.write('one\n');
    for (const line of ['two\n', 'three\n', 'four\n']) destination.write(line);
    await flush();
    const lines = text().trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual(['one', 'two']);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'warn', dropped: 2 });
    close();
  });

  it('swallows a destination that cannot be written', async () => {
    const fd = openSync('/dev/null', 'r');
    const destination = batchedDestination({ fd });
    destination.write('into the void\n');
    await new Promise<void>((resolve) => destination.flush(() => resolve()));
    expect(() => destination.flushSync()).not.toThrow();
    closeSync(fd);
  });
});

describe('a process that logs through it', () => {
  const script = (after: string) => `
    const { batchedDestination } = require(${JSON.stringify(bundle())});
    const destination = batchedDestination({ maxDelayMs: 600000 });
    for (let line = 0; line < 5000; line++) destination.write(line + '\\n');
    ${after}`;

  it.each(['by itself', 'by process.exit'])('loses nothing when it ends %s', (how) => {
    const after = how === 'by itself' ? '' : 'process.exit(0)';
    const ran = spawnSync(process.execPath, ['-e', script(after)], { encoding: 'utf8', timeout: 10_000 });
    expect(ran.status).toBe(0);
    const lines = ran.stdout.trimEnd().split('\n').map(Number);
    expect(lines.sort((a, b) => a - b)).toEqual(Array.from({ length: 5000 }, (_, line) => line));
  });

  it('goes on when its reader is gone', async () => {
    const after =
      "setTimeout(() => { destination.write('more'); destination.flush(() => process.exit(4)); }, 100)";
    const child = spawn(process.execPath, ['-e', script(after)], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.destroy();
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(4);
  });
});

let bundled: string | undefined;

/** The module as a file that a bare Node can load. */
function bundle(): string {
  if (bundled !== undefined) return bundled;
  const outfile = join(tempDir(), 'destination.cjs');
  const options = {
    entryPoints: [join(__dirname, 'destination.ts')],
    outfile,
    platform: 'node',
    format: 'cjs',
  };
  const script = `require(${JSON.stringify(require.resolve('esbuild'))}).buildSync(${JSON.stringify(options)})`;
  const built = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  return (bundled = outfile);
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Key {
  readonly path: string;
  readonly changed: boolean;
}

type Coverage = readonly Key[] | { readonly skipped: string };

async function coverage(...args: string[]): Promise<readonly Key[]> {
  const { stdout } = await run(process.execPath, [join(__dirname, 'coverage.mjs'), ...args], {
    maxBuffer: 16 << 20,
  });
  const result = JSON.parse(stdout) as Coverage;
  if ('skipped' in result) {
    process.stdout.write(`skipped: ${result.skipped}\n`);
    return [];
  }
  return result;
}

const charts = [
  'backend-api',
  'data-api',
  'emulators',
  'health-check',
  'http-demo',
  'kafka-consumer',
  'sqs-worker',
];

describe('values of the charts', () => {
  jest.setTimeout(180_000);
  const unchanged = new Map<string, number>();
  let seen = 0;

  it.each(charts)('of %s: each of its own keys changes something that is rendered', async (chart) => {
    const keys = await coverage(chart);
    if (keys.length === 0) return;
    seen += 1;
    const own = keys.filter(({ path }) => !path.startsWith('global.'));
    expect(own.length).toBeGreaterThan(150);
    expect(own.filter(({ changed }) => !changed).map(({ path }) => path)).toEqual([]);
    for (const { path, changed } of keys)
      if (path.startsWith('global.')) unchanged.set(path, (unchanged.get(path) ?? 0) + (changed ? 0 : 1));
  });

  it('each shared key changes something in some chart', () => {
    if (seen === 0) return;
    expect(unchanged.size).toBeGreaterThan(15);
    expect([...unchanged].filter(([, charts]) => charts === seen).map(([path]) => path)).toEqual([]);
  });

  it('a key that no template reads is found', async () => {
    const keys = await coverage('http-demo', '--sabotage');
    if (keys.length === 0) return;
    expect(keys.filter(({ changed, path }) => !changed && !path.startsWith('global.'))).toEqual([
      { path: 'unused', changed: false },
    ]);
  });
});

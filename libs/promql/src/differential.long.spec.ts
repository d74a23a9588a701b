import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, seededRandom, tempDir, waitFor } from '@scalelab/testing';
import { apiData, evaluate, labelKey, PromqlError, SampleStore, type Labels, type Semantics } from '.';
import { ExampleQueries } from './testing/example-queries';
import { beginMs, exampleSeries, spanMs } from './testing/example-series';
import { remoteWriteBody } from './testing/remote-write';

const queries = 400;
const version = /version (\d+)\./.exec(
  spawnSync('prometheus', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];
const semantics: Semantics = version === '2' ? 2 : 3;

interface Element {
  readonly metric: Labels;
  readonly value: readonly [number, string];
}

/** Elements by labels, or the number of a scalar, or the word of an error: what two engines must agree on. */
type Answer = 'error' | ReadonlyMap<string, number>;

function number(text: string): number {
  return text.endsWith('Inf') ? Number(`${text.startsWith('-') ? '-' : ''}Infinity`) : Number(text);
}

function answerOf(data: { readonly resultType: string; readonly result: unknown }): Answer {
  if (data.resultType === 'scalar')
    return new Map([['scalar', number((data.result as [number, string])[1])]]);
  return new Map((data.result as Element[]).map(({ metric, value }) => [labelKey(metric), number(value[1])]));
}

function same(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

function difference(ours: Answer, theirs: Answer): string | undefined {
  if (ours === 'error' || theirs === 'error')
    return ours === theirs ? undefined : `ours ${String(ours)}, Prometheus ${String(theirs)}`;
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const a = ours.get(key);
    const b = theirs.get(key);
    if (a === undefined || b === undefined || !same(a, b)) return `${key}: ours ${a}, Prometheus ${b}`;
  }
  return undefined;
}

describe(`against Prometheus ${version ?? '(skipped: no prometheus on this machine)'}`, () => {
  let server: ChildProcess | undefined;
  let url = '';
  const store = new SampleStore({ retentionMs: 2 * spanMs });

  beforeAll(async () => {
    if (!version) {
      process.stdout.write('skipped: no prometheus on this machine (Debian: apt-get install prometheus)\n');
      return;
    }
    const dir = tempDir();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    writeFileSync(join(dir, 'prometheus.yml'), 'scrape_configs: []\n');
    server = spawn(
      'prometheus',
      [
        `--config.file=${join(dir, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(dir, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    await waitFor(
      () =>
        fetch(`${url}/-/ready`).then(
          (r) => r.ok,
          () => false,
        ),
      { timeoutMs: 30_000, what: 'prometheus to be ready' },
    );
    const series = exampleSeries(seededRandom(1));
    for (const { labels, samples } of series) {
      for (const { timeMs, value } of samples) {
        const taken = value === null ? store.markStale(labels, timeMs) : store.append(labels, timeMs, value);
        if (!taken && value !== null) throw new Error('the store refused a sample');
      }
    }
    for (let at = 0; at < series.length; at += 10) {
      const response = await fetch(`${url}/api/v1/write`, {
        method: 'POST',
        headers: {
          'content-encoding': 'snappy',
          'content-type': 'application/x-protobuf',
          'x-prometheus-remote-write-version': '0.1.0',
        },
        body: remoteWriteBody(series.slice(at, at + 10)),
      });
      if (response.status !== 204)
        throw new Error(`remote write: ${response.status} ${await response.text()}`);
    }
  }, 60_000);

  afterAll(async () => {
    const ending = server;
    if (!ending) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGTERM');
    await gone;
  });

  async function theirs(query: string, timeMs: number): Promise<Answer> {
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query, time: String(timeMs / 1000) }),
    });
    const body = (await response.json()) as { status: string; data: { resultType: string; result: unknown } };
    return body.status === 'success' ? answerOf(body.data) : 'error';
  }

  function ours(query: string, timeMs: number): Answer {
    try {
      return answerOf(apiData(evaluate(query, store, timeMs, { semantics }), timeMs));
    } catch (error) {
      if (error instanceof PromqlError && error.code !== 'Unsupported') return 'error';
      throw error;
    }
  }

  (version ? it : it.skip)(
    `gives the same answer to ${queries} seeded queries`,
    async () => {
      const random = seededRandom(2);
      const examples = new ExampleQueries(random);
      const differences: string[] = [];
      let filled = 0;
      let errors = 0;
      for (let i = 0; i < queries; i++) {
        const query = examples.next();
        const timeMs = beginMs + random.int(0, spanMs + 400_000);
        const [a, b] = [ours(query, timeMs), await theirs(query, timeMs)];
        if (a === 'error') errors++;
        else if (a.size > 0) filled++;
        const found = difference(a, b);
        if (found) differences.push(`${query} @ ${timeMs}: ${found}`);
      }
      expect(differences).toEqual([]);
      // A generator of empty answers or errors would prove nothing.
      expect(filled).toBeGreaterThan(queries * 0.6);
      expect(errors).toBeLessThan(queries * 0.15);
    },
    120_000,
  );
});

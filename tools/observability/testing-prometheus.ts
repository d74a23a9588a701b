import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, tempDir, waitFor } from '@scalelab/testing';
import type { Expression } from './expression-list';

interface Answer {
  readonly data?: { readonly resultType: string; readonly result: readonly unknown[] };
  readonly error?: string;
}

/** A real Prometheus of a test's own, on a free port of this machine. */
export class RunningPrometheus {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Version of the Prometheus in PATH; undefined: there is none. */
  static readonly version = /version (\S+)/.exec(
    spawnSync('prometheus', ['--version'], { encoding: 'utf8' }).stdout ?? '',
  )?.[1];

  static async start(config: string): Promise<RunningPrometheus> {
    const folder = tempDir();
    const port = await freePort();
    writeFileSync(join(folder, 'prometheus.yml'), config);
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const prometheus = new RunningPrometheus(child, `http://127.0.0.1:${port}`);
    const ready = () =>
      fetch(`${prometheus.url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await waitFor(ready, { timeoutMs: 30_000, what: 'Prometheus' });
    return prometheus;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }

  /** Whether the expression has a value now. @throws for one that Prometheus refuses */
  async hasValue(expr: string): Promise<boolean> {
    const body = new URLSearchParams({ query: expr });
    const response = await fetch(`${this.url}/api/v1/query`, { method: 'POST', body });
    const { data, error } = (await response.json()) as Answer;
    if (!data) throw new Error(`${expr}: ${error}`);
    return data.resultType === 'scalar' || data.result.length > 0;
  }

  /** Asks all again and again until each had a value once; resolves to those that never had one. */
  async neverWithValue<E extends Expression>(
    expressions: readonly E[],
    { timeoutMs, everyMs = 3_000 }: { readonly timeoutMs: number; readonly everyMs?: number },
  ): Promise<E[]> {
    const end = Date.now() + timeoutMs;
    let left = [...expressions];
    for (;;) {
      const found = await Promise.all(left.map(({ expr }) => this.hasValue(expr)));
      left = left.filter((_, index) => !found[index]);
      if (left.length === 0 || Date.now() > end) return left;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

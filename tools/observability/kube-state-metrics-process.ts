import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, tempDir, waitFor } from '@scalelab/testing';
import { parse } from 'yaml';

interface Values {
  readonly 'kube-state-metrics': { readonly customResourceState: { readonly config: unknown } };
}

const candidates = [
  process.env['SCALELAB_KUBE_STATE_METRICS'] ?? '',
  ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'kube-state-metrics')),
  join(homedir(), '.cache/kube-state-metrics/kube-state-metrics'),
];

/** The real kube-state-metrics, with the configuration that clusters get, watching any Kubernetes API. */
export class KubeStateMetrics {
  /** Undefined: it is not on this machine. */
  static readonly path = candidates.find((file) => file !== '' && existsSync(file));

  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(
    apiserver: string,
    resources: readonly string[],
    valuesFile: string,
  ): Promise<KubeStateMetrics> {
    const values = parse(readFileSync(valuesFile, 'utf8')) as Values;
    const config = join(tempDir(), 'custom-resources.yaml');
    writeFileSync(config, JSON.stringify(values['kube-state-metrics'].customResourceState.config));
    const [port, telemetry] = [await freePort(), await freePort()];
    const child = spawn(
      KubeStateMetrics.path ?? 'kube-state-metrics',
      [
        `--apiserver=${apiserver}`,
        `--resources=${resources.join()}`,
        `--custom-resource-state-config-file=${config}`,
        ...[
          '--host=127.0.0.1',
          `--port=${port}`,
          '--telemetry-host=127.0.0.1',
          `--telemetry-port=${telemetry}`,
        ],
      ],
      { stdio: ['ignore', 'ignore', process.env['SCALELAB_LOUD'] ? 'inherit' : 'ignore'] },
    );
    const running = new KubeStateMetrics(child, `http://127.0.0.1:${port}/metrics`);
    await waitFor(
      () =>
        running.page().then(
          (page) => page.includes('kube_pod_info{') && page.includes('kube_scaledobject_'),
          () => false,
        ),
      {
        timeoutMs: 30_000,
        what: 'kube-state-metrics',
      },
    );
    return running;
  }

  async page(): Promise<string> {
    const response = await fetch(this.url);
    return response.text();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}

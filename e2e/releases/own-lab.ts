import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '@scalelab/kube';
import { ClusterApi } from './cluster-api';
import { typeOf } from './installer';

const root = join(__dirname, '../..');

/** A lab with nothing in it but its own add-ons, on ports that nobody else has. */
export class OwnLab {
  private constructor(
    private readonly child: ChildProcess,
    private readonly runDir: string,
    readonly kubeconfig: string,
  ) {}

  static async start(): Promise<OwnLab> {
    const runDir = mkdtempSync(join(tmpdir(), 'scalelab-e2e-'));
    const child = spawn(
      process.execPath,
      [join(root, 'apps/lab/dist/main.cjs'), '--no-defaults', '--control-fd', '3', '--run-dir', runDir],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] },
    );
    const lines = createInterface({ input: child.stdio[3] as Readable });
    const failed = once(child, 'close').then(([code]) => {
      throw new Error(`the lab ended by exit ${String(code)} before it was ready`);
    });
    // It ends sooner or later, which must not count as unhandled.
    failed.catch(() => undefined);
    const [line] = (await Promise.race([once(lines, 'line'), failed])) as [string];
    const lab = new OwnLab(child, runDir, (JSON.parse(line) as { kubeconfig: string }).kubeconfig);
    await lab.addOns();
    return lab;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.kill()) await once(this.child, 'close');
    rmSync(this.runDir, { recursive: true, force: true });
  }

  /** Where requests for InterceptorRoutes go in, but not on a port of this machine. */
  private async addOns(): Promise<void> {
    const api = new ClusterApi(this.kubeconfig);
    const file = readFileSync(join(root, 'apps/lab/add-ons/interceptor.yaml'), 'utf8');
    for (const document of parseAllDocuments(file)) {
      const object = document.toJS() as KubeObject | null;
      if (object === null) continue;
      const { annotations, ...metadata } = object.metadata;
      const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.includes('/host-port.'));
      await api.client.create(typeOf(object), {
        ...object,
        metadata: { ...metadata, annotations: Object.fromEntries(kept) },
      });
    }
    api.close();
  }
}

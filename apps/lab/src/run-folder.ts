import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of everything that dies with the lab: pods, logs, names, kubeconfig, recording. */
export class RunFolder {
  private constructor(readonly path: string) {}

  static make(path: string | null): RunFolder {
    if (path === null) return new RunFolder(mkdtempSync(join(tmpdir(), 'scalelab-')));
    mkdirSync(path, { recursive: true });
    return new RunFolder(path);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export const root = join(__dirname, '../../../..');

/** The command line as users run it: bundled, in a process of its own, from the root of the repository. */
export class BundledCli {
  readonly folder = mkdtempSync(join(tmpdir(), 'scalelab-cli-'));

  constructor() {
    buildSync({
      entryPoints: ['main.ts', 'sweep.entry.ts'].map((entry) => join(__dirname, '..', entry)),
      outdir: this.folder,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      logLevel: 'error',
    });
  }

  run(...args: readonly string[]): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(this.folder, 'main.cjs'), ...args], {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { code: status, out: stdout, err: stderr };
  }

  /** A file with that text, in the folder of the test. */
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fakes } from './fakes';

const root = join(__dirname, '../../..');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// Stands in for tools/images.mjs, which has specs of its own: what it is asked for is recorded as one call of docker.
const imagesStub = `import { spawnSync } from 'node:child_process';
const { status } = spawnSync('docker', ['images.mjs', ...process.argv.slice(2)], { stdio: ['ignore', 'inherit', 'inherit'] });
process.exit(status ?? 1);
`;

/** A clone of what the release needs, committed, so that tests may tag it and make it dirty. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'scalelab-release-'));
  private runs = 0;

  constructor() {
    for (const path of [
      'package.json',
      'charts',
      'tools/node.mjs',
      'tools/charts',
      'tools/images',
      'tools/release',
      'tools/release.mjs',
    ]) {
      mkdirSync(join(this.folder, path, '..'), { recursive: true });
      cpSync(join(root, path), join(this.folder, path), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (source) => !/\.spec\.ts$|rendered$/.test(source),
      });
    }
    writeFileSync(join(this.folder, 'tools/images.mjs'), imagesStub);
    writeFileSync(join(this.folder, '.gitignore'), '.cache\nnode_modules\nrun-*\n');
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('add', '--all');
    this.commit('first');
  }

  commit(message: string): void {
    const at = '2026-01-02T03:04:05Z';
    execFileSync(
      'git',
      [
        '-c',
        'user.name=t',
        '-c',
        'user.email=t@example.com',
        '-c',
        'commit.gpgsign=false',
        'commit',
        '--quiet',
        '--allow-empty',
        '-m',
        message,
      ],
      { cwd: this.folder, env: { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at } },
    );
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', [...args], { cwd: this.folder, encoding: 'utf8' }).trim();
  }

  fakes(programs?: readonly string[]): Fakes {
    this.runs += 1;
    return new Fakes(join(this.folder, `run-${this.runs}`), programs);
  }

  /** `node tools/release.mjs ...` with the fakes, git and sh in PATH and nothing else. */
  release(
    args: readonly string[],
    fakes: Fakes,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    return this.execute(process.execPath, ['tools/release.mjs', ...args], fakes, env);
  }

  execute(
    file: string,
    args: readonly string[],
    fakes: Fakes,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const tools = join(this.folder, 'run-tools');
    mkdirSync(tools, { recursive: true });
    for (const tool of ['git', 'sh', 'bash', 'cat', 'env', 'sed', 'tr', 'rm', 'touch'])
      try {
        symlinkSync(
          execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(),
          join(tools, tool),
        );
      } catch {
        // Linked before.
      }
    return new Promise((done) => {
      execFile(
        file,
        [...args],
        {
          cwd: this.folder,
          encoding: 'utf8',
          timeout: 240_000,
          maxBuffer: 16 << 20,
          env: { PATH: `${fakes.bin}:${tools}`, HOME: this.folder, ...env },
        },
        (error, stdout, stderr) =>
          done({
            code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
            stdout,
            stderr,
          }),
      );
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

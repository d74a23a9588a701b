import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tempDir, waitFor } from '@scalelab/testing';

const bundles = new Map<string, string>();

/** Bundles a TypeScript entry as the apps are bundled, once per test file. */
function bundle(entry: string): string {
  const known = bundles.get(entry);
  if (known !== undefined) return known;
  const outfile = join(tempDir('scalelab-program-'), 'main.cjs');
  const options = {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
  };
  // In a process of its own: esbuild refuses to run beside the globals of a test environment.
  const script = `require(${JSON.stringify(createRequire(__filename).resolve('esbuild'))}).buildSync(${JSON.stringify(options)})`;
  const built = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`cannot bundle ${entry}:\n${built.stderr}`);
  bundles.set(entry, outfile);
  return outfile;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program in a process of its own. */
export interface Program {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** JSON lines of standard output with this `msg`. */
  logged(msg: string): Record<string, unknown>[];
  /** The URL it listens on, once it does. */
  listening(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  exited(timeoutMs?: number): Promise<Exit>;
}

/** Starts an entry with nothing in its environment but PATH and what is given. Ends with the test process at the latest. */
export function startProgram(entry: string, env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(process.execPath, [bundle(entry)], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  let exit: Exit | undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  child.on('close', (code, signal) => (exit = { code, signal }));
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('close', () => process.off('exit', kill));

  const logged = (msg: string) =>
    text.stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.msg === msg);

  return {
    pid: child.pid ?? 0,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    logged,
    listening: async () => {
      await waitFor(() => exit !== undefined || logged('listening').length > 0, {
        timeoutMs: 15_000,
        what: 'the program to listen',
      });
      const [line] = logged('listening');
      if (!line) throw new Error(`the program ended before it listened:\n${text.stdout}${text.stderr}`);
      return `http://${String(line.host)}:${String(line.port)}`;
    },
    signal: (name) => void child.kill(name),
    exited: async (timeoutMs = 15_000) => {
      await waitFor(() => exit !== undefined, { timeoutMs, what: 'the program to exit' });
      return exit as Exit;
    },
  };
}

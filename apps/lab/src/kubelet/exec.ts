import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const longestOutput = 10 * 1024;

export interface ExecSpec {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** The whole process group is killed then. */
  readonly timeoutMs: number;
}

/**
 * Runs a command beside a container's program, with its environment.
 * @throws Error when it cannot start or runs out of time
 */
export function execCommand(spec: ExecSpec): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = spec.words;
    const child = spawn(program, args, {
      cwd: spec.folder,
      env: spec.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      if (output.length < longestOutput) output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const killGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // No member is left.
      }
    };
    const timer = setTimeout(() => {
      killGroup();
      reject(new Error(`command "${spec.words.join(' ')}" timed out`));
    }, spec.timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      killGroup();
      resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), output });
    });
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';

export interface ProcessSpec {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Output of both streams is appended here by the program itself, not through the lab. */
  readonly logFile: string;
}

export interface ProcessExit {
  /** As a container runtime gives it: 128 + signal when a signal ended it. */
  readonly exitCode: number;
  /** Why it never started. */
  readonly startError?: string;
}

/** A program in a process group of its own. */
export class ContainerProcess {
  private constructor(
    private readonly child: ChildProcess | undefined,
    readonly exited: Promise<ProcessExit>,
  ) {}

  /** Starts it; a program that cannot start has no `pid` and exits with a `startError`. */
  static start(spec: ProcessSpec): ContainerProcess {
    try {
      const child = spawnInto(spec);
      return new ContainerProcess(child, exitOf(child));
    } catch (error) {
      const startError = error instanceof Error ? error.message : String(error);
      return new ContainerProcess(undefined, Promise.resolve({ exitCode: 128, startError }));
    }
  }

  /** Process id and process group id. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Signals the first process alone, as a container runtime does. */
  signal(signal: NodeJS.Signals): void {
    const { child } = this;
    if (child?.exitCode === null && child.signalCode === null) child.kill(signal);
  }

  killGroup(): void {
    if (this.pid !== undefined) killGroup(this.pid);
  }
}

function spawnInto({ environment, folder, logFile, words }: ProcessSpec): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o640);
  try {
    const [program = '', ...args] = words;
    return spawn(program, args, {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ exitCode: 128, startError: error.message }));
    child.once('exit', (code, signal) => {
      // The first process is the container: what it left behind ends with it.
      if (child.pid !== undefined) killGroup(child.pid);
      resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
    });
  });
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // No member is left.
  }
}

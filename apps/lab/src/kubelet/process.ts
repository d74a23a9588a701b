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
  readonly exited: Promise<ProcessExit>;

  private constructor(private readonly child: ChildProcess) {
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve({ exitCode: 128, startError: error.message }));
      child.once('exit', (code, signal) => {
        // The first process is the container: what it left behind ends with it.
        this.killGroup();
        resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
      });
    });
  }

  /** Starts it; a program that cannot start has no `pid` and exits with a `startError`. */
  static start(spec: ProcessSpec): ContainerProcess {
    mkdirSync(dirname(spec.logFile), { recursive: true });
    const log = openSync(spec.logFile, 'a', 0o640);
    try {
      const [program = '', ...args] = spec.words;
      const child = spawn(program, args, {
        cwd: spec.folder,
        env: spec.environment,
        detached: true,
        stdio: ['ignore', log, log],
      });
      return new ContainerProcess(child);
    } finally {
      closeSync(log);
    }
  }

  /** Process id and process group id. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Signals the first process alone, as a container runtime does. */
  signal(signal: NodeJS.Signals): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
  }

  killGroup(): void {
    if (this.pid === undefined) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // No member is left.
    }
  }
}

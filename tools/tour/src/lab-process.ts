import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** What the lab says once its API answers. */
export interface LabReady {
  readonly kubeconfig: string;
  readonly recording: string;
  readonly runDir: string;
  readonly url: string;
}

export interface LabOptions {
  readonly root: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The lab ended without being asked to. */
  readonly onDeath: (how: string) => void;
  /** Something stands in the lab's way, such as a port in use. */
  readonly onProblem: (text: string) => void;
}

/** The lab as a child process. Its control pipe is its life line: when this process dies, the lab stops everything and itself. */
export class LabProcess {
  private stopping = false;
  private readonly stderr: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    readonly ready: LabReady,
  ) {}

  static async start({ root, args, env, onDeath, onProblem }: LabOptions): Promise<LabProcess> {
    const child = spawn(
      process.execPath,
      ['--max-semi-space-size=16', join(root, 'apps/lab/dist/main.cjs'), '--control-fd', '3', ...args],
      {
        // A process group of its own: the terminal's Ctrl-C reaches the tour alone, which stops the lab in order.
        detached: true,
        stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
        env: { ...env },
      },
    );
    const stderr: string[] = [];
    createInterface({ input: child.stderr as Readable }).on('line', (line) => {
      stderr.push(line);
      if (stderr.length > 50) stderr.shift();
    });
    const control = child.stdio[3] as Readable & Writable;
    control.on('error', () => undefined);
    const ready = await firstAnswer(child, control, stderr, onProblem);
    const lab = new LabProcess(child, ready);
    lab.stderr.push(...stderr);
    child.on('exit', (code, signal) => {
      if (!lab.stopping)
        onDeath(
          `the lab ended by ${signal ?? `exit ${code}`}${stderr.length > 0 ? `: ${stderr.slice(-3).join(' | ')}` : ''}`,
        );
    });
    return lab;
  }

  /** Ends pods, emulators and the lab in order. Resolves to the lab's exit code. */
  async stop(timeoutMs = 45_000): Promise<number> {
    this.stopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode ?? 1;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), timeoutMs);
    await exited;
    clearTimeout(timer);
    return this.child.exitCode ?? 1;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }
}

async function firstAnswer(
  child: ChildProcess,
  control: Readable,
  stderr: readonly string[],
  onProblem: (text: string) => void,
): Promise<LabReady> {
  const answered = Promise.withResolvers<LabReady>();
  createInterface({ input: control }).on('line', (line) => {
    const message = JSON.parse(line) as ({ kind: 'ready' } & LabReady) | { kind: 'problem'; text: string };
    if (message.kind === 'ready') answered.resolve(message);
    else onProblem(message.text);
  });
  child.once('error', answered.reject);
  child.once('close', (code, signal) =>
    answered.reject(
      new LabFailed(
        stderr.length > 0
          ? stderr.join('\n')
          : `the lab ended by ${signal ?? `exit ${code}`} before it was ready`,
        code ?? 1,
      ),
    ),
  );
  return answered.promise;
}

/** The lab said why it cannot start; `exitCode` is its own. */
export class LabFailed extends Error {
  override readonly name = 'LabFailed';
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

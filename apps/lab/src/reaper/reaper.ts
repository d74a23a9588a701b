import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { ReaperMessage } from './message';

export interface ReaperOptions {
  /** The bundled reaper. */
  readonly entry: string;
  /** Default: the Node that runs the lab. */
  readonly node?: string;
  /** Removed when the lab is gone. */
  readonly paths: readonly string[];
  /** Processes with this in their environment are ended when the lab is gone. */
  readonly mark?: { readonly name: string; readonly value: string };
  /** The reaper ended although the lab lives; it has been started again. */
  readonly onRestart?: () => void;
}

const mostRestarts = 10;

/** The lab's end of the reaper: a process that lives only to clear up when the lab is gone. */
export class Reaper {
  private readonly groups = new Set<number>();
  private child: ChildProcess | undefined;
  private released = false;
  private restarts = 0;

  constructor(private readonly options: ReaperOptions) {
    this.start();
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Fits `KubeletOptions.onGroup`. */
  readonly note = (event: 'started' | 'ended', group: number): void => {
    if (event === 'started') this.watch(group);
    else this.forget(group);
  };

  watch(group: number): void {
    this.groups.add(group);
    this.tell({ group });
  }

  forget(group: number): void {
    this.groups.delete(group);
    this.tell({ gone: group });
  }

  /** Lets the reaper do its work and end; resolves when it has. */
  release(): Promise<void> {
    this.released = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.stdin?.end();
    });
  }

  private start(): void {
    const { entry, mark, node, paths } = this.options;
    // In a session of its own: a signal to the lab's group does not reach it.
    const child = spawn(
      node ?? process.execPath,
      ['--max-old-space-size=16', '--max-semi-space-size=1', entry],
      {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
        cwd: '/',
        env: { PATH: process.env['PATH'] ?? '' },
      },
    );
    this.child = child;
    // A broken pipe is the same news as `exit`, which follows.
    child.stdin.on('error', () => undefined);
    child.once('exit', () => this.restart());
    child.once('error', () => undefined);
    child.unref();
    (child.stdin as Writable & { unref?: () => void }).unref?.();
    for (const path of paths) this.tell({ path });
    if (mark) this.tell({ mark });
    for (const group of this.groups) this.tell({ group });
  }

  private restart(): void {
    // An entry that cannot run at all must not be tried for ever.
    if (this.released || this.restarts++ >= mostRestarts) return;
    this.options.onRestart?.();
    this.start();
  }

  private tell(message: ReaperMessage): void {
    this.child?.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

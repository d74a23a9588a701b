import { Socket } from 'node:net';

export interface LabReadyMessage {
  readonly kubeconfig: string;
  readonly recording: string;
  readonly runDir: string;
  readonly url: string;
}

/** The lab's tie to whoever started it: tells that it is ready, learns that it has to end. */
export class LabControl {
  /** Resolves at SIGTERM, SIGINT or SIGHUP, or when the other end of the control pipe is gone. A second signal ends at once. */
  readonly ended: Promise<void>;
  private readonly pipe: Socket | undefined;

  constructor(fd: number | null) {
    const end = Promise.withResolvers<void>();
    this.ended = end.promise;
    let asked = false;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // The reaper clears up behind an exit as well.
        if (asked) process.exit(130);
        asked = true;
        end.resolve();
      });
    }
    if (fd === null) return;
    this.pipe = new Socket({ fd, readable: true, writable: true });
    this.pipe.on('end', end.resolve).on('close', end.resolve).on('error', end.resolve);
    this.pipe.resume();
  }

  /** Something outside the lab stands in its way, such as a port in use. */
  problem(text: string): void {
    if (this.pipe) this.pipe.write(`${JSON.stringify({ kind: 'problem', text })}\n`);
    else process.stderr.write(`${text}\n`);
  }

  ready(message: LabReadyMessage): void {
    const line = `${JSON.stringify({ kind: 'ready', ...message })}\n`;
    if (this.pipe) this.pipe.write(line);
    else process.stdout.write(`lab ready: ${message.url}\nKUBECONFIG=${message.kubeconfig}\n`);
  }
}

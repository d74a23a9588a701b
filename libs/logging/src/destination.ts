import { write, writeSync } from 'node:fs';

/** Where log lines go. `flush` calls back when all that was written before is out. */
export interface LogDestination {
  write(line: string): void;
  flush?(done?: (error?: Error) => void): void;
  flushSync?(): void;
}

export interface BatchedDestinationOptions {
  /** File descriptor; default 1, standard output. */
  readonly fd?: number;
  /** Longest time that a line waits before it is written, in milliseconds; default 50. A SIGKILL loses at most this. */
  readonly maxDelayMs?: number;
  /** Characters after which a batch is written at once; default 16,384. */
  readonly batchLength?: number;
  /** Characters kept while the reader is slow; lines beyond are dropped and their number is logged. Default 16 Mi. */
  readonly maxBuffered?: number;
}

/** Pause before a full pipe is tried again, in milliseconds. */
const retryMs = 20;
/** On a non-blocking pipe a reader that does not read must not keep a process from ending. */
const retriesAtExit = 10;

/**
 * Writes lines in batches without blocking the event loop: one write for many lines, one at a time so that they keep
 * their order, and no timer while nothing is logged. What is left is written when the process exits; on a blocking pipe
 * that waits for a reader that has stalled, as every program's last words do.
 */
export function batchedDestination(options: BatchedDestinationOptions = {}): Required<LogDestination> {
  const { fd = 1, maxDelayMs = 50, batchLength = 16_384, maxBuffered = 16 * 1_048_576 } = options;
  let batch = '';
  let timer: NodeJS.Timeout | undefined;
  /** What the write under way has still to write. */
  let writing: Buffer | undefined;
  let dropped = 0;
  let readerGone = false;
  let waiting: (() => void)[] = [];

  function next(): void {
    clearTimeout(timer);
    timer = undefined;
    if (writing) return;
    if (batch !== '') {
      writing = Buffer.from(batch);
      batch = '';
      writeOn();
      return;
    }
    const done = waiting;
    waiting = [];
    for (const call of done) call();
  }

  function writeOn(): void {
    const chunk = writing as Buffer;
    write(fd, chunk, 0, chunk.length, null, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(writeOn, retryMs);
        return;
      }
      // Any other error is for good: a pipe without a reader, a full disk. A service goes on without its log.
      if (error) readerGone = true;
      writing = error || written === chunk.length ? undefined : chunk.subarray(written);
      if (writing) writeOn();
      else {
        tellDropped();
        next();
      }
    });
  }

  function tellDropped(): void {
    if (dropped === 0) return;
    batch += `{"level":"warn","time":"${new Date().toISOString()}","dropped":${dropped},"msg":"log lines were dropped"}\n`;
    dropped = 0;
  }

  const destination = {
    write(line: string) {
      if (readerGone) return;
      if (batch.length + line.length > maxBuffered) {
        dropped++;
        return;
      }
      batch += line;
      if (batch.length >= batchLength) next();
      else timer ??= setTimeout(next, maxDelayMs).unref();
    },
    flush(done?: (error?: Error) => void) {
      waiting.push(() => done?.());
      next();
    },
    flushSync() {
      // What is being written already is finished by the thread that does it.
      const rest = Buffer.from(batch);
      batch = '';
      let from = 0;
      for (let retries = 0; from < rest.length && retries < retriesAtExit;) {
        try {
          from += writeSync(fd, rest, from);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
          retries++;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
        }
      }
    },
  };
  process.once('exit', () => destination.flushSync());
  return destination;
}

import { pino } from 'pino';

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
  /** Characters kept in memory while the reader is slow, after which new lines are dropped; default 16 Mi. */
  readonly maxBuffered?: number;
}

/**
 * Writes lines in batches without blocking the event loop: one write per batch instead of one per line, and no timer
 * while nothing is logged. What is left is written when the process exits.
 */
export function batchedDestination(options: BatchedDestinationOptions = {}): Required<LogDestination> {
  const { fd = 1, maxDelayMs = 50, batchLength = 16_384, maxBuffered = 16 * 1_048_576 } = options;
  let exiting = false;
  let retries = 0;
  const stream = pino.destination({
    dest: fd,
    sync: false,
    maxLength: maxBuffered,
    // A reader that does not read must not keep the process from ending.
    retryEAGAIN: () => !exiting || ++retries <= 3,
  });
  let batch = '';
  let timer: NodeJS.Timeout | undefined;

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const lines = batch;
    batch = '';
    if (lines !== '') stream.write(lines);
  }

  const destination = {
    write(line: string) {
      batch += line;
      if (batch.length >= batchLength) send();
      else timer ??= setTimeout(send, maxDelayMs).unref();
    },
    flush(done?: (error?: Error) => void) {
      send();
      stream.flush((error?: Error) => done?.(error));
    },
    flushSync() {
      send();
      stream.flushSync();
    },
  };
  process.once('exit', () => {
    exiting = true;
    try {
      destination.flushSync();
    } catch {
      // The reader of a pipe may be gone; there is nobody left to tell.
    }
  });
  return destination;
}

import { copyFile, stat, truncate } from 'node:fs/promises';
import type { Scheduler } from '@scalelab/kube';

export interface LogKeeperOptions {
  readonly scheduler: Scheduler;
  /** Logs that are being written. */
  readonly files: () => Iterable<string>;
  /** A log that is longer is cut. */
  readonly limitBytes: number;
  readonly onError: (error: unknown) => void;
}

const everyMs = 5_000;

/**
 * Keeps logs from filling the disk: one over the limit moves to `<file>.1`, over the one before, and starts again empty. Programs
 * write to the file themselves, appending, so it is copied and cut: lines written in that instant are lost.
 */
export class LogKeeper {
  private cancel: () => void = () => undefined;
  private stopped = false;

  constructor(private readonly options: LogKeeperOptions) {}

  start(): void {
    const { scheduler } = this.options;
    this.cancel = scheduler.wakeAt(scheduler.now() + everyMs, () => {
      void this.check().finally(() => {
        if (!this.stopped) this.start();
      });
    });
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  async check(): Promise<void> {
    for (const file of this.options.files()) {
      try {
        if ((await stat(file)).size <= this.options.limitBytes) continue;
        await copyFile(file, `${file}.1`);
        await truncate(file);
      } catch (error) {
        this.options.onError(error);
      }
    }
  }
}

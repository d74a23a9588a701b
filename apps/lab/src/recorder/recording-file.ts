import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeLine, type HeaderLine, type TimedLine } from '@scalelab/recording';

type Untimed<L> = L extends unknown ? Omit<L, 't'> : never;

/** A line without its time. */
export type UntimedLine = Untimed<TimedLine>;

/** How long lines wait to be written together, ms: the table redraws twice a second. */
const lingerMs = 100;

/** Appends lines to a recording; what is written survives the death of the lab. */
export class RecordingFile {
  private readonly descriptor: number;
  private readonly startedAtMs: number;
  private pending = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(path: string, header: HeaderLine) {
    this.startedAtMs = Date.parse(header.startedAt);
    this.descriptor = openSync(path, 'w');
    writeSync(this.descriptor, encodeLine(header));
  }

  /** `atMs`: epoch milliseconds of what is recorded. */
  write(atMs: number, line: UntimedLine): void {
    const timed = { t: (atMs - this.startedAtMs) / 1_000, ...line } as TimedLine;
    this.pending += encodeLine(timed);
    this.timer ??= setTimeout(() => this.flush(), lingerMs);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending === '') return;
    const text = this.pending;
    this.pending = '';
    writeSync(this.descriptor, text);
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }
}

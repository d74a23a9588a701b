import { type FSWatcher, watch } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Follows a file of lines while another process writes it, and hands over whole lines in order. */
export class RecordingTail {
  private position = 0;
  private rest = '';
  private reading: Promise<void> = Promise.resolve();
  private watcher: FSWatcher | undefined;
  private file: FileHandle | undefined;
  private readonly buffer = Buffer.alloc(1 << 16);

  constructor(
    private readonly path: string,
    private readonly onLine: (line: string) => void,
  ) {}

  async start(): Promise<void> {
    this.file = await open(this.path, 'r');
    this.watcher = watch(this.path, () => this.schedule());
    this.schedule();
  }

  /** Reads what is there by now; resolves when it has been handed over. */
  async catchUp(): Promise<void> {
    this.schedule();
    await this.reading;
  }

  async stop(): Promise<void> {
    this.watcher?.close();
    await this.reading;
    await this.file?.close();
    this.file = undefined;
  }

  private schedule(): void {
    this.reading = this.reading.then(() => this.read());
  }

  private async read(): Promise<void> {
    const { file } = this;
    if (!file) return;
    for (;;) {
      const { bytesRead } = await file.read(this.buffer, 0, this.buffer.length, this.position);
      if (bytesRead === 0) return;
      this.position += bytesRead;
      const lines = (this.rest + this.buffer.toString('latin1', 0, bytesRead)).split('\n');
      this.rest = lines.pop() ?? '';
      // Cut as latin1 so that no character is torn between two reads; decoded a whole line at a time.
      for (const line of lines) if (line !== '') this.onLine(Buffer.from(line, 'latin1').toString('utf8'));
    }
  }
}

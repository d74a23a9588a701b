import {
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const openFlags = constants.O_RDWR | constants.O_CREAT;

/** A segment's file, named by its first offset. Written with plain writes: kept through a kill of the process. */
export class SegmentFile {
  private descriptor: number | undefined;

  constructor(
    readonly path: string,
    readonly baseOffset: number,
  ) {}

  static at(folder: string, baseOffset: number): SegmentFile {
    const file = new SegmentFile(join(folder, `${String(baseOffset).padStart(20, '0')}.log`), baseOffset);
    file.open();
    return file;
  }

  /** The folder's segment files in order of their offsets. */
  static list(folder: string): SegmentFile[] {
    return readdirSync(folder)
      .filter((name) => /^\d{20}\.log$/.test(name))
      .sort()
      .map((name) => new SegmentFile(join(folder, name), Number(name.slice(0, 20))));
  }

  read(): Buffer {
    return readFileSync(this.path);
  }

  append(bytes: Buffer, position: number): void {
    const descriptor = this.open();
    for (let written = 0; written < bytes.length;) {
      written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
    }
  }

  truncate(size: number): void {
    ftruncateSync(this.open(), size);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  private open(): number {
    // Not append mode: there a positioned write would go to the end whatever its position.
    this.descriptor ??= openSync(this.path, openFlags);
    return this.descriptor;
  }
}

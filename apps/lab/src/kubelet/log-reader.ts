import { open, type FileHandle } from 'node:fs/promises';
import type { Scheduler } from '@scalelab/kube';
import { wait } from './wait';

export interface LogOptions {
  /** Only so many lines from the end; 0 = none of the old ones. Default all. */
  readonly tailLines?: number;
  /** Stop after so many bytes. Default no limit. */
  readonly limitBytes?: number;
  /** Go on with what is written later, until `ended` or the signal says stop. Default false. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

const chunkBytes = 64 * 1024;
/** How often a followed log is looked at, ms. */
const followEveryMs = 100;

/**
 * The content of a log file.
 * @param ended whether nothing will be written any more
 * @throws the file system's error when there is no such file
 */
export async function* readLog(
  path: string,
  options: LogOptions,
  ended: () => boolean,
  scheduler: Scheduler,
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    let position = options.tailLines === undefined ? 0 : await startOfTail(file, options.tailLines);
    let left = options.limitBytes ?? Infinity;
    while (left > 0 && !options.signal?.aborted) {
      const last = ended();
      // Cut since the last look: go on with what is written from here.
      if (options.follow && (await file.stat()).size < position) position = 0;
      const { bytesRead, buffer } = await file.read(
        Buffer.allocUnsafe(chunkBytes),
        0,
        Math.min(chunkBytes, left),
        position,
      );
      position += bytesRead;
      left -= bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (!options.follow || last) return;
      else await wait(scheduler, followEveryMs, options.signal);
    }
  } finally {
    await file.close();
  }
}

/** Offset of the first of the last `lines` lines. */
async function startOfTail(file: FileHandle, lines: number): Promise<number> {
  const { size } = await file.stat();
  if (lines <= 0) return size;
  let wanted = lines;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunkBytes);
    const { buffer } = await file.read(Buffer.allocUnsafe(end - start), 0, end - start, start);
    for (let i = buffer.length - 1; i >= 0; i--) {
      // The newline that ends the last line starts no further one.
      if (buffer[i] !== 0x0a || start + i === size - 1) continue;
      if (--wanted === 0) return start + i + 1;
    }
    end = start;
  }
  return 0;
}

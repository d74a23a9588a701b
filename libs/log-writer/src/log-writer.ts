import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, causeChain } from '@scalelab/errors';
import { randomMessage } from './random-message';

export interface LogWriterOptions {
  /** Folder of the files; made when missing, also when it goes missing later. */
  readonly dir: string;
  /** Numbers from 0 up to, not including, 1; default Math.random. */
  readonly random?: () => number;
  /** Milliseconds since the Unix epoch; default Date.now. */
  readonly now?: () => number;
}

export interface WrittenLog {
  readonly message: string;
  /** Full path. */
  readonly file: string;
}

export interface LogWriter {
  /** Makes the folder; call it at start, so that a folder that cannot be made is told then. */
  prepare(): Promise<void>;
  /** Writes one random message to one new file. */
  write(): Promise<WrittenLog>;
}

const attempts = 5;

export function createLogWriter({ dir, random = Math.random, now = Date.now }: LogWriterOptions): LogWriter {
  async function prepare(): Promise<void> {
    try {
      await mkdir(dir, { recursive: true });
    } catch (error) {
      throw new AppError(
        'Internal',
        `the folder ${dir} cannot be made (${causeChain(error)}); set LOG_DIR to a folder that this user may write`,
        { cause: error },
      );
    }
  }

  /** The time sorts the files, the suffix keeps those of one millisecond and of several replicas apart. */
  function newFile(): string {
    const stamp = new Date(now()).toISOString().replaceAll(':', '-');
    const suffix = Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, '0');
    return join(dir, `log_${stamp}_${suffix}.log`);
  }

  async function write(): Promise<WrittenLog> {
    const message = randomMessage(random);
    for (let attempt = 1; ; attempt++) {
      const file = newFile();
      try {
        await writeFile(file, `${message}\n`, { flag: 'wx' });
        return { message, file };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (attempt === attempts || (code !== 'EEXIST' && code !== 'ENOENT')) {
          throw new AppError('Internal', 'the log message could not be written', {
            cause: error,
            context: { file },
          });
        }
        if (code === 'ENOENT') await prepare();
      }
    }
  }

  return { prepare, write };
}

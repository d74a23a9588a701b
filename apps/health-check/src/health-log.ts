import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, causeChain } from '@scalelab/errors';

export interface HealthLog {
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file for appending, its folder made when missing. Before the checks: a file that cannot be written should
 * be told even when a check hangs.
 */
export async function openHealthLog(path: string): Promise<HealthLog> {
  const told = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw new AppError('Internal', `HEALTH_LOG_FILE ${path} cannot be written: ${causeChain(error)}`, {
        cause: error,
      });
    });
  await told(mkdir(dirname(path), { recursive: true }));
  const file = await told(open(path, 'a'));
  return {
    append: async (line) => {
      await told(file.appendFile(`${line}\n`));
    },
    close: () => file.close(),
  };
}

import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerError } from '../broker-error';

export interface DataDirLock {
  release(): Promise<void>;
}

/**
 * Keeps a second broker of this machine off the folder. The lock is a local socket: the kernel lets go of it however the process
 * ends, so that a killed broker leaves nothing to clean up.
 * @throws BrokerError `DataDirInUse`.
 */
export async function lockDataDir(folder: string): Promise<DataDirLock> {
  mkdirSync(folder, { recursive: true });
  const name = `scalelab-kafka-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32)}`;
  // Linux has names outside of the file system; elsewhere a killed broker's file stays and is found dead.
  const path = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
  const inUse = new BrokerError('DataDirInUse', `${folder} is in use by another broker`);
  const server = createServer((socket) => socket.destroy());
  const listen = () =>
    new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(path, () => resolve(true));
    });
  if (!(await listen())) {
    if (process.platform === 'linux' || (await answers(path))) throw inUse;
    rmSync(path, { force: true });
    if (!(await listen())) throw inUse;
  }
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

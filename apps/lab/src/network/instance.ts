import { createServer, type Server } from 'node:net';

const firstInstance = 64;
const instances = 64;
const lockPort = 10_064;

/** A lab's claim on one 127.N.0.0/16 of this machine, held until released or until the process ends, however it ends. */
export interface InstanceClaim {
  /** 0..63 */
  readonly instance: number;
  /** `127.64.` for instance 0. */
  readonly prefix: string;
  release(): Promise<void>;
}

/**
 * Claims the lowest free instance number (or exactly `wanted`). The lock is a listening socket, not a file: the system frees it the
 * moment its process dies, and it holds between users that cannot see each other's files.
 * @throws Error when all are taken
 */
export async function claimInstance(range: boolean, wanted?: number): Promise<InstanceClaim> {
  const numbers = wanted === undefined ? Array.from({ length: instances }, (_, n) => n) : [wanted];
  for (const instance of numbers) {
    const prefix = `127.${firstInstance + instance}.`;
    const server = await tryListen(
      range ? { host: `${prefix}255.254`, port: lockPort } : { host: '127.0.0.1', port: lockPort + instance },
    );
    if (!server) continue;
    server.unref();
    return {
      instance,
      prefix,
      release: () => new Promise((resolve) => server.close(() => resolve())),
    };
  }
  throw new Error(
    wanted === undefined
      ? `no free lab instance: ${instances} labs run on this machine already`
      : `lab instance ${wanted} is taken by another lab on this machine`,
  );
}

/** Whether this machine answers on all of 127.0.0.0/8 without being told to. */
export async function hasLoopbackRange(): Promise<boolean> {
  const server = await tryListen({ host: '127.127.255.253', port: 0 });
  if (!server) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

function tryListen(target: { host: string; port: number }): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ ...target, exclusive: true }, () => resolve(server));
  });
}

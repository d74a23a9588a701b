import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A TCP endpoint of this machine. */
export interface RealAddress {
  readonly host: string;
  readonly port: number;
}

/** How the lab's addresses come to life on this machine; the same in the lab, the interceptor and every pod. */
export interface AddressPlan {
  /** Folder of the book, shared by all processes of one lab. */
  readonly directory: string;
  /** First two bytes of every pod and Service address with the dot behind them, for example `127.64.`. */
  readonly prefix: string;
  /** True when this machine answers on all of 127.0.0.0/8 (Linux); false when only 127.0.0.1 exists (macOS). */
  readonly range: boolean;
  /** The lowest port that this user may bind; 0 for root. */
  readonly lowestPort: number;
}

export interface Entry extends RealAddress {
  /** Process that listens, or 0 when not known. */
  readonly pid: number;
}

/**
 * Which real port stands behind a (lab address, port). An entry is a symbolic link `<address>/<port>` that points to `host:port:pid`:
 * made and replaced in one step, read with one system call, and no reader can see half of it.
 */
export class AddressBook {
  constructor(readonly plan: AddressPlan) {}

  /** Whether an address is one that this lab gave away. */
  owns(address: string): boolean {
    return address.startsWith(this.plan.prefix);
  }

  /** Where to bind so that (address, port) is served; port 0 = let the system choose and `enter` the result. */
  bindTarget(address: string, port: number): RealAddress {
    if (!this.plan.range) return { host: '127.0.0.1', port: 0 };
    return { host: address, port: port !== 0 && port < this.plan.lowestPort ? 0 : port };
  }

  enter(address: string, port: number, real: RealAddress, pid = process.pid): void {
    const folder = join(this.plan.directory, address);
    mkdirSync(folder, { recursive: true });
    const temporary = join(folder, `.${port}.${pid}`);
    rmSync(temporary, { force: true });
    symlinkSync(`${real.host}:${real.port}:${pid}`, temporary);
    renameSync(temporary, join(folder, String(port)));
  }

  lookup(address: string, port: number): Entry | undefined {
    return parseEntry(readLink(join(this.plan.directory, address, String(port))));
  }

  /**
   * Where to connect for (address, port). Without an entry it is the address itself; undefined where that address cannot exist on
   * this machine, so that nothing can be listening.
   */
  connectTarget(address: string, port: number): RealAddress | undefined {
    const entry = this.lookup(address, port);
    if (entry) return { host: entry.host, port: entry.port };
    return this.plan.range ? { host: address, port } : undefined;
  }

  /** Takes back one entry; only that of `pid` when given, so that a late exit cannot remove a successor's. */
  leave(address: string, port: number, pid?: number): void {
    if (pid !== undefined && this.lookup(address, port)?.pid !== pid) return;
    removeFile(join(this.plan.directory, address, String(port)));
  }

  /** Takes back all entries of an address. */
  leaveAll(address: string): void {
    rmSync(join(this.plan.directory, address), { recursive: true, force: true });
  }

  /** Takes back the entries of an address whose processes ended without doing so: their real ports may be somebody else's soon. */
  leaveDead(address: string): void {
    for (const port of this.ports(address)) {
      const entry = this.lookup(address, port);
      if (entry && entry.pid !== 0 && !isAlive(entry.pid)) this.leave(address, port, entry.pid);
    }
  }

  /** Ports entered for an address. */
  ports(address: string): number[] {
    try {
      return readdirSync(join(this.plan.directory, address))
        .filter((name) => !name.startsWith('.'))
        .map(Number);
    } catch {
      return [];
    }
  }
}

/** The target of a link, or undefined when there is none. */
export function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already.
  }
}

function parseEntry(text: string | undefined): Entry | undefined {
  if (text === undefined) return undefined;
  const [host, port, pid] = text.split(':');
  return host === undefined || port === undefined
    ? undefined
    : { host, port: Number(port), pid: Number(pid) };
}

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const listening = '0A';
const wildcard = /^0+$/;

/** Inodes of the sockets that listen on every address at a port (Linux; nothing elsewhere). */
export function wildcardListeners(port: number): Set<string> {
  const inodes = new Set<string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text: string;
    try {
      text = readFileSync(file, 'latin1');
    } catch {
      continue;
    }
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const [address, hexPort] = (fields[1] ?? '').split(':');
      if (fields[3] !== listening || !wildcard.test(address ?? '') || parseInt(hexPort ?? '', 16) !== port)
        continue;
      inodes.add(fields[9] ?? '');
    }
  }
  return inodes;
}

/** Whether one of the processes holds one of the sockets. */
export function holdsSocket(pids: readonly number[], inodes: ReadonlySet<string>): boolean {
  return pids.some((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => {
        const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
        return inode !== undefined && inodes.has(inode);
      });
    } catch {
      return false;
    }
  });
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
